import KubeAPI
import Net
import TestSupport
import Testing

@Suite("Which endpoints are used, with real packets", .networkNamespaces, .fewAtATime)
struct EndpointTests {
    @Test(
        "20, 26: without endpoints every frontend refuses, whoever asks; the first endpoint serves the next connection")
    func noEndpoints() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere()
        let all = web.all(lab.lab)
        let host = try lab.lab.node.namespace.serve("host", port: 30_080)
        await lab.proxy.apply(web.events)
        for round in 0..<2 {
            try lab.expectRefused(all)
            web.backends = [.init(lab.pods[1 + round])]
            await lab.proxy.apply(web.endpointEvents)
            for place in TrafficLab.Place.standard {
                for frontend in all {
                    for flow in Flow.all {
                        let outcome = try lab.probe(
                            from: place, frontend.address[flow.family], frontend.port, flow.transport)
                        #expect(outcome.server == lab.pods[1 + round].name, "\(place) → \(frontend)")
                    }
                }
            }
            web.backends = []
            await lab.proxy.apply(web.endpointEvents)
        }
        try lab.expectRefused(all)
        // With policies, too.
        (web.internalPolicy, web.externalPolicy) = (.local, .local)
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectRefused(all)
        // A Service without any slice.
        await lab.proxy.apply(web.removal + web.serviceEvents)
        try lab.expectRefused(all)
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("21: endpoints that do not serve are as none; terminating ones that serve are used")
    func notServing() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere()
        web.backends = [
            .init(lab.pods[1], ready: false, serving: false),
            .init(lab.pods[3], ready: false, serving: false, terminating: true),
        ]
        await lab.proxy.apply(web.events)
        try lab.expectRefused(web.all(lab.lab))
        web.backends[1] = .terminating(lab.pods[3])
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[3]], .own)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, web.external(lab.lab), by: [lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("31: terminating endpoints get no new connections while one is ready")
    func terminating() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere()
        web.backends = [.terminating(lab.pods[1]), .init(lab.pods[2]), .terminating(lab.pods[3])]
        await lab.proxy.apply(web.events)
        for _ in 0..<3 {
            try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[2]], .own)
            try lab.expectAnswers(from: [.outside], web.external(lab.lab), by: [lab.pods[2]], .masqueraded)
        }
        // The last ready one goes: the others are better than none.
        web.backends[1] = .init(lab.pods[2], ready: false, serving: false, terminating: true)
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1], lab.pods[3]], .own)
        #expect(lab.proxy.failures == [])
    }

    @Test("32: with policy Local the local endpoints are judged by themselves")
    func terminatingLocal() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere()
        web.externalPolicy = .local
        web.backends = [.terminating(lab.pods[1]), .init(lab.pods[3])]
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.outside], web.external(lab.lab), by: [lab.pods[1]], .own)
        try lab.expectAnswers(from: [.pod], [web.cluster] + web.external(lab.lab), by: [lab.pods[3]], .own)
        try lab.expectAnswers(from: [.node], web.external(lab.lab), by: [lab.pods[3]], .masqueraded)
        web.internalPolicy = .local
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
        // A ready one on this node takes over.
        web.backends.append(.init(lab.pods[2]))
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[2]], .own)
        try lab.expectAnswers(from: [.outside], web.external(lab.lab), by: [lab.pods[2]], .own)
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "33: terminating endpoints on other nodes only, with policy Local: dropped from outside, served at the ClusterIP"
    )
    func terminatingElsewhere() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere()
        web.externalPolicy = .local
        web.backends = [.terminating(lab.pods[3]), .init(lab.pods[1], ready: false, serving: false, terminating: true)]
        await lab.proxy.apply(web.events)
        try lab.expectDropped(from: [.outside], web.external(lab.lab))
        try lab.expectAnswers(from: [.pod], web.all(lab.lab), by: [lab.pods[3]], .own)
        try lab.expectAnswers(from: [.outside, .node], [web.cluster], by: [lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("34: publishNotReadyAddresses does nothing by itself: what counts is that slices say ready")
    func publishNotReady() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere()
        web.publishesNotReady = true
        web.backends = [.init(lab.pods[1], ready: false, serving: false)]
        await lab.proxy.apply(web.events)
        try lab.expectRefused([web.cluster])
        web.backends = [.init(lab.pods[1], ready: true, serving: false, terminating: true)]
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
        #expect(lab.proxy.failures == [])
    }

    @Test("55: each family has endpoints of its own", arguments: [L4Protocol.tcp, .udp])
    func families(transport: L4Protocol) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        web.backends = [.init(lab.pods[2])]
        await lab.proxy.apply([.endpointSlice(.modified(web.slice("a", .ipv6)))])
        for (family, pod) in [(IPFamily.ipv4, lab.pods[1]), (.ipv6, lab.pods[2])] {
            let flow = Flow(family: family, transport: transport)
            try lab.expectAnswers(from: [.pod], [web.cluster], by: [pod], .own, flows: [flow])
            try lab.expectAnswers(
                from: TrafficLab.Place.standard, web.external(lab.lab), by: [pod], .masqueraded, flows: [flow])
        }
        await lab.proxy.apply([.endpointSlice(.deleted(web.slice("a", .ipv4)))])
        try lab.expectRefused(web.all(lab.lab), flows: [Flow(family: .ipv4, transport: transport)])
        #expect(try lab.probe(from: .outside, web.clusterIP.v6, 80, transport).isAnswer)
        // A Service of one family leaves the other alone.
        web.families = [.ipv6]
        await lab.proxy.apply(web.serviceEvents)
        #expect(try lab.probe(from: .outside, web.clusterIP.v6, 80, transport).isAnswer)
        let beyond = try lab.lab.serveBeyond("beyond", on: [web.clusterIP], port: 80)
        lab.forgetDatagrams()
        #expect(try lab.probe(from: .pod, web.clusterIP.v4, 80, transport).server == "beyond")
        beyond.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("56: a named target port may differ from pod to pod")
    func namedPorts() async throws {
        let lab = try TrafficLab()
        let servers = try [(1, 9001), (2, 9002)].map { index, port in
            try lab.pods[index].namespace.serve("at-\(port)", port: UInt16(port))
        }
        var web = ServiceFixture.everywhere()
        web.slices = ["a": [.init(lab.pods[1])], "b": [.init(lab.pods[2])]]
        web.targets = ["a": 9001, "b": 9002]
        await lab.proxy.apply(web.events)
        for frontend in web.all(lab.lab) {
            for flow in Flow.all {
                var seen: Set<String> = []
                for _ in 0..<200 where seen != ["at-9001", "at-9002"] {
                    let outcome = try lab.probe(
                        from: .pod, frontend.address[flow.family], frontend.port, flow.transport)
                    seen.insert(outcome.server ?? "nobody")
                }
                #expect(seen == ["at-9001", "at-9002"], "\(frontend)")
            }
        }
        for server in servers { server.stop() }
        #expect(lab.proxy.failures == [])
    }
}
