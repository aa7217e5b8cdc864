import KubeAPI
import Net
import TestSupport
import Testing

@Suite("Under load", .networkNamespaces, .fewAtATime, .serialized)
struct LoadTests {
    @Test("52: the rules survive the daemon, and the next one adopts them without a lost or refused connection")
    func restart() async throws {
        let lab = try TrafficLab()
        let servers = [lab.pods[1], lab.pods[2], lab.pods[3]]
        let web = ServiceFixture(backends: servers)
        await lab.proxy.apply(web.events)
        let load = try LoadOnLab(on: lab, web)
        for _ in 0..<20 {
            try await load.proceed()
            lab.proxy.stop()
            try await load.proceed()
            try await lab.proxy.start()
            #expect(lab.proxy.reports.map(\.isFull) == [true])
        }
        try await load.proceed()
        try load.expectNoLoss(servers: servers)
        #expect(lab.proxy.failures == [])
    }

    @Test("Endpoints come and go without a lost or refused connection")
    func scaling() async throws {
        let lab = try TrafficLab()
        // Never the client's own pod: a connection of it to itself is another test's.
        let servers = [lab.pods[1], lab.pods[2], lab.pods[3]]
        var web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        let load = try LoadOnLab(on: lab, web)
        var random = SeededGenerator(seed: 52)
        for round in 0..<60 {
            // 1 → 3 → 1, then any endpoints in any order.
            let next: [LabPod] =
                round < 20
                ? (round % 2 == 0 ? servers : [lab.pods[1]])
                : Array(servers.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
            web.backends = next.map { .init($0) }
            await lab.proxy.apply(web.endpointEvents)
            if round % 4 == 0 { try await load.proceed(by: 2) }
        }
        try load.expectNoLoss(servers: servers)
        #expect(lab.proxy.failures == [])
    }

    @Test("35, 52: an open connection outlives its endpoint's removal and the daemon", arguments: IPFamily.allCases)
    func openConnections(family: IPFamily) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        let targets = [
            SocketAddress(web.clusterIP[family], port: 80), SocketAddress(lab.lab.node.address[family], port: 30_080),
        ]
        var connections = TrafficLab.Place.standard.flatMap { place in
            targets.map { (place, HeldConnection(Probe($0, timeoutMilliseconds: 5000))) }
        }
        func askAll() throws -> [Probe.Outcome] {
            try connections.indices.map { index in
                try lab.namespace(connections[index].0).run { connections[index].1.ask() }
            }
        }
        let first = try askAll()
        #expect(first.filter { !$0.isAnswer } == [])
        web.backends = [.init(lab.pods[2])]
        await lab.proxy.apply(web.endpointEvents)
        try #expect(askAll() == first, "endpoints removed")
        lab.proxy.stop()
        try #expect(askAll() == first, "daemon stopped")
        try await lab.proxy.start()
        try #expect(askAll() == first, "daemon started")
        await lab.proxy.apply(web.removal)
        try #expect(askAll() == first, "Service removed")
        #expect(lab.proxy.failures == [])
    }
}

@Suite("Shares", .networkNamespaces, .fewAtATime, .serialized)
struct ShareTests {
    @Test("Each of N endpoints gets its share of new connections", arguments: [1, 2, 3, 5, 8, 9, 17])
    func share(count: Int) async throws {
        let lab = try TrafficLab()
        let servers = try (0..<count).map { index in
            try lab.pods[1].namespace.serve("s\(index)", port: UInt16(9001 + index), transports: [.udp])
        }
        var web = ServiceFixture()
        web.ports = [.init(name: "dgram", transport: .udp)]
        for index in 0..<count {
            web.slices["\(index)"] = [.init(lab.pods[1])]
            web.targets["\(index)"] = UInt16(9001 + index)
        }
        await lab.proxy.apply(web.events)
        let target = SocketAddress(web.clusterIP.v4, port: 80)
        let tries = 200 * count
        let hits = try lab.pods[0].namespace.run {
            (0..<tries).reduce(into: [String: Int]()) { hits, _ in
                hits[Probe(target, .udp, timeoutMilliseconds: 5000).run().server ?? "none", default: 0] += 1
            }
        }
        for server in servers { server.stop() }
        #expect(Set(hits.keys) == Set(servers.map(\.name)))
        let expected = Double(tries) / Double(count)
        let deviation = hits.values.reduce(0.0) { sum, hits in
            sum + (Double(hits) - expected) * (Double(hits) - expected) / expected
        }
        #expect(deviation <= Self.limit(degreesOfFreedom: count - 1), "\(hits)")
        #expect(lab.proxy.failures == [])
    }

    /// What a chi-square variable exceeds less than once in 10^7 (Wilson and Hilferty's approximation, z = 5.2).
    private static func limit(degreesOfFreedom: Int) -> Double {
        guard degreesOfFreedom > 0 else { return 0 }
        let spread = 2 / (9 * Double(degreesOfFreedom))
        let root = 1 - spread + 5.2 * spread.squareRoot()
        return Double(degreesOfFreedom) * root * root * root
    }
}
