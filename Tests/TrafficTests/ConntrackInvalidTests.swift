import Dataplane
import KubeAPI
import Net
import Netlink
import TestSupport
import Testing

@Suite("Packets that conntrack cannot place, with real packets", .networkNamespaces, .fewAtATime)
struct ConntrackInvalidTests {
    /// The window by which the stray segment is told.
    private static let window: UInt16 = 4321

    /// Counts, where the client is, what comes of the segment.
    private static func watch(_ client: NetworkNamespace, server: IPAddress, clusterIP: IPAddress) throws {
        let ip = server.family == .ipv4 ? "ip" : "ip6"
        try Tool.run(
            "nft", "-f", "-", in: client,
            input: """
                table inet watch {
                    counter untranslated {}
                    counter translated {}
                    counter resets {}
                    chain input {
                        type filter hook input priority 0
                        \(ip) saddr \(server) tcp window \(window) counter name untranslated
                        \(ip) saddr \(clusterIP) tcp window \(window) counter name translated
                    }
                    chain output {
                        type filter hook output priority 0
                        \(ip) daddr \(server) tcp flags & rst == rst counter name resets
                    }
                }
                """)
    }

    private static func count(_ name: String, in client: NetworkNamespace) throws -> Int? {
        let words = try Tool.run("nft", "list", "counter", "inet", "watch", name, in: client).split { $0.isWhitespace }
        return words.firstIndex(of: "packets").flatMap { Int(words[$0 + 1]) }
    }

    @Test(
        "54: a segment outside of the window does not make the client reset its server",
        arguments: InvalidPackets.allCases, IPFamily.allCases)
    func strayAnswer(treatment: InvalidPackets, family: IPFamily) async throws {
        var configuration = DataplaneConfiguration(detector: .podNetworks)
        configuration.invalidPackets = treatment
        let lab = try TrafficLab(dataplane: configuration)
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        let isLiberal = try Tool.run(
            "cat", "/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal", in: lab.lab.node.namespace)
        #expect(isLiberal == (treatment == .liberal ? "1\n" : "0\n"))
        let client = SocketAddress(lab.pods[0].address[family], port: 42_000)
        let server = SocketAddress(lab.pods[1].address[family], port: Lab.serverPort)
        try Self.watch(lab.pods[0].namespace, server: server.address, clusterIP: web.clusterIP[family])
        var connection = HeldConnection(
            Probe(SocketAddress(web.clusterIP[family], port: 80), timeoutMilliseconds: 5000, source: client))
        #expect(try lab.pods[0].namespace.run { connection.ask() }.isAnswer)
        // Wherever the connection's numbers are, one of four is beyond its window by less than half of the circle. Those
        // behind the window pass for old segments.
        try lab.pods[1].namespace.run {
            for quarter in 0..<4 as Range<UInt32> {
                try StraySegment(from: server, to: client, sequence: quarter << 30, window: Self.window).send()
            }
        }
        let arrived = { try ["untranslated", "translated"].map { try Self.count($0, in: lab.pods[0].namespace) ?? 0 } }
        if treatment != .drop { try await eventually { try arrived().reduce(0, +) == 4 } }
        if treatment == .keep {
            // What it is about: the client knows of no such connection, and says so to the server.
            #expect(try arrived()[0] > 0)
            try await eventually { try #require(try Self.count("resets", in: lab.pods[0].namespace)) > 0 }
        } else {
            // Its answer comes behind the segments.
            #expect(try lab.pods[0].namespace.run { connection.ask() }.isAnswer)
            let counts = try arrived()
            #expect(counts[0] == 0)
            #expect(treatment == .drop ? counts[1] < 4 : counts[1] == 4)
            #expect(try Self.count("resets", in: lab.pods[0].namespace) == 0)
        }
        #expect(lab.proxy.failures == [])
    }
}
