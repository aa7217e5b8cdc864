import ArgumentParser
import Dataplane
import Logging
import Proxy

extension StaleTCP: ExpressibleByArgument {}
extension InvalidPackets: ExpressibleByArgument {}
extension TrafficCounting: ExpressibleByArgument {}

/// What is done about connections that the kernel tracks.
struct ConntrackOptions: ParsableArguments {
    @Option(
        name: .customLong("stale-tcp"),
        help: ArgumentHelp(
            "What becomes of TCP and SCTP connections to endpoints that are gone: 'keep' or 'reset'.",
            discussion: """
                'keep' leaves them to run into their own time-outs, 'reset' lets the client hear with its next packet. \
                UDP flows to such endpoints always go to another one.
                """,
            valueName: "what"))
    var staleTCP: StaleTCP = .keep

    @Option(
        help: ArgumentHelp(
            "What becomes of packets that conntrack cannot place: 'liberal', 'drop' or 'keep'.",
            discussion: """
                Passed on as they are, which is 'keep', they make clients reset their connections. 'liberal' sets \
                net.netfilter.nf_conntrack_tcp_be_liberal to 1, which it stays; 'drop' drops those that are forwarded.
                """,
            valueName: "what"))
    var invalidPackets: InvalidPackets = .liberal

    @Option(
        help: ArgumentHelp(
            "What traffic to count: 'off', of 'service-ports', or also of their 'endpoints'.",
            discussion: "Sets net.netfilter.nf_conntrack_acct and nf_conntrack_events to 1, which they stay.",
            valueName: "what"))
    var trafficCounters: TrafficCounting = .servicePorts

    /// Sets what is to be set of conntrack, and starts to keep flows in step. What cannot be set is a warning.
    ///
    /// - Throws: `NetlinkError` or `SystemError` when there is no socket or no thread to be had.
    func start(_ dataplane: DataplaneConfiguration, _ logger: Logger) throws -> FlowKeeper {
        for failure in ConntrackSettings(invalidPackets: invalidPackets, counting: trafficCounters).apply() {
            logger.warning("\(failure)")
        }
        let instruments = ConntrackInstruments()
        return try FlowKeeper.start(dataplane, counting: trafficCounters) { failure in
            instruments.failed()
            logger.warning("connections to endpoints that are gone may go on: \(failure)")
        } checked: {
            instruments.record($0)
        }
    }
}
