import Dataplane
import Net
import Netlink
import TestSupport
import Testing

@Suite("How masquerading is done, with real packets", .networkNamespaces, .fewAtATime)
struct MasqueradeTests {
    /// Marks what comes in and goes out with a bit of its own, and counts what it sees of the marks before and after the
    /// rules of the proxy.
    private func watch(_ namespace: NetworkNamespace, ownBit: UInt32, bit: UInt32) throws {
        func counters(_ name: String, _ priority: String) -> String {
            """
            chain \(name) {
                type filter hook postrouting priority \(priority);
                th dport != \(Lab.serverPort) return
                meta mark & \(ownBit) == 0 counter name without-own-\(name)
                meta mark & \(ownBit) != 0 counter name with-own-\(name)
                meta mark & \(bit) != 0 counter name with-bit-\(name)
            }
            """
        }
        let names = ["before", "after"].flatMap { name in
            ["without-own-", "with-own-", "with-bit-"].map { "counter \($0)\(name) { }" }
        }
        try Tool.run(
            "nft", "-f", "-", in: namespace,
            input: """
                table inet watch {
                    \(names.joined(separator: "\n"))
                    chain incoming {
                        type filter hook prerouting priority mangle;
                        meta mark set meta mark | \(ownBit)
                    }
                    chain outgoing {
                        type route hook output priority mangle;
                        meta mark set meta mark | \(ownBit)
                    }
                    \(counters("before", "90"))
                    \(counters("after", "110"))
                }
                """)
    }

    private func count(_ name: String, _ namespace: NetworkNamespace) throws -> Int {
        let words = try Tool.run("nft", "list", "counter", "inet", "watch", name, in: namespace)
            .split(whereSeparator: \.isWhitespace)
        return words.firstIndex(of: "packets").flatMap { Int(words[$0 + 1]) } ?? -1
    }

    @Test("47: the masquerade mark is one bit, the one that is asked for, and the others stay", arguments: [14, 5, 31])
    func mark(bit: Int) async throws {
        let lab = try TrafficLab(
            dataplane: DataplaneConfiguration(detector: .podNetworks, masqueradeBit: bit))
        let web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        let node = lab.lab.node.namespace
        try watch(node, ownBit: 1 << 20, bit: 1 << UInt32(bit))
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, web.external(lab.lab), by: [lab.pods[1], lab.pods[3]], .masqueraded)
        for name in ["before", "after"] {
            #expect(try count("without-own-\(name)", node) == 0)
            #expect(try count("with-own-\(name)", node) > 0)
        }
        #expect(try count("with-bit-before", node) > 0)
        // What is not masqueraded has no mark of ours.
        let marked = try count("with-bit-before", node)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1], lab.pods[3]], .own)
        #expect(try count("with-bit-before", node) == marked)
        #expect(lab.proxy.failures == [])
    }

    /// The source port and the one that was chosen in its place, of each flow to the NodePort.
    private func chosenPorts(_ family: IPFamily, _ namespace: NetworkNamespace) throws -> [[Int]] {
        // original: sport=45000 dport=30080, reply: sport=8080 dport=<chosen>.
        try Tool.run(
            "conntrack", "-L", "-p", "udp", "-f", family == .ipv4 ? "ipv4" : "ipv6", "--dport", "30080", in: namespace
        ).split(separator: "\n").compactMap { line -> [Int]? in
            let numbers = line.split(separator: " ").compactMap { word in
                word.hasPrefix("sport=") || word.hasPrefix("dport=") ? Int(word.dropFirst(6)) : nil
            }
            return numbers.count == 4 ? [numbers[0], numbers[3]] : nil
        }
    }

    @Test("47: masqueraded connections get a port by chance", arguments: IPFamily.allCases)
    func randomPorts(family: IPFamily) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        // Until the second look at the flows that the change concerns, so that nothing but the kernel has to do with those that come.
        try await lab.flowsSettled()
        let target = SocketAddress(lab.lab.node.address[family], port: 30_080)
        let ports = (0..<30).map { UInt16(45_000 + $0) }
        let outcomes = try lab.lab.client.run {
            ports.map { port in
                Probe(
                    target, .udp, timeoutMilliseconds: 5000,
                    source: SocketAddress(lab.lab.clientAddress[family], port: port)
                ).run()
            }
        }
        #expect(outcomes.filter { !$0.isAnswer } == [])
        var chosen: [[Int]] = []
        try await eventually {
            chosen = try chosenPorts(family, lab.lab.node.namespace)
            return chosen.count == ports.count
        }
        // A port of its own would be kept where it is free, and a counter would give neighbours.
        #expect(chosen.count { $0[0] == $0[1] } <= 2)
        let sorted = chosen.map { $0[1] }.sorted()
        #expect(zip(sorted, sorted.dropFirst()).count { $1 - $0 == 1 } <= 5, "\(sorted)")
        #expect(lab.proxy.failures == [])
    }
}
