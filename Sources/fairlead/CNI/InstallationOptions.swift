import ArgumentParser

/// Where the plugin and its conflist are.
struct InstallationOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the container runtime looks for plugins.", valueName: "dir"))
    var binDir = "/opt/cni/bin"

    @Option(help: ArgumentHelp("Where it looks for conflists.", valueName: "dir"))
    var confDir = "/etc/cni/net.d"

    @Option(
        help: ArgumentHelp(
            "The conflist's name there. Runtimes take the first one.", valueName: "name"))
    var confName = "10-fairlead.conflist"

    func validate() throws {
        guard confName.hasSuffix(".conflist"), !confName.contains("/"), !confName.hasPrefix(".") else {
            throw ValidationError("--conf-name is the name of a file that ends in .conflist")
        }
    }

    var installation: PluginInstallation {
        PluginInstallation(binaryFolder: binDir, configurationFolder: confDir, configurationName: confName)
    }
}
