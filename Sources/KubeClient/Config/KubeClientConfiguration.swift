import FoundationEssentials

/// Everything that it takes to connect to an API server, from wherever it came: one resolved value.
package struct KubeClientConfiguration: Sendable {
    package var server: KubeServer
    package var tls = TLSOptions()
    package var credentials = CredentialMethod.none
    package var impersonation: Impersonation?
    /// nil for a direct connection.
    package var proxy: ProxyServer?
    /// Answers are not to be compressed.
    package var disablesCompression = false
    /// The namespace of the context, or of the Pod.
    package var namespace = "default"
    /// Requests a second in the long run (`clientConnection.qps`); 0 or less for no limit.
    package var requestsPerSecond: Double = 5
    /// Requests that may be made at once (`clientConnection.burst`).
    package var burst = 10
    package var userAgent = Self.userAgent(version: nil)
    /// "kubeconfig kubelet.conf: context 'default'": for errors.
    package var origin: String?
    /// What the user should hear of at the start, such as a setting that has no effect.
    package var warnings: [String] = []

    package init(server: KubeServer) { self.server = server }

    /// "fairlead/0.1.0 (linux/amd64)".
    package static func userAgent(version: String?) -> String {
        #if arch(x86_64)
            let architecture = "amd64"
        #elseif arch(arm64)
            let architecture = "arm64"
        #else
            let architecture = "unknown"
        #endif
        return "fairlead\(version.map { "/\($0)" } ?? "") (linux/\(architecture))"
    }

    /// Resolves as kube-proxy does (cmd/kube-proxy/app/server.go `createClient`): the kubeconfig's current context, its
    /// server overruled by `master`; `master` alone; or, where both are empty, the cluster that this runs in.
    ///
    /// - Throws: `KubeConfigError`.
    package static func resolve(
        kubeconfig: String, master: String, environment: [String: String] = ProcessInfo.processInfo.environment,
        serviceAccount: ServiceAccountFiles = ServiceAccountFiles()
    ) throws(KubeConfigError) -> KubeClientConfiguration {
        if kubeconfig.isEmpty && master.isEmpty {
            var configuration = try inCluster(environment: environment, serviceAccount: serviceAccount)
            configuration.warnings.insert(
                "neither a kubeconfig nor a master is given: using the cluster that this runs in", at: 0)
            return configuration
        }
        let config = kubeconfig.isEmpty ? KubeConfig() : try KubeConfig(file: kubeconfig)
        return try KubeClientConfiguration(config, master: master, environment: environment)
    }

    /// Reads what the configuration names, the certificates and keys and the token, so that an error in it is found before
    /// the start. Does not connect, and runs no plugin.
    ///
    /// - Throws: `KubeConfigError`.
    package func validate() throws(KubeConfigError) {
        do {
            let material = try TLSMaterial(tls, credentials: Credentials())
            _ = try material.configuration(for: tls)
        } catch {
            throw placed(error)
        }
        guard case .tokenFile(let path, nil) = credentials else { return }
        do {
            _ = try TokenFile.read(path)
        } catch {
            throw placed(KubeConfigError(field: "tokenFile", problem: "\(error)"))
        }
    }

    /// The error with where the configuration is from.
    func placed(_ error: KubeConfigError) -> KubeConfigError {
        var error = error
        if error.file == nil { error.file = origin }
        return error
    }
}
