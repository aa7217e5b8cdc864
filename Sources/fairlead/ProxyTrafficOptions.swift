import ArgumentParser
import KubeProxyConfig

/// How traffic is treated, in kube-proxy's words. Ignored with `--config`.
struct ProxyTrafficOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The mode: 'nftables'. (default: nftables)", valueName: "mode"))
    var proxyMode: String?

    @Option(
        help: ArgumentHelp(
            "Give every connection to a ClusterIP this node's address as its source.", valueName: "bool"))
    var masqueradeAll: GoBoolean?

    @Option(
        help: ArgumentHelp(
            "How connections of pods are known: ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix.",
            valueName: "mode"))
    var detectLocalMode: String?

    @Option(
        name: .customLong("cluster-cidr"),
        help: ArgumentHelp(
            "The network of the cluster's pods, or one of each family with a comma between them.",
            valueName: "cidr[,cidr]"))
    var clusterCIDR: String?

    @Option(help: ArgumentHelp("The bridge that pods are behind, for BridgeInterface.", valueName: "name"))
    var podBridgeInterface: String?

    @Option(
        help: ArgumentHelp("How the names of pods' interfaces begin, for InterfaceNamePrefix.", valueName: "prefix"))
    var podInterfaceNamePrefix: String?

    @Option(
        name: .customLong("nodeport-addresses"),
        help: ArgumentHelp(
            "Where NodePorts are answered: 'primary', or networks with commas between them. (default: primary)",
            valueName: "where"))
    var nodePortAddresses: [String] = []

    @Option(
        name: .customLong("iptables-sync-period"),
        help: ArgumentHelp(
            "Half the time after which a change that is not in the kernel makes /healthz fail. (default: 30s)",
            valueName: "duration"))
    var iptablesSyncPeriod: GoDuration?

    @Option(
        name: .customLong("iptables-min-sync-period"),
        help: ArgumentHelp("The least time between two commits. (default: 0s)", valueName: "duration"))
    var iptablesMinSyncPeriod: GoDuration?

    @Option(
        name: .customLong("iptables-masquerade-bit"),
        help: ArgumentHelp(
            "The bit of the packet mark that asks for masquerade, 0 to 31; without effect beside --proxy-mode nftables.",
            valueName: "bit"))
    var iptablesMasqueradeBit: Int32?

    @Option(
        name: .customLong("iptables-localhost-nodeports"),
        help: ArgumentHelp("Accepted; see --localhost-nodeports.", valueName: "bool"))
    var iptablesLocalhostNodePorts: GoBoolean?

    @OptionGroup var ipvs: ProxyIPVSOptions

    func apply(to flags: inout ProxyFlags) {
        flags.take("proxy-mode", proxyMode) { $0.mode = $1 }
        flags.take("masquerade-all", masqueradeAll) { $0.nftables.masqueradeAll = $1.value }
        flags.take("detect-local-mode", detectLocalMode) { $0.detectLocalMode = $1 }
        flags.take("cluster-cidr", clusterCIDR) { $0.clusterCIDR = $1 }
        flags.take("pod-bridge-interface", podBridgeInterface) { $0.detectLocal.bridgeInterface = $1 }
        flags.take("pod-interface-name-prefix", podInterfaceNamePrefix) { $0.detectLocal.interfaceNamePrefix = $1 }
        flags.take("nodeport-addresses", nodePortAddresses) { $0.nodePortAddresses = $1.flatMap(\.commaSeparated) }
        // As upstream, in every mode but ipvs.
        flags.take("iptables-sync-period", iptablesSyncPeriod) { $0.nftables.syncPeriod = $1 }
        flags.take("iptables-min-sync-period", iptablesMinSyncPeriod) { $0.nftables.minSyncPeriod = $1 }
        flags.take("iptables-masquerade-bit", iptablesMasqueradeBit) { $0.iptables.masqueradeBit = $1 }
        flags.take("iptables-localhost-nodeports", iptablesLocalhostNodePorts) {
            $0.iptables.localhostNodePorts = $1.value
        }
        ipvs.apply(to: &flags)
    }
}

extension String {
    /// The items of a list of strings as pflag takes it; none where there is no text.
    var commaSeparated: [String] {
        isEmpty ? [] : split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
