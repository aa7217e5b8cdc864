import ArgumentParser

/// `fairlead cni`.
struct CNICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cni",
        abstract: "Install the CNI plugin, list attachments of pods, and remove what dead ones have left.",
        discussion: """
            The plugin is the executable 'fairlead-cni', which container runtimes start for each pod. These commands work on \
            what it keeps: links, addresses and rules of the network namespace that they are started in, and leases \
            below /var/lib/cni/fairlead. They never ask a container runtime.
            """,
        subcommands: [
            CNIInstall.self, CNIUninstall.self, CNIList.self, CNICollect.self, CNIRepair.self, CNIImport.self,
        ])
}
