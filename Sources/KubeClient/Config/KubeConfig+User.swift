import KubeAPI

extension KubeConfig.Found where Entry == KubeConfigDocument.User {
    func checkImpersonation() throws(KubeConfigError) {
        guard entry.impersonate.isEmpty else { return }
        let others = [
            ("as-uid", entry.impersonateUID.isEmpty), ("as-groups", entry.impersonateGroups.isEmpty),
            ("as-user-extra", entry.impersonateExtra.isEmpty),
        ]
        if let (field, _) = others.first(where: { !$0.1 }) {
            throw error(field, "is given without a user to impersonate (as)")
        }
    }

    /// nil where the user has none.
    func clientCertificate() throws(KubeConfigError) -> ClientCertificate? {
        let certificate = try source(
            data: entry.certificateData, file: entry.certificate, field: "client-certificate")
        guard let certificate else { return nil }
        guard let key = try source(data: entry.clientKeyData, file: entry.clientKey, field: "client-key") else {
            throw error("client-key", "is required with a client-certificate")
        }
        return ClientCertificate(certificate: certificate, key: key)
    }

    /// The one method that counts. A plugin is run only where there is nothing else, as in client-go.
    func credentials(
        hasCertificate: Bool, cluster: KubeConfig.Found<KubeConfigDocument.Cluster>?, server: KubeServer
    ) throws(KubeConfigError) -> CredentialMethod {
        let hasLogin = !entry.username.isEmpty || entry.password != nil
        let hasToken = entry.token != nil || !entry.tokenFile.isEmpty
        if hasLogin && hasToken { throw error("token", "is given as well as username and password; give one of them") }
        let plugin = try entry.exec.map { exec throws(KubeConfigError) in
            try self.plugin(exec, cluster: cluster, server: server)
        }
        if let token = entry.token, !token.isSendable {
            throw error("token", "has characters that no header may have")
        }
        if !entry.tokenFile.isEmpty { return .tokenFile(path: entry.tokenFile, otherwise: entry.token) }
        if let token = entry.token { return .token(token) }
        if hasLogin { return .basic(username: entry.username, password: entry.password ?? Secret("")) }
        if let plugin, !hasCertificate { return .exec(plugin) }
        return .none
    }

    private func plugin(
        _ exec: KubeConfigDocument.Exec, cluster: KubeConfig.Found<KubeConfigDocument.Cluster>?, server: KubeServer
    ) throws(KubeConfigError) -> ExecPlugin {
        guard !exec.command.isEmpty else { throw error("exec.command", "is required") }
        guard exec.environment.allSatisfy({ !$0.name.isEmpty }) else {
            throw error("exec.env", "has a variable without a name")
        }
        guard let version = ExecPlugin.Version(rawValue: exec.apiVersion) else {
            throw error(
                "exec.apiVersion",
                exec.apiVersion.isEmpty
                    ? "is required" : "'\(exec.apiVersion.quotable)' is neither v1 nor v1beta1 of \(ExecPlugin.group)")
        }
        switch exec.interactiveMode {
        case "Never", "IfAvailable": break
        case "" where version == .v1beta1: break
        case "": throw error("exec.interactiveMode", "is required")
        case "Always": throw error("exec.interactiveMode", "'Always' needs a terminal, and there is none")
        default:
            throw error(
                "exec.interactiveMode", "'\(exec.interactiveMode.quotable)' is none of Never, IfAvailable and Always")
        }
        var plugin = ExecPlugin(command: exec.command, version: version, place: place)
        plugin.arguments = exec.arguments
        plugin.environment = exec.environment
        plugin.installHint = exec.installHint
        if exec.providesClusterInfo {
            plugin.cluster = ExecPlugin.Cluster(cluster?.entry ?? KubeConfigDocument.Cluster(), server: server)
        }
        return plugin
    }
}
