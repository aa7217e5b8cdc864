import ArgumentParser

/// Where the configuration comes from, and what is done with it. These count with a file, too.
struct ProxyActionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file with a KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1), YAML or JSON.",
            discussion: """
                With it, the other flags of kube-proxy are ignored, and a warning says so, but for --hostname-override, \
                --master, --write-config-to, --cleanup, --init-only and those about logging. When the file's content \
                changes, the process ends, to be started again by what started it.
                """,
            valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp("Write the effective configuration to this file and exit.", valueName: "file"))
    var writeConfigTo: String?

    @Option(
        help: ArgumentHelp(
            "Remove everything that Fairlead and kube-proxy have programmed here, and exit.", valueName: "bool"))
    var cleanup: GoBoolean?

    @Option(
        help: ArgumentHelp(
            "Set what of the node needs full root privileges, and exit. CAP_NET_ADMIN is enough after that.",
            valueName: "bool"))
    var initOnly: GoBoolean?

    @Option(
        help: ArgumentHelp(
            "The name of this node's Node object. (default: the host's name in lower case)", valueName: "name"))
    var hostnameOverride: String?

    @Option(
        help: ArgumentHelp(
            "The URL of the API server, in place of the kubeconfig's.", valueName: "url"))
    var master: String?
}
