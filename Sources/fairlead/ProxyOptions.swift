import ArgumentParser
import Dataplane

/// The command line of `fairlead proxy`: all of kube-proxy's flags, and a few of Fairlead's own, which always count.
struct ProxyOptions: ParsableArguments {
    @OptionGroup(title: "Configuration") var action: ProxyActionOptions
    @OptionGroup(title: "API server and own servers") var client: ProxyClientOptions
    @OptionGroup(title: "Traffic") var traffic: ProxyTrafficOptions
    @OptionGroup(title: "Node") var node: ProxyNodeOptions
    @OptionGroup(title: "Logging") var log: ProxyLogOptions
    @OptionGroup(title: "Connections") var conntrack: ConntrackOptions
    @OptionGroup(title: "Taking over") var takeOver: TakeOverOptions
    @OptionGroup(title: "Beyond kube-proxy") var own: ProxyOwnOptions
    @OptionGroup(title: "Beyond kube-proxy") var podCIDRFile: PodCIDRFileOptions
}

/// What kube-proxy has no flags for, and `fairlead up` has.
struct ProxyOwnOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How often all that is in the kernel is compared with what should be there; 0 for never.",
            valueName: "seconds"))
    var verifyInterval = DataplaneConfiguration().verifyIntervalSeconds

    @Flag(
        name: .customLong("localhost-nodeports"),
        help: "Answer NodePorts on 127.0.0.1, too (IPv4); sets net.ipv4.conf.all.route_localnet to 1.")
    var localhostNodePorts = false

    func validate() throws {
        guard verifyInterval >= 0 else { throw ValidationError("--verify-interval: \(verifyInterval) is negative") }
    }
}
