import ArgumentParser

/// What becomes of the rules of a kube-proxy that ran here before.
struct TakeOverOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Leave the rules of a kube-proxy that ran here before.",
            discussion: """
                Otherwise they are removed once Fairlead's own are in the kernel, so that no connection is lost in between. \
                kube-proxy itself must be kept from running: it would put its rules back.
                """))
    var keepKubeProxyRules = false
}
