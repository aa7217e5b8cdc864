extension PluginCall {
    /// The container's namespace, for what is added or checked.
    func containerNamespace() throws(CNIError) -> PodNamespace {
        guard let path = environment.namespacePath else { throw CNIError(.badEnvironment, "CNI_NETNS is not set") }
        return try PodNamespace(path: path)
    }

    /// As above, for what goes away: nil where nothing of ours can be any more.
    var remainingNamespace: PodNamespace? { try? containerNamespace() }
}
