import FoundationEssentials
import KubeAPI

extension KubeClientConfiguration {
    /// Resolves a context of a kubeconfig, by clientcmd's rules (clientcmd/client_config.go, validation.go).
    ///
    /// - Parameters:
    ///   - context: its name; nil for the current one.
    ///   - master: overrules the server of the context's cluster, and suffices where there is none.
    ///   - environment: where a proxy is looked up that the cluster does not name.
    /// - Throws: `KubeConfigError`.
    package init(
        _ config: KubeConfig, context: String? = nil, master: String = "", environment: [String: String]
    ) throws(KubeConfigError) {
        let context = try config.context(named: context ?? config.currentContext)
        let cluster = try config.cluster(of: context, isRequired: master.isEmpty)
        let user = try config.user(of: context)
        try self.init(cluster: cluster, master: master)
        warnings = config.warnings + warnings
        origin = context?.place
        if let namespace = context?.entry.namespace, !namespace.isEmpty { self.namespace = namespace }
        try takeProxy(of: cluster, environment: environment)
        guard let user else {
            warnings.append("no user is configured: requests are made without credentials")
            return
        }
        try take(user, of: cluster)
    }

    private init(cluster: KubeConfig.Found<KubeConfigDocument.Cluster>?, master: String) throws(KubeConfigError) {
        let entry = cluster?.entry ?? KubeConfigDocument.Cluster()
        let hasTLS = !entry.authority.isEmpty || entry.authorityData != nil || entry.skipsVerification
        do {
            self.init(server: try KubeServer(parsing: master.isEmpty ? entry.server : master, assumesTLS: hasTLS))
        } catch {
            guard master.isEmpty, let cluster else { throw KubeConfigError(field: "master", problem: error.problem) }
            throw cluster.error("server", entry.server.isEmpty ? "is required" : error.problem)
        }
        disablesCompression = entry.disablesCompression
        tls.serverName = entry.serverName.isEmpty ? nil : entry.serverName
        tls.skipsVerification = entry.skipsVerification
        guard let cluster else { return }
        tls.authority = try cluster.source(
            data: entry.authorityData, file: entry.authority, field: "certificate-authority")
        if tls.skipsVerification {
            guard tls.authority == nil else {
                throw cluster.error(
                    "insecure-skip-tls-verify", "cannot be true where a certificate-authority is given, too")
            }
            warnings.append("\(cluster.place): the server's certificate is not verified")
        }
    }

    private mutating func takeProxy(
        of cluster: KubeConfig.Found<KubeConfigDocument.Cluster>?, environment: [String: String]
    ) throws(KubeConfigError) {
        guard let cluster, !cluster.entry.proxy.isEmpty else {
            proxy = try ProxyEnvironment(variables: environment).proxy(for: server)
            return
        }
        do {
            proxy = try ProxyServer(parsing: cluster.entry.proxy)
        } catch {
            throw cluster.error("proxy-url", error.problem)
        }
    }

    private mutating func take(
        _ user: KubeConfig.Found<KubeConfigDocument.User>, of cluster: KubeConfig.Found<KubeConfigDocument.Cluster>?
    ) throws(KubeConfigError) {
        let entry = user.entry
        if let provider = entry.authProvider {
            throw user.error("auth-provider", "'\(provider.quotable)': auth providers no longer exist; use exec")
        }
        try user.checkImpersonation()
        if !entry.impersonate.isEmpty {
            impersonation = Impersonation(user: entry.impersonate)
            impersonation?.uid = entry.impersonateUID
            impersonation?.groups = entry.impersonateGroups
            impersonation?.extra = entry.impersonateExtra
        }
        let certificate = try user.clientCertificate()
        let method = try user.credentials(hasCertificate: certificate != nil, cluster: cluster, server: server)
        guard server.usesTLS else {
            // As client-go: over plain HTTP everybody on the way could read them.
            if certificate != nil || !method.isNone {
                warnings.append("\(user.place): credentials are not sent, as \(server) is not reached over TLS")
            }
            return
        }
        tls.clientCertificate = certificate
        credentials = method
        if certificate == nil, !entry.clientKey.isEmpty || entry.clientKeyData != nil {
            warnings.append("\(user.place): client-key has no effect without a client-certificate")
        }
        if certificate == nil, method.isNone { warnings.append("\(user.place): has no credentials") }
    }
}

extension CredentialMethod {
    fileprivate var isNone: Bool {
        if case .none = self { true } else { false }
    }
}
