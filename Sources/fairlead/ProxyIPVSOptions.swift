import ArgumentParser
import KubeProxyConfig

/// Flags of a mode that Fairlead has not: a warning names those that are given.
struct ProxyIPVSOptions: ParsableArguments {
    @Option(name: .customLong("ipvs-sync-period"), help: .hidden) var syncPeriod: GoDuration?
    @Option(name: .customLong("ipvs-min-sync-period"), help: .hidden) var minSyncPeriod: GoDuration?
    @Option(name: .customLong("ipvs-scheduler"), help: .hidden) var scheduler: String?
    @Option(name: .customLong("ipvs-exclude-cidrs"), help: .hidden) var excludeCIDRs: [String] = []
    @Option(name: .customLong("ipvs-strict-arp"), help: .hidden) var strictARP: GoBoolean?
    @Option(name: .customLong("ipvs-tcp-timeout"), help: .hidden) var tcpTimeout: GoDuration?
    @Option(name: .customLong("ipvs-tcpfin-timeout"), help: .hidden) var tcpFinTimeout: GoDuration?
    @Option(name: .customLong("ipvs-udp-timeout"), help: .hidden) var udpTimeout: GoDuration?

    func apply(to flags: inout ProxyFlags) {
        flags.take("ipvs-sync-period", syncPeriod) { $0.ipvs.syncPeriod = $1 }
        flags.take("ipvs-min-sync-period", minSyncPeriod) { $0.ipvs.minSyncPeriod = $1 }
        flags.take("ipvs-scheduler", scheduler) { $0.ipvs.scheduler = $1 }
        flags.take("ipvs-exclude-cidrs", excludeCIDRs) { $0.ipvs.excludeCIDRs = $1.flatMap(\.commaSeparated) }
        flags.take("ipvs-strict-arp", strictARP) { $0.ipvs.strictARP = $1.value }
        flags.take("ipvs-tcp-timeout", tcpTimeout) { $0.ipvs.tcpTimeout = $1 }
        flags.take("ipvs-tcpfin-timeout", tcpFinTimeout) { $0.ipvs.tcpFinTimeout = $1 }
        flags.take("ipvs-udp-timeout", udpTimeout) { $0.ipvs.udpTimeout = $1 }
    }
}
