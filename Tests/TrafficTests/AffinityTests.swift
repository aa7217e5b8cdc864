import KubeAPI
import Net
import Proxy
import TestSupport
import Testing

@Suite("Session affinity, with real packets", .networkNamespaces, .fewAtATime)
struct AffinityTests {
    private typealias Frontend = ServiceFixture.Frontend

    /// Clients of different addresses: with N endpoints the chance that all agree by accident is N^-15.
    private static let clients = (0..<16).map { TrafficLab.Place.otherClient($0) }

    /// Who answers each client, by family, transport and client.
    private func answers(
        _ lab: TrafficLab, _ frontend: Frontend, flows: [Flow] = Flow.all, clients: [TrafficLab.Place] = Self.clients
    ) throws -> [String] {
        try lab.lab.client.run {
            flows.flatMap { flow in
                clients.map { client in
                    let outcome = lab.request(
                        from: client, frontend.address[flow.family], frontend.port, flow.transport
                    ).run()
                    return outcome.server ?? "\(frontend) \(flow.testDescription): \(outcome)"
                }
            }
        }
    }

    private func service(_ lab: TrafficLab, seconds: Int? = 10_800) -> ServiceFixture {
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[2], lab.pods[3]])
        web.affinitySeconds = seconds
        return web
    }

    @Test("41, 42: a client keeps its endpoint, by whatever address of the port it comes")
    func sticky() async throws {
        let lab = try TrafficLab()
        let web = service(lab)
        await lab.proxy.apply(web.events)
        let first = try answers(lab, web.cluster)
        #expect(Set(first) == Set([1, 2, 3].map { lab.pods[$0].name }))
        for _ in 0..<3 {
            for frontend in web.all(lab.lab) { #expect(try answers(lab, frontend) == first, "\(frontend)") }
        }
        // Pods and the node are clients as well.
        for place in [TrafficLab.Place.pod, .node] {
            for flow in Flow.all {
                let servers = try web.all(lab.lab).flatMap { frontend in
                    try (0..<4).map { _ in
                        try lab.probe(from: place, frontend.address[flow.family], frontend.port, flow.transport).server
                    }
                }
                // The node's address is another one for each way out, but not here: all leave by the default route.
                #expect(Set(servers).count == 1, "\(place) \(flow.testDescription): \(servers)")
            }
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("43: when its endpoint goes a client gets another one, and the others keep theirs")
    func removal() async throws {
        let lab = try TrafficLab()
        var web = service(lab)
        await lab.proxy.apply(web.events)
        let first = try answers(lab, web.cluster)
        web.backends = [.init(lab.pods[1]), .init(lab.pods[3])]
        await lab.proxy.apply(web.endpointEvents)
        lab.forgetDatagrams()
        let second = try answers(lab, web.cluster)
        #expect(Set(second) == [lab.pods[1].name, lab.pods[3].name])
        for (before, after) in zip(first, second) where before != lab.pods[2].name { #expect(after == before) }
        for frontend in web.all(lab.lab) { #expect(try answers(lab, frontend) == second) }
        // One that comes takes nobody away.
        web.backends.append(.init(lab.pods[2]))
        await lab.proxy.apply(web.endpointEvents)
        #expect(try answers(lab, web.cluster) == second)
        // None at all, and back.
        web.backends = []
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectRefused(web.all(lab.lab))
        web.backends = [.init(lab.pods[2])]
        await lab.proxy.apply(web.endpointEvents)
        lab.forgetDatagrams()
        #expect(try Set(answers(lab, web.cluster)) == [lab.pods[2].name])
        #expect(lab.proxy.failures == [])
    }

    @Test("44: affinity can be switched on and off")
    func switching() async throws {
        let lab = try TrafficLab()
        var web = service(lab, seconds: nil)
        await lab.proxy.apply(web.events)
        for _ in 0..<2 {
            web.affinitySeconds = nil
            await lab.proxy.apply(web.serviceEvents)
            lab.forgetDatagrams()
            let free = try (0..<3).map { _ in try answers(lab, web.cluster) }
            #expect(Set(free).count == 3)
            web.affinitySeconds = 100
            await lab.proxy.apply(web.serviceEvents)
            lab.forgetDatagrams()
            let bound = try answers(lab, web.cluster)
            for frontend in web.all(lab.lab) { #expect(try answers(lab, frontend) == bound) }
            // Another time-out changes no client's endpoint.
            web.affinitySeconds = 200
            await lab.proxy.apply(web.serviceEvents)
            #expect(try answers(lab, web.cluster) == bound)
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("45: each port, each Service and each family has an affinity of its own")
    func independent() async throws {
        let lab = try TrafficLab()
        var web = service(lab)
        web.ports = [80, 81].map { .init(name: "p\($0)", transport: .tcp, port: $0, nodePort: 30_000 + $0) }
        var other = service(lab)
        (other.name, other.host) = ("other", 11)
        (other.externalIPs, other.balancers) = ([], [])
        other.ports = other.ports.map { .init(name: $0.name, transport: $0.transport, nodePort: 0) }
        await lab.proxy.apply(web.events + other.events)
        let flows = IPFamily.allCases.map { Flow(family: $0, transport: .tcp) }
        let frontends = [
            web.cluster, Frontend(kind: "second port", address: web.clusterIP, port: 81), other.cluster,
        ]
        var assignments: Set<[String]> = []
        for frontend in frontends {
            for flow in flows {
                let first = try answers(lab, frontend, flows: [flow])
                #expect(try answers(lab, frontend, flows: [flow]) == first)
                assignments.insert(first)
            }
        }
        #expect(assignments.count == frontends.count * flows.count)
        // TCP and UDP are two service ports, too.
        #expect(
            try answers(lab, other.cluster, flows: [Flow(family: .ipv4, transport: .udp)])
                != answers(lab, other.cluster, flows: [Flow(family: .ipv4, transport: .tcp)]))
        #expect(lab.proxy.failures == [])
    }

    @Test("41, 46: a client's time begins anew with each connection, and when it is over the client is balanced anew")
    func timeout() async throws {
        let lab = try TrafficLab()
        let seconds = 3
        let web = service(lab, seconds: seconds)
        await lab.proxy.apply(web.events)
        let flows = IPFamily.allCases.map { Flow(family: $0, transport: .tcp) }
        let first = try answers(lab, web.cluster, flows: flows)
        // Longer in all than the time-out, each pause shorter.
        var last = ContinuousClock.now
        var isInTime = true
        for _ in 0..<4 {
            try await Task.sleep(for: .seconds(1))
            let before = last
            last = .now
            let next = try answers(lab, web.cluster, flows: flows)
            // A machine that halts for so long proves nothing.
            if before.duration(to: .now) > .milliseconds(seconds * 1000 - 500) { isInTime = false }
            if isInTime { #expect(next == first) }
        }
        try await Task.sleep(for: .milliseconds(seconds * 1000 + 200))
        #expect(try answers(lab, web.cluster, flows: flows) != first)
        #expect(lab.proxy.failures == [])
    }

    @Test("9, 41: with policy Local a client keeps a local endpoint, and its own address")
    func local() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[2], lab.pods[3]])
        web.externalPolicy = .local
        web.affinitySeconds = 10_800
        await lab.proxy.apply(web.events)
        let first = try answers(lab, web.external(lab.lab)[0])
        #expect(Set(first) == [lab.pods[1].name, lab.pods[2].name])
        for frontend in web.external(lab.lab) { #expect(try answers(lab, frontend) == first, "\(frontend)") }
        for flow in Flow.all {
            let frontend = web.external(lab.lab)[1]
            let outcome = try lab.probe(from: .otherClient(0), frontend.address[flow.family], 80, flow.transport)
            guard case .answered(_, let source) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(source == lab.lab.otherClientAddresses[0][flow.family])
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("52: clients keep their endpoints when the daemon starts anew")
    func restart() async throws {
        let lab = try TrafficLab()
        let web = service(lab)
        await lab.proxy.apply(web.events)
        let first = try answers(lab, web.cluster)
        lab.proxy.stop()
        #expect(try answers(lab, web.cluster) == first)
        try await lab.proxy.start()
        #expect(try answers(lab, web.cluster) == first)
        #expect(lab.proxy.failures == [])
    }
}
