import BenchReport
import Dataplane
import Logging
import Net
import Netlink
import Proxy
import TestSupport

/// A soak under way.
struct SoakRun {
    /// How many changes go by, at most, before the next daemon starts.
    private static let changesWithout = 300
    private static let settleMilliseconds = 60_000

    private let changes: Int
    private let rate: Int
    /// After which changes to kill.
    private let kills: Set<Int>
    private let lab: Lab
    private var cluster: SoakCluster
    private var random: SeededGenerator
    private var daemon: ChildProcess?
    private var settleNumber = 0

    init(changes: Int, rate: Int, kills: Int, services: Int, seed: UInt64) throws {
        self.changes = changes
        self.rate = rate
        random = SeededGenerator(seed: seed &* 7 &+ 3)
        var places: Set<Int> = []
        while places.count < kills { places.insert(Int.random(in: 1...changes, using: &random)) }
        self.kills = places
        lab = try Lab()
        cluster = SoakCluster(lab: lab, others: services, seed: seed)
        // A hundred thousand connections that have ended are not what is looked for.
        try lab.node.namespace.run { try Sysctl.write("net.netfilter.nf_conntrack_tcp_timeout_time_wait", "2") }
    }

    /// - Throws: `BenchmarkError` when the daemon does not do what it is asked, or what namespaces and sockets throw.
    mutating func run() throws -> SoakReport {
        try startDaemon()
        try settle()
        let retransmissions = try synRetransmissions()
        let traffic = try SoakTraffic(lab: lab, served: cluster.served)
        let start = ContinuousClock.now
        try makeChanges(since: start)
        let duration = ContinuousClock.now - start
        try settle()
        let tally = traffic.stop()
        let differences = try compareWithFullSync()
        daemon?.kill()
        let seconds = Double(duration.microseconds / 1000) / 1000
        return SoakReport(
            changes: changes, seconds: seconds, changesPerSecond: Int(Double(changes) / max(seconds, 0.001)),
            kills: kills.count, heldConnections: tally.held, requestsOnThem: tally.asked, newConnections: tally.made,
            cutConnections: Array(tally.cut.prefix(20)), lostConnections: Array(tally.lost.prefix(20)),
            lostSYNs: try synRetransmissions() - retransmissions, differences: Array(differences.prefix(20)))
    }

    private mutating func makeChanges(since start: ContinuousClock.Instant) throws {
        var startAgain: Int?
        for number in 1...changes {
            let time = start + .nanoseconds(number * 1_000_000_000 / rate)
            if time > .now + .milliseconds(1) { sleepThread(until: time) }
            let lines = cluster.change()
            if let daemon {
                for line in lines where !daemon.send(line: try line.bytes) {
                    throw BenchmarkError(description: "the daemon ended by itself, after change \(number)")
                }
            }
            if kills.contains(number), daemon != nil {
                // In the middle of whatever it does by then.
                sleepThread(until: .now + .microseconds(Int.random(in: 0...3_000, using: &random)))
                daemon?.kill()
                daemon = nil
                startAgain = number + Int.random(in: 0...Self.changesWithout, using: &random)
            }
            if let again = startAgain, number >= again {
                try startDaemon()
                startAgain = nil
            }
        }
        if daemon == nil { try startDaemon() }
    }

    private mutating func startDaemon() throws {
        let addresses = lab.node.address.both.flatMap { ["--node-ip", "\($0)"] }
        let next = try ChildProcess(["/proc/self/exe", "soak-daemon"] + addresses, in: lab.node.namespace)
        for line in cluster.everything where !next.send(line: try line.bytes) {
            throw BenchmarkError(description: "the daemon did not start")
        }
        daemon = next
    }

    /// Waits until the daemon has everything in the kernel.
    private mutating func settle() throws {
        settleNumber += 1
        guard let daemon, daemon.send(line: try SoakLine.settle(settleNumber).bytes),
            let line = daemon.receiveLine(timeoutMilliseconds: Self.settleMilliseconds),
            line == "settled \(settleNumber)"
        else { throw BenchmarkError(description: "the daemon did not settle in \(Self.settleMilliseconds) ms") }
    }

    /// What the kernel has otherwise than after a full sync, from empty, of the objects as they are now.
    private func compareWithFullSync() throws -> [String] {
        let fresh = try NetworkNamespace.create()
        var logger = Logger(label: "soak")
        logger.logLevel = .error
        let proxy = ServiceProxy(
            configuration: SoakCluster.proxyConfiguration(nodeIPs: lab.node.address.both), logger: logger)
        let sync = try fresh.run { try SyncThread.start(source: proxy, backend: NFTBackend(SoakCluster.dataplane)) }
        proxy.connect { sync.wake() }
        proxy.submit(.replaceServices(Array(cluster.services.values)))
        proxy.submit(.replaceEndpointSlices(Array(cluster.slices.values)))
        sync.waitUntilSettled()
        sync.stop()
        let (document, expected) = try (NFTDocument(of: lab.node.namespace), NFTDocument(of: fresh))
        return IPFamily.allCases.flatMap { family in
            let table = CanonicalTable(document, family: family.tableFamily)
            let lines = CanonicalTable(expected, family: family.tableFamily).lines.difference(from: table.lines)
            return lines.insertions.map { "\(family) - \($0.text)" } + lines.removals.map { "\(family) + \($0.text)" }
                + table.gaps.map { "\(family) gap \($0)" }
        }
    }

    /// SYNs that the clients' kernels have sent again: a packet that was lost shows here long before it shows as a failure.
    private func synRetransmissions() throws -> Int {
        try [lab.pods[0].namespace, lab.node.namespace, lab.client].map { try SYNRetransmissions.count(in: $0) }
            .reduce(0, +)
    }
}
