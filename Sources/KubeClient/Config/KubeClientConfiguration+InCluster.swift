import KubeAPI

extension KubeClientConfiguration {
    /// The API server of the cluster that this process is a Pod of, with its ServiceAccount's token (rest.InClusterConfig
    /// of client-go).
    ///
    /// - Throws: `KubeConfigError` where this is no Pod, or its token cannot be read.
    package static func inCluster(
        environment: [String: String], serviceAccount: ServiceAccountFiles = ServiceAccountFiles()
    ) throws(KubeConfigError) -> KubeClientConfiguration {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let portText = environment["KUBERNETES_SERVICE_PORT"], !portText.isEmpty
        else {
            throw KubeConfigError(
                entry: "in-cluster configuration",
                problem: "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: not a Pod of a cluster")
        }
        guard let port = Int(portText), (1...65535).contains(port) else {
            throw KubeConfigError(
                entry: "in-cluster configuration", field: "KUBERNETES_SERVICE_PORT",
                problem: "'\(portText.quotable)' is not a port")
        }
        var configuration = KubeClientConfiguration(server: KubeServer(usesTLS: true, host: host, port: port))
        configuration.origin = "in-cluster configuration"
        do {
            _ = try TokenFile.read(serviceAccount.token)
        } catch {
            throw KubeConfigError(entry: "in-cluster configuration", field: "token", problem: "\(error)")
        }
        configuration.credentials = .tokenFile(path: serviceAccount.token, otherwise: nil)
        do {
            _ = try LocalFile.bytes(of: serviceAccount.authority)
            configuration.tls.authority = .file(serviceAccount.authority)
        } catch {
            configuration.warnings.append("in-cluster configuration: \(error): trusting the system's CAs instead")
        }
        if let text = try? LocalFile.text(of: serviceAccount.namespace) {
            let namespace = text.filter { !$0.isWhitespace }
            if !namespace.isEmpty { configuration.namespace = namespace }
        }
        configuration.proxy = try ProxyEnvironment(variables: environment).proxy(for: configuration.server)
        return configuration
    }
}
