import KubeAPI
import Net
import TestSupport
import Testing

@Suite("Which endpoints are used, with real packets", .networkNamespaces, .fewAtATime)
struct EndpointTests {
    @Test("20: without endpoints ClusterIP and NodePort refuse, whoever asks", arguments: Flow.all)
    func noEndpoints(flow: Flow) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture()
        await lab.proxy.apply(web.events)
        try lab.expectRefused(web.clusterIP[flow.family], 80, flow.transport)
        try lab.expectRefused(lab.lab.node.address[flow.family], 30_080, flow.transport)
        // 26
        web.backends = [.init(lab.pods[1])]
        await lab.proxy.apply(web.endpointEvents)
        for place in TrafficLab.Place.allCases {
            #expect(try lab.probe(from: place, web.clusterIP[flow.family], 80, flow.transport).isAnswer)
            #expect(try lab.probe(from: place, lab.lab.node.address[flow.family], 30_080, flow.transport).isAnswer)
        }
        // And back.
        web.backends = []
        await lab.proxy.apply([.endpointSlice(.modified(web.slice("a", flow.family)))])
        try lab.expectRefused(web.clusterIP[flow.family], 80, flow.transport)
        try lab.expectRefused(lab.lab.node.address[flow.family], 30_080, flow.transport)
        #expect(lab.proxy.failures == [])
    }

    @Test("26: the first endpoint serves the next connection, with no stale refusal", arguments: Flow.all)
    func firstEndpoint(flow: Flow) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture()
        await lab.proxy.apply(web.events)
        for round in 0..<2 {
            try lab.expectRefused(web.clusterIP[flow.family], 80, flow.transport)
            web.backends = [.init(lab.pods[1 + round % 2])]
            await lab.proxy.apply(web.endpointEvents)
            for place in TrafficLab.Place.allCases {
                #expect(try lab.probe(from: place, web.clusterIP[flow.family], 80, flow.transport).isAnswer)
            }
            web.backends = []
            await lab.proxy.apply([.endpointSlice(.modified(web.slice("a", flow.family)))])
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("21: endpoints that do not serve are as none; terminating ones that serve are used", arguments: Flow.all)
    func notServing(flow: Flow) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture()
        web.backends = [
            .init(lab.pods[1], ready: false, serving: false),
            .init(lab.pods[3], ready: false, serving: false, terminating: true),
        ]
        await lab.proxy.apply(web.events)
        try lab.expectRefused(web.clusterIP[flow.family], 80, flow.transport)
        try lab.expectRefused(lab.lab.node.address[flow.family], 30_080, flow.transport)
        web.backends[1] = .init(lab.pods[3], ready: false, serving: true, terminating: true)
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(
            from: .pod, web.clusterIP[flow.family], 80, flow.transport, by: [lab.pods[3]],
            source: lab.own(.pod, flow.family))
        #expect(lab.proxy.failures == [])
    }

    @Test("31: terminating endpoints get no new connections while one is ready", arguments: Flow.all)
    func terminating(flow: Flow) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1], lab.pods[2]])
        web.backends[0] = .init(lab.pods[1], ready: false, serving: true, terminating: true)
        await lab.proxy.apply(web.events)
        for _ in 0..<20 {
            #expect(
                try lab.probe(from: .pod, web.clusterIP[flow.family], 80, flow.transport)
                    == .answered(by: lab.pods[2].name, source: lab.pods[0].address[flow.family]))
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("55: each family has endpoints of its own", arguments: [L4Protocol.tcp, .udp])
    func families(transport: L4Protocol) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        web.backends = [.init(lab.pods[2])]
        await lab.proxy.apply([.endpointSlice(.modified(web.slice("a", .ipv6)))])
        for (family, pod) in [(IPFamily.ipv4, lab.pods[1]), (.ipv6, lab.pods[2])] {
            #expect(
                try lab.probe(from: .pod, web.clusterIP[family], 80, transport)
                    == .answered(by: pod.name, source: lab.pods[0].address[family]))
        }
        await lab.proxy.apply([.endpointSlice(.deleted(web.slice("a", .ipv4)))])
        try lab.expectRefused(web.clusterIP.v4, 80, transport)
        #expect(try lab.probe(from: .outside, web.clusterIP.v6, 80, transport).isAnswer)
        #expect(lab.proxy.failures == [])
    }

    @Test("56: a named target port may differ from pod to pod", arguments: Flow.all)
    func namedPorts(flow: Flow) async throws {
        let lab = try TrafficLab()
        let servers = try [(1, 9001), (2, 9002)].map { index, port in
            try lab.pods[index].namespace.serve("at-\(port)", port: UInt16(port))
        }
        var web = ServiceFixture()
        web.slices = ["a": [.init(lab.pods[1])], "b": [.init(lab.pods[2])]]
        web.targets = ["a": 9001, "b": 9002]
        await lab.proxy.apply(web.events)
        var seen: Set<Probe.Outcome> = []
        let expected = Set(
            ["at-9001", "at-9002"].map {
                Probe.Outcome.answered(by: $0, source: lab.pods[0].address[flow.family])
            })
        for _ in 0..<200 where seen != expected {
            seen.insert(try lab.probe(from: .pod, web.clusterIP[flow.family], 80, flow.transport))
        }
        #expect(seen == expected)
        for server in servers { server.stop() }
        #expect(lab.proxy.failures == [])
    }
}
