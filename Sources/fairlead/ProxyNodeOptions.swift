import ArgumentParser
import KubeProxyConfig

/// What is set of the node at start. Ignored with `--config`.
struct ProxyNodeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Connections to track for each CPU; 0 leaves the limit alone, and ignores --conntrack-min. (default: 32768)",
            valueName: "number"))
    var conntrackMaxPerCore: Int32?

    @Option(
        help: ArgumentHelp(
            "The least limit of connections to track, whatever the number of CPUs. (default: 131072)",
            valueName: "number"))
    var conntrackMin: Int32?

    @Option(
        name: .customLong("conntrack-tcp-timeout-established"),
        help: ArgumentHelp(
            "How long idle TCP connections are tracked; 0 leaves the kernel's. (default: 24h0m0s)",
            valueName: "duration"))
    var conntrackTCPTimeoutEstablished: GoDuration?

    @Option(
        name: .customLong("conntrack-tcp-timeout-close-wait"),
        help: ArgumentHelp(
            "How long TCP connections in CLOSE_WAIT are tracked; 0 leaves the kernel's. (default: 1h0m0s)",
            valueName: "duration"))
    var conntrackTCPTimeoutCloseWait: GoDuration?

    @Option(
        name: .customLong("conntrack-tcp-be-liberal"),
        help: ArgumentHelp(
            "Set nf_conntrack_tcp_be_liberal to 1; see --invalid-packets.", valueName: "bool"))
    var conntrackTCPBeLiberal: GoBoolean?

    @Option(
        name: .customLong("conntrack-udp-timeout"),
        help: ArgumentHelp(
            "How long UDP flows without a reply are tracked; 0 leaves the kernel's. (default: 0s)",
            valueName: "duration"))
    var conntrackUDPTimeout: GoDuration?

    @Option(
        name: .customLong("conntrack-udp-timeout-stream"),
        help: ArgumentHelp(
            "How long UDP flows in both directions are tracked; 0 leaves the kernel's. (default: 0s)",
            valueName: "duration"))
    var conntrackUDPTimeoutStream: GoDuration?

    @Option(
        help: ArgumentHelp(
            "This process's oom_score_adj, -1000 to 1000. (default: -999)", valueName: "number"))
    var oomScoreAdj: Int32?

    /// cAdvisor's, which is linked into kube-proxy and not used (cmd/kube-proxy/app/server.go).
    @Option(name: .customLong("boot-id-file"), help: .hidden) var bootIDFile: String?
    @Option(name: .customLong("machine-id-file"), help: .hidden) var machineIDFile: String?

    func apply(to flags: inout ProxyFlags) {
        flags.take("conntrack-max-per-core", conntrackMaxPerCore) { $0.conntrack.maxPerCore = $1 }
        flags.take("conntrack-min", conntrackMin) { $0.conntrack.min = $1 }
        flags.take("conntrack-tcp-timeout-established", conntrackTCPTimeoutEstablished) {
            $0.conntrack.tcpEstablishedTimeout = $1
        }
        flags.take("conntrack-tcp-timeout-close-wait", conntrackTCPTimeoutCloseWait) {
            $0.conntrack.tcpCloseWaitTimeout = $1
        }
        flags.take("conntrack-tcp-be-liberal", conntrackTCPBeLiberal) { $0.conntrack.tcpBeLiberal = $1.value }
        flags.take("conntrack-udp-timeout", conntrackUDPTimeout) { $0.conntrack.udpTimeout = $1 }
        flags.take("conntrack-udp-timeout-stream", conntrackUDPTimeoutStream) { $0.conntrack.udpStreamTimeout = $1 }
        flags.take("oom-score-adj", oomScoreAdj) { $0.oomScoreAdj = $1 }
    }

    /// Flags that were given and do nothing, with their dashes.
    var flagsWithoutEffect: [String] {
        [("--boot-id-file", bootIDFile), ("--machine-id-file", machineIDFile)].filter { $0.1 != nil }.map(\.0)
    }
}
