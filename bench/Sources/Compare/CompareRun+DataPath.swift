import BenchReport
import Net
import Netlink
import TestSupport

extension CompareRun {
    private enum Way {
        case direct, clusterIP, nodePort
    }

    private typealias Quantity = FigureCollector.Quantity

    private static let directName = "no proxy"
    private static let ruleName = "one dnat rule"

    /// What the way takes without any proxy, and over the least that can be done in the kernel.
    func measureBaselines(_ round: Int) throws {
        try clean()
        try measure(.direct, of: Self.directName)
        let family = objects.probedFamily
        let word = family == .ipv4 ? "ip" : "ip6"
        let pod = SocketAddress(CompareObjects.livePod(0, family), port: CompareObjects.dataPathPodPort)
        func rule(_ address: IPAddress, _ port: UInt16, _ rest: String = "") -> String {
            "\(word) daddr \(address) tcp dport \(port) dnat to \(pod)\(rest)"
        }
        let table = """
            table \(word) bench {
              chain prerouting {
                type nat hook prerouting priority dstnat
                \(rule(objects.dataPathAddress, CompareObjects.servicePort))
                \(rule(PathLab.nodeAddresses[family], CompareObjects.dataPathNodePort))
              }
              chain postrouting {
                type nat hook postrouting priority srcnat
                masquerade fully-random
              }
            }
            """
        try Tool.run("nft", "-f", "-", in: server.namespace, input: table)
        try measureDataPath(of: Self.ruleName)
    }

    /// Through both frontends, and over an established connection.
    func measureDataPath(of subject: String) throws {
        try measure(.clusterIP, of: subject)
        try measure(.nodePort, of: subject)
    }

    private func target(_ way: Way) -> SocketAddress {
        let family = objects.probedFamily
        return switch way {
        case .direct: SocketAddress(CompareObjects.livePod(0, family), port: CompareObjects.dataPathPodPort)
        case .clusterIP: SocketAddress(objects.dataPathAddress, port: CompareObjects.servicePort)
        case .nodePort: SocketAddress(PathLab.nodeAddresses[family], port: CompareObjects.dataPathNodePort)
        }
    }

    private func measure(_ way: Way, of subject: String) throws {
        try Tool.run("conntrack", "-F", in: server.namespace)
        let family = objects.probedFamily
        let target = target(way)
        let receiver = try lab.pods.run {
            try ConnectionServer(
                port: CompareObjects.dataPathPodPort, addresses: [CompareObjects.livePod(0, family)], backlog: 65_535)
        }
        let probe = ConnectionProbe(target, from: PathLab.clientAddresses[family], .tcp, timeoutMilliseconds: 2000)
        let burst: ConnectionBurst.Result
        do {
            defer { receiver.stop() }
            burst = try lab.client.run {
                try ConnectionBurst(
                    probe, connections: plan.connections, workers: 1, deadline: .now + .seconds(60)
                ).run()
            }
        }
        let frontend =
            switch way {
            case .direct, .clusterIP: "ClusterIP"
            case .nodePort: "NodePort"
            }
        let name = CompareScenario.dataPath.rawValue
        let what =
            "TCP, one after the other: socket, bind to a port of its own, connect, reset; client and pod are on the machine. 'no proxy' "
            + "goes to the pod itself, 'one dnat rule' is hand-written, with a masquerade of all, in a table of its own"
        figures.add(
            Quantity(name, "new connections through a \(frontend)", in: .perSecond, includes: what), subject,
            burst.connectionsPerSecond)
        figures.add(
            Quantity(
                name, "first packet through a \(frontend)", in: .microseconds,
                includes: "the SYN until its answer, as the call of connect sees it"), subject, burst.latencies)
        if way != .nodePort { try measureThroughput(to: target, of: subject) }
    }

    /// Zeros through one connection.
    private func measureThroughput(to target: SocketAddress, of subject: String) throws {
        let family = objects.probedFamily
        let listener = "TCP\(family == .ipv4 ? 4 : 6)-LISTEN:\(CompareObjects.dataPathPodPort),reuseaddr"
        let receiver = try ChildProcess(["socat", "-u", "-b", "262144", listener, "OPEN:/dev/null"], in: lab.pods)
        defer { receiver.kill() }
        let check =
            "for _ in $(seq 100); do [ -n \"$(ss -Htln 'sport = :\(CompareObjects.dataPathPodPort)')\" ] && exit; sleep 0.05; done; exit 1"
        try Tool.run("bash", "-c", check, in: lab.pods)
        let bytes = plan.megabytes * 1_000_000
        let start = MonotonicClock.nanoseconds
        try Tool.run(
            "socat", "-u", "-b", "262144", "OPEN:/dev/zero,readbytes=\(bytes)",
            "TCP\(family == .ipv4 ? 4 : 6):\(target)", in: lab.client)
        let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
        figures.add(
            Quantity(
                CompareScenario.dataPath.rawValue, "throughput of an established connection", in: .gigabitsPerSecond,
                includes:
                    "\(plan.megabytes) MB from a socat to another through a ClusterIP, the start of the sending one included"
            ),
            subject, Double(bytes) * 8 / 1e9 / seconds)
    }
}
