import Netlink

extension PluginCall {
    /// The path of the container's namespace, for what is added or checked.
    ///
    /// - Throws: `CNIError` with `unknownContainer` when it is gone: nothing was made then, and nothing is to be cleaned up; with
    ///   `badEnvironment` for what is no network namespace, and for the one that the plugin runs in.
    func containerNamespacePath() throws(CNIError) -> String {
        guard let path = environment.namespacePath else { throw CNIError(.badEnvironment, "CNI_NETNS is not set") }
        let (container, own): (NetworkNamespace, NetworkNamespace)
        do throws(SystemError) {
            (container, own) = (try NetworkNamespace(path: path), try NetworkNamespace.current())
        } catch {
            guard error.isMissingFile else {
                throw CNIError(.badEnvironment, "CNI_NETNS \(path)", details: error.description)
            }
            throw CNIError(.unknownContainer, "CNI_NETNS \(path): there is no such namespace")
        }
        guard container.identity.device == own.identity.device else {
            throw CNIError(.badEnvironment, "CNI_NETNS \(path) is no namespace")
        }
        guard container.identity != own.identity else {
            throw CNIError(.badEnvironment, "CNI_NETNS \(path) is the namespace that the plugin runs in")
        }
        return path
    }

    /// As above, for what goes away: nil where nothing of ours can be any more.
    var remainingNamespacePath: String? { try? containerNamespacePath() }
}
