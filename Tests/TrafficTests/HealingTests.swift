import Dataplane
import KubeAPI
import Net
import Netlink
import Proxy
import Synchronization
import TestSupport
import Testing

@Suite("Self-healing", .networkNamespaces, .fewAtATime)
struct HealingTests {
    private static func configuration(followsOthers: Bool = true) -> DataplaneConfiguration {
        var configuration = DataplaneConfiguration(detector: .podNetworks)
        configuration.followsOthers = followsOthers
        return configuration
    }

    /// A data plane with services that use every set.
    private static func start(
        followsOthers: Bool = true, receiveBufferByteCount: Int? = nil
    ) async throws -> DataplaneUnderTest {
        let dataplane = try DataplaneUnderTest(
            in: NetworkNamespace.create(), configuration(followsOthers: followsOthers),
            receiveBufferByteCount: receiveBufferByteCount)
        await dataplane.apply(HealingState.changes())
        return dataplane
    }

    @Test("whatever a stranger does is noticed and repaired", arguments: Damage.allCases, IPFamily.allCases)
    func damage(_ damage: Damage, _ family: IPFamily) async throws {
        let dataplane = try await Self.start()
        defer { dataplane.stop() }
        let before = try NFTDocument(of: dataplane.namespace).canonical
        #expect(before.contains { $0.contains("allowed-sources") && $0.contains("10.244.0.0") })
        try damage.perform(family, in: dataplane.namespace)
        try await eventually { !dataplane.record.repairs.isEmpty }
        let record = dataplane.record
        let repair = try #require(record.repairs.first)
        #expect(repair.processes.first?.hasPrefix("nft (pid ") == true, "\(repair)")
        #expect(repair.tables.contains("table \(family.tableFamily) fairlead"), "\(repair)")
        #expect(repair.isFull == damage.isOfEverything, "\(repair)")
        #expect(repair.leftovers == [] && !repair.changes.isEmpty, "\(repair)")
        let after = try NFTDocument(of: dataplane.namespace).canonical
        #expect(after.difference(from: before).map(\.text) == [], "\(repair)")
        #expect(record.failures.map(\.description) == [])
        // It is quiet again, and the next change meets nothing unexpected.
        await dataplane.apply(
            DesiredChanges(servicePorts: [
                HealingState.name("web", family): ServicePort(
                    clusterIP: HealingState.address(1, family), port: 80,
                    endpoints: [7, 8].map { HealingState.endpoint($0, family) })
            ]))
        #expect(dataplane.record.repairs.count == 1 && dataplane.record.failures.isEmpty)
        #expect(dataplane.record.reports.last?.isFull == false)
        let report = await dataplane.verify()
        #expect(report.damaged == 0 && report.skipped == 0 && report.servicePorts == 6)
    }

    @Test("verification finds what nobody told of", arguments: Damage.allCases, IPFamily.allCases)
    func verification(_ damage: Damage, _ family: IPFamily) async throws {
        // Policies and flags are not verified: they come with the news only.
        if damage == .changedPolicy || damage == .dormantTable { return }
        let dataplane = try await Self.start(followsOthers: false)
        defer { dataplane.stop() }
        let clean = await dataplane.verify()
        #expect(clean.damaged == 0 && clean.skipped == 0)
        #expect(clean.servicePorts == 6 && clean.elements > 40)
        let before = try NFTDocument(of: dataplane.namespace).canonical
        try damage.perform(family, in: dataplane.namespace)
        #expect(dataplane.record.repairs.isEmpty)
        let report = await dataplane.verify()
        #expect(report.damaged > 0)
        #expect(!dataplane.record.repairs.isEmpty)
        let after = try NFTDocument(of: dataplane.namespace).canonical
        #expect(after.difference(from: before).map(\.text) == [], "\(dataplane.record.repairs)")
        #expect(await dataplane.verify().damaged == 0)
    }

    @Test("what a verification finds is exact while services change")
    func verificationUnderChurn() async throws {
        let dataplane = try DataplaneUnderTest(
            in: NetworkNamespace.create(), Self.configuration(followsOthers: false))
        defer { dataplane.stop() }
        let isDone = Mutex(false)
        async let churn: Void = {
            var random = RandomServicePorts(seed: 3)
            var desired = DesiredState()
            while !isDone.withLock({ $0 }) {
                let dirty = random.change(&desired)
                var changes = DesiredChanges()
                for name in dirty.servicePorts {
                    changes.servicePorts.updateValue(desired.servicePorts[name], forKey: name)
                }
                await dataplane.apply(changes)
            }
        }()
        var elements = 0
        for _ in 0..<20 {
            let report = await dataplane.verify()
            #expect(report.damaged == 0 && report.skipped == 0)
            elements += report.elements
        }
        isDone.withLock { $0 = true }
        await churn
        #expect(elements > 0 && dataplane.record.repairs.isEmpty)
        #expect(dataplane.record.failures.isEmpty)
    }

    @Test("a storm that overflows the listener's buffer is repaired, too")
    func overflow() async throws {
        let dataplane = try await Self.start(receiveBufferByteCount: 4096)
        defer { dataplane.stop() }
        let before = try NFTDocument(of: dataplane.namespace).canonical
        var commands = ""
        for number in 0..<20_000 {
            commands += "add element ip fairlead node-ips { 10.1.\(number / 200).\(number % 200) }\n"
        }
        commands += "flush map ip6 fairlead endpoints\nflush chain ip fairlead services\n"
        try Tool.run("nft", "-f", "-", in: dataplane.namespace, input: commands)
        try await eventually {
            try NFTDocument(of: dataplane.namespace).canonical.difference(from: before).isEmpty
        }
        #expect(!dataplane.record.repairs.isEmpty)
        #expect(await dataplane.verify().damaged == 0)
    }

    @Test("a stranger who never stops is answered, and does not take the processor")
    func endlessFight() async throws {
        let dataplane = try await Self.start()
        defer { dataplane.stop() }
        let before = try NFTDocument(of: dataplane.namespace).canonical
        for _ in 0..<60 {
            try Tool.run("nft", "add rule ip fairlead services counter", in: dataplane.namespace)
        }
        // Each at once at first; then several together.
        #expect(dataplane.record.repairs.count < 60)
        try await eventually {
            try NFTDocument(of: dataplane.namespace).canonical.difference(from: before).isEmpty
        }
    }

    /// A foreign chain that a foreign map leads to, and a rule of ours to it.
    private static let tiedTogether = """
        add chain ip fairlead other
        add rule ip fairlead other drop
        add chain ip fairlead another
        add rule ip fairlead another jump other
        insert rule ip fairlead prerouting meta mark { 7, 8 } jump another
        add map ip fairlead jumps { type mark : verdict; elements = { 1 : jump another }; }
        """

    @Test("what refers to each other is deleted in an order that the kernel allows (EBUSY)")
    func busy() async throws {
        let dataplane = try await Self.start()
        defer { dataplane.stop() }
        let before = try NFTDocument(of: dataplane.namespace).canonical
        try Tool.run("nft", "-f", "-", in: dataplane.namespace, input: Self.tiedTogether)
        try await eventually { !dataplane.record.repairs.isEmpty }
        let after = try NFTDocument(of: dataplane.namespace).canonical
        #expect(after.difference(from: before).map(\.text) == [])
        #expect(dataplane.record.repairs.first?.leftovers == [])
    }

    @Test("a new daemon keeps the table in which it finds such things")
    func busyAtStart() async throws {
        let dataplane = try await Self.start()
        dataplane.stop()
        let before = try NFTDocument(of: dataplane.namespace).canonical
        try Tool.run("nft", "-f", "-", in: dataplane.namespace, input: Self.tiedTogether)
        func handle() throws -> Substring? {
            try Tool.run("nft", "-a", "list", "table", "ip", "fairlead", in: dataplane.namespace)
                .split(separator: "\n").first
        }
        let table = try handle()
        let next = try DataplaneUnderTest(in: dataplane.namespace, Self.configuration())
        defer { next.stop() }
        await next.apply(HealingState.changes())
        #expect(try handle() == table)
        let after = try NFTDocument(of: dataplane.namespace).canonical
        #expect(after.difference(from: before).map(\.text) == [])
        #expect(next.record.failures.isEmpty && next.record.repairs.isEmpty)
    }

    @Test("traffic goes on through damage and repair", arguments: IPFamily.allCases)
    func traffic(family: IPFamily) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture("web", host: 10, backends: Array(lab.pods[1...2]))
        await lab.proxy.apply(web.events)
        let address = LabAddresses.service(10)[family]
        let hammer = try Hammer(in: lab.namespace(.pod), address, port: 80, .tcp)
        let damages: [Damage] = [
            .flushedMap, .flushedSet, .insertedRule, .flushedChain, .deletedChains, .flushedTable, .deletedTable,
            .flushedRuleSet,
        ]
        for (number, damage) in damages.enumerated() {
            try damage.perform(family, in: lab.lab.node.namespace)
            try await eventually { lab.proxy.repairs.count > number }
            let count = hammer.count
            try await eventually { hammer.count > count + 10 }
        }
        let outcomes = hammer.stop()
        #expect(outcomes.keys.contains { if case .answered = $0 { true } else { false } })
        // With nobody at it, not one connection fails.
        let quiet = try Hammer(in: lab.namespace(.pod), address, port: 80, .tcp)
        try await eventually { quiet.count > 200 }
        let expected = Set(
            lab.pods[1...2].map { Probe.Outcome.answered(by: $0.name, source: lab.pods[0].address[family]) })
        #expect(Set(quiet.stop().keys) == expected)
        #expect(lab.proxy.failures == [])
    }

    @Test("one service port that the kernel refuses stops no other, and is tried again by itself")
    func refusedServicePort() async throws {
        let dataplane = try await Self.start()
        defer { dataplane.stop() }
        let full = dataplane.record.reports.count { $0.isFull }
        let bad = HealingState.name("bad", .ipv4)
        let good = HealingState.name("good", .ipv4)
        let holder = HealingState.name("web", .ipv4)
        // The same frontend as another one's, with other endpoints: EEXIST.
        let clash = ServicePort(
            clusterIP: HealingState.address(1, .ipv4), port: 80, endpoints: [HealingState.endpoint(9, .ipv4)])
        await dataplane.apply(
            DesiredChanges(servicePorts: [
                bad: clash,
                good: ServicePort(
                    clusterIP: HealingState.address(50, .ipv4), port: 80,
                    endpoints: [HealingState.endpoint(10, .ipv4)]),
            ]))
        let failures = dataplane.record.failures
        #expect(failures.count == 1)
        #expect([bad, holder].contains(failures.first?.servicePort))
        #expect(failures.first?.description.contains("10.96.0.1 . tcp . 80") == true)
        #expect(try Self.endpoints(in: dataplane).contains("10.96.0.50 . tcp . 80 . 0 : 10.244.1.10 . 8080"))
        // Not for one of them was all written anew.
        #expect(dataplane.record.reports.count { $0.isFull } == full)
        let refused = try #require(failures.first?.servicePort)
        await dataplane.apply(DesiredChanges(servicePorts: [refused == bad ? holder : bad: nil]))
        // The cause has gone: nobody says anything more of the refused one.
        let endpoint = refused == bad ? "10.244.1.9" : "10.244.1.1"
        try await eventually {
            try Self.endpoints(in: dataplane).contains("10.96.0.1 . tcp . 80 . 0 : \(endpoint) . 8080")
        }
        #expect(await dataplane.verify().damaged == 0)
    }

    @Test("signals that interrupt system calls do no harm")
    func interrupted() async throws {
        let dataplane = try await Self.start()
        defer { dataplane.stop() }
        let signals = try SignalStorm(threadName: "fairlead-sync")
        for round in 0..<200 as Range<UInt8> {
            await dataplane.apply(
                DesiredChanges(servicePorts: [
                    HealingState.name("many", .ipv6): ServicePort(
                        clusterIP: HealingState.address(9, .ipv6), port: 80,
                        endpoints: (0...(round % 40)).map { HealingState.endpoint(100 + $0, .ipv6) })
                ]))
            if round % 50 == 9 {
                try Tool.run("nft", "flush map ip6 fairlead endpoints", in: dataplane.namespace)
                #expect(await dataplane.verify().skipped == 0)
            }
        }
        #expect(signals.stop() > 100)
        #expect(dataplane.record.failures.map(\.description) == [])
        #expect(await dataplane.verify().damaged == 0)
    }

    private static func endpoints(in dataplane: DataplaneUnderTest) throws -> String {
        try Tool.run("nft", "list", "map", "ip", "fairlead", "endpoints", in: dataplane.namespace)
    }
}
