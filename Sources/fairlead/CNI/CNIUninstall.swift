import ArgumentParser

/// `fairlead cni uninstall`.
struct CNIUninstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Remove the plugin and its conflist from a node; pods keep their network.",
        discussion: """
            Removes the conflist, then the plugin, and 'loopback' where it is a link to it. What others have put into these \
            folders stays, and so do links, addresses and rules of pods that run. Nobody calls the plugin when they end: \
            'fairlead cni gc' removes then what they have left.
            """)

    @OptionGroup var options: InstallationOptions

    func run() throws {
        let lines = try options.installation.uninstall()
        for line in lines { print(line) }
        if lines.isEmpty { print("nothing to remove") }
    }
}
