import Dataplane
import KubeAPI
import Net
import Netlink
import Proxy
import TestSupport
import Testing

@Suite("What the kernel has", .networkNamespaces, .fewAtATime)
struct KernelStateTests {
    @Test(
        "any sequence of events leaves what a full write of the last objects would",
        arguments: 1...6 as ClosedRange<UInt64>)
    func invariant(seed: UInt64) async throws {
        let namespace = try NetworkNamespace.create()
        let proxy = try ProxyUnderTest(in: namespace)
        var events = RandomEvents(seed: seed)
        var random = SeededGenerator(seed: seed &* 31)
        for step in 1...60 {
            for event in events.change() {
                proxy.submit([event])
                if Int.random(in: 0..<4, using: &random) == 0 { await proxy.settled() }
            }
            if Int.random(in: 0..<6, using: &random) == 0 {
                proxy.submit([.node(.modified(Self.node(Int.random(in: 0...2, using: &random))))])
            }
            if Int.random(in: 0..<40, using: &random) == 0 {
                proxy.stop()
                try await proxy.start()
            }
            if step % 20 == 0 {
                await proxy.settled()
                try await expectFullState(of: proxy, in: namespace, "seed \(seed), step \(step)")
            }
        }
        #expect(proxy.reports.contains { !$0.isFull })
        #expect(proxy.failures == [])
    }

    @Test("nft prints the table, as text and as JSON, and loads what it printed", arguments: [100, 101] as [UInt64])
    func printing(seed: UInt64) async throws {
        let namespace = try NetworkNamespace.create()
        let proxy = try await Self.randomProxy(seed: seed, in: namespace)
        let text = try Tool.run("nft", "list", "ruleset", in: namespace)
        let other = try NetworkNamespace.create()
        try Tool.run("nft", "-f", "-", in: other, input: text)
        #expect(try Tool.run("nft", "list", "ruleset", in: other) == text)
        #expect(text.contains("table ip fairlead") && text.contains("table ip6 fairlead"))
        for family in IPFamily.allCases {
            let table = try CanonicalTable(NFTDocument(of: namespace), family: family.tableFamily)
            #expect(!table.endpoints.isEmpty)
            #expect(try CanonicalTable(NFTDocument(of: other), family: family.tableFamily) == table)
        }
        #expect(proxy.failures == [])
    }

    @Test("a stranger's damage that nobody tells of is healed by the next change", arguments: Damage.allCases)
    func damage(_ damage: Damage) async throws {
        let namespace = try NetworkNamespace.create()
        var dataplane = DataplaneConfiguration(detector: .podNetworks)
        dataplane.followsOthers = false
        let proxy = try await Self.randomProxy(seed: 7, in: namespace, dataplane)
        var web = ServiceFixture("damaged", host: 200)
        web.ports = [.init(name: "http", transport: .tcp, nodePort: 31_000)]
        web.backends = [.init(LabAddresses.pod(11, node: 1), nodeName: "node-1")]
        await proxy.apply(web.events)
        try Tool.run("nft", damage.command, in: namespace)
        let before = proxy.reports.count
        web.backends = [12, 13].map { .init(LabAddresses.pod($0, node: 1), nodeName: "node-1") }
        await proxy.apply(web.endpointEvents)
        try await expectFullState(of: proxy, in: namespace, "\(damage)")
        // The reconciler did it by itself.
        #expect(proxy.failures == [])
        #expect(proxy.reports.dropFirst(before).contains { $0.isFull })
    }

    enum Damage: CaseIterable {
        case flushedRuleSet, deletedTable, deletedElement, changedElement

        var command: String {
            switch self {
            case .flushedRuleSet: "flush ruleset"
            case .deletedTable: "delete table ip6 fairlead"
            case .deletedElement: "delete element ip fairlead endpoints { 10.96.0.200 . tcp . 80 . 0 }"
            case .changedElement:
                """
                add element ip6 fairlead endpoints { fd96::c8 . tcp . 80 . 1 : fd44:0:0:1::bad . 8080 }
                """
            }
        }
    }

    @Test("sets that are full grow, and the table stays", arguments: IPFamily.allCases)
    func growth(family: IPFamily) throws {
        let namespace = try NetworkNamespace.create()
        var reconciler = Reconciler(try namespace.run { try NFTBackend(DataplaneConfiguration(families: [family])) })
        _ = try reconciler.commit { _ in }
        let before = try Self.tableHandle(family, in: namespace)
        let name = ServicePortName(namespace: "default", service: "huge", port: "", protocol: .tcp, family: family)
        for count in [8_000, 9_000, 40_000] {
            let endpoints = (1...UInt128(count)).map { number in
                Endpoint(address: IPAddress(number: 0x0AF4_0000 + number, family: family), port: 8080)
            }
            let port = ServicePort(
                clusterIP: IPAddress(number: 0x0A60_0001, family: family), port: 80, endpoints: endpoints)
            reconciler.accept(DesiredChanges(servicePorts: [name: port]))
            let report = try reconciler.commit { Issue.record("\($0)") }
            // Made for 8,192 slots at first.
            #expect(report.isFull == (count != 8_000))
            let map = try Tool.run("nft", "list", "map", family.tableFamily, "fairlead", "endpoints", in: namespace)
            // A colon in each element, and one in the map's type.
            #expect(map.split(separator: " : ").count - 2 == count)
        }
        #expect(try Self.tableHandle(family, in: namespace) == before)
    }

    private static func tableHandle(_ family: IPFamily, in namespace: NetworkNamespace) throws -> Substring? {
        try Tool.run("nft", "-a", "list", "table", family.tableFamily, "fairlead", in: namespace)
            .split(separator: "\n").first
    }

    @Test("a new daemon leaves nothing of what it finds but what is right", arguments: Leftover.allCases)
    func leftover(_ leftover: Leftover) async throws {
        let namespace = try NetworkNamespace.create()
        let proxy = try await Self.randomProxy(seed: 9, in: namespace)
        proxy.stop()
        try Tool.run("nft", "-f", "-", in: namespace, input: leftover.commands)
        try await proxy.start()
        try await expectFullState(of: proxy, in: namespace, "\(leftover)")
        let fresh = try NetworkNamespace.create()
        let twin = try await proxy.twin(in: fresh)
        // Only what differs: there are hundreds.
        #expect(try Self.chains(in: namespace).difference(from: Self.chains(in: fresh)).map(\.text) == [])
        #expect(proxy.failures + twin.failures == [])
    }

    enum Leftover: CaseIterable {
        case foreignChainsAndSets, foreignRules, otherKindOfSet, otherHook, halfATable

        var commands: String {
            switch self {
            case .foreignChainsAndSets:
                """
                add set ip fairlead stale { type ipv4_addr; }
                add chain ip fairlead old
                add rule ip fairlead old ip daddr @stale drop
                add rule ip fairlead services jump old
                add chain ip6 fairlead foreign { type filter hook forward priority 7; }
                """
            case .foreignRules:
                """
                insert rule ip fairlead services drop
                add rule ip6 fairlead pick-1 drop
                flush chain ip fairlead postrouting
                """
            case .otherKindOfSet:
                """
                delete table ip fairlead
                add table ip fairlead
                add set ip fairlead cluster-ips { type inet_service; elements = { 80 }; }
                """
            case .otherHook:
                """
                delete table ip6 fairlead
                add table ip6 fairlead
                add chain ip6 fairlead prerouting { type filter hook input priority 5; }
                """
            case .halfATable:
                """
                flush table ip fairlead
                delete table ip6 fairlead
                """
            }
        }
    }

    /// The text of every chain, as nft prints it.
    private static func chains(in namespace: NetworkNamespace) throws -> [String] {
        try Tool.run("nft", "-s", "list", "ruleset", in: namespace).split(separator: "\n\tchain ").dropFirst()
            .map { String($0.prefix { $0 != "}" }) }
            // Size classes stay that no Service needs any more.
            .filter { !$0.hasPrefix("pick") }.sorted()
    }

    private static func randomProxy(
        seed: UInt64, in namespace: NetworkNamespace,
        _ dataplane: DataplaneConfiguration = DataplaneConfiguration(detector: .podNetworks)
    ) async throws -> ProxyUnderTest {
        let proxy = try ProxyUnderTest(in: namespace, dataplane: dataplane)
        var events = RandomEvents(seed: seed)
        for _ in 0..<30 { proxy.submit(events.change()) }
        proxy.submit([.node(.modified(node(2)))])
        await proxy.settled()
        return proxy
    }

    private static func node(_ number: Int) -> Node {
        let addresses = number == 0 ? [] : LabAddresses.host(UInt8(number)).both
        return Node(
            metadata: ObjectMeta(name: "node-1"),
            status: NodeStatus(
                addresses: addresses.map { NodeStatus.Address(type: "InternalIP", address: $0.description) }))
    }

    private func expectFullState(
        of proxy: ProxyUnderTest, in namespace: NetworkNamespace, _ comment: Comment,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let fresh = try NetworkNamespace.create()
        let twin = try await proxy.twin(in: fresh)
        let (document, expected) = try (NFTDocument(of: namespace), NFTDocument(of: fresh))
        for family in IPFamily.allCases.map(\.tableFamily) {
            let table = CanonicalTable(document, family: family)
            // Only the lines that differ, "-" for what lacks: a table has hundreds.
            let lines = CanonicalTable(expected, family: family).lines.difference(from: table.lines)
            let missing = lines.insertions.map { "- \($0.text)" }
            #expect(missing + lines.removals.map { "+ \($0.text)" } == [], comment, sourceLocation: location)
            #expect(table.gaps == [], comment, sourceLocation: location)
        }
        #expect(twin.failures == [], comment, sourceLocation: location)
    }
}
