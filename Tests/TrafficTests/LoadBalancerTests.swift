import Dataplane
import KubeAPI
import Net
import TestSupport
import Testing

@Suite("Load balancers, with real packets", .networkNamespaces, .fewAtATime)
struct LoadBalancerTests {
    @Test("16: a load balancer's address is served on the node, unless its mode is Proxy")
    func mode() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        let balancer = try lab.lab.serveBeyond("balancer", on: web.balancers, port: 80)
        for mode in [nil, "VIP"] as [String?] {
            web.balancerMode = mode
            await lab.proxy.apply(web.events)
            try lab.expectAnswers(
                from: TrafficLab.Place.standard, web.balancerFrontends, by: [lab.pods[1], lab.pods[3]], .masqueraded)
        }
        web.balancerMode = "Proxy"
        await lab.proxy.apply(web.serviceEvents)
        lab.forgetDatagrams()
        for place in [TrafficLab.Place.pod, .outside] {
            for flow in Flow.all {
                #expect(
                    try lab.probe(from: place, web.balancers[0][flow.family], 80, flow.transport)
                        == .answered(by: "balancer", source: lab.address(of: place)[flow.family]))
            }
        }
        // Its other addresses are as before.
        try lab.expectAnswers(
            from: [.outside], [web.cluster] + web.external(lab.lab).dropLast(), by: [lab.pods[1], lab.pods[3]],
            .masqueraded)
        web.balancerMode = nil
        await lab.proxy.apply(web.serviceEvents)
        lab.forgetDatagrams()
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, web.balancerFrontends, by: [lab.pods[1], lab.pods[3]], .masqueraded)
        balancer.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "27, 29: source ranges keep others from the load balancer's address, and from nothing else",
        arguments: ServiceFixture.Policy.allCases)
    func sourceRanges(policy: ServiceFixture.Policy) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        web.externalPolicy = policy
        // " " as the API allows it.
        web.sourceRanges =
            [" \(lab.lab.clientAddress.v4)/32", "\(lab.lab.clientAddress.v6)/128 "]
            + lab.lab.otherClientAddresses[1].prefixes.map(\.description)
        let beyond = try lab.lab.serveBeyond("beyond", on: web.balancers, port: 80)
        await lab.proxy.apply(web.events)
        let source: TrafficLab.Source = policy == .local ? .own : .masqueraded
        try lab.expectAnswers(
            from: [.outside, .otherClient(1)], web.balancerFrontends, by: [lab.pods[1]], source)
        try lab.expectDropped(from: [.pod, .node, .otherClient(0), .otherNode], web.balancerFrontends)
        // Where ranges do not apply.
        let others = [web.cluster] + web.external(lab.lab).filter { $0.kind != "load balancer" }
        try lab.expectAnswers(from: [.node], others, by: [lab.pods[1]], .masqueraded)
        try lab.expectAnswers(from: [.otherClient(0)], Array(others.dropFirst()), by: [lab.pods[1]], source)
        // Without endpoints it is the same: dropped before anything is refused.
        let backends = web.backends
        web.backends = []
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectDropped(from: [.otherClient(0)], web.balancerFrontends)
        try lab.expectRefused(from: [.outside], web.balancerFrontends)
        web.backends = backends
        // Pods and nodes within the ranges.
        web.sourceRanges = (LabAddresses.clusterCIDRs + LabAddresses.lanCIDRs).map(\.description)
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: [.pod], web.balancerFrontends, by: [lab.pods[1]], policy == .local ? .own : .masqueraded)
        try lab.expectAnswers(from: [.node], web.balancerFrontends, by: [lab.pods[1]], .masqueraded)
        try lab.expectAnswers(from: [.otherNode], web.balancerFrontends, by: [lab.pods[1]], source)
        try lab.expectDropped(from: [.otherClient(1)], web.balancerFrontends)
        beyond.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("28: a range with the node's address allows the load balancer's own address as a source")
    func nodeInRange() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        web.sourceRanges = lab.lab.node.address.prefixes.map(\.description)
        // As a cloud's agent does it: the node has the load balancer's address.
        for address in web.balancers[0].both {
            try Tool.run(
                "ip", "address", "add", "\(address)/\(address.family.bitWidth)", "dev", "lo",
                in: lab.lab.node.namespace)
        }
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.node], web.balancerFrontends, by: [lab.pods[1]], .masqueraded)
        func askFromBalancer(_ flow: Flow) throws -> Probe.Outcome {
            let address = web.balancers[0][flow.family]
            return try lab.lab.node.namespace.probe(
                address, port: 80, flow.transport, timeoutMilliseconds: 500, source: address)
        }
        for flow in Flow.all {
            #expect(try askFromBalancer(flow).server == lab.pods[1].name, "\(flow.testDescription)")
        }
        try lab.expectDropped(from: [.outside, .pod], web.balancerFrontends)
        // Not so when the range has other addresses.
        web.sourceRanges = lab.lab.clientAddress.prefixes.map(\.description)
        await lab.proxy.apply(web.serviceEvents)
        lab.forgetDatagrams()
        for flow in Flow.all { #expect(try askFromBalancer(flow).isAnswer == false, "\(flow.testDescription)") }
        try lab.expectAnswers(from: [.outside], web.balancerFrontends, by: [lab.pods[1]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("29: a range of everything, and ranges of the other family only, filter nothing")
    func openRanges() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        web.sourceRanges = ["198.51.100.200/32", "0.0.0.0/0", "2001:db8:100::c8/128"]
        await lab.proxy.apply(web.events)
        func flows(_ family: IPFamily) -> [Flow] { Flow.all.filter { $0.family == family } }
        let places: [TrafficLab.Place] = [.pod, .node, .outside, .otherClient(0)]
        try lab.expectAnswers(
            from: places, web.balancerFrontends, by: [lab.pods[1]], .masqueraded, flows: flows(.ipv4))
        try lab.expectDropped(from: places, web.balancerFrontends, flows: flows(.ipv6))
        web.sourceRanges = ["198.51.100.200/32"]
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectDropped(from: places, web.balancerFrontends, flows: flows(.ipv4))
        try lab.expectAnswers(
            from: places, web.balancerFrontends, by: [lab.pods[1]], .masqueraded, flows: flows(.ipv6))
        web.sourceRanges = ["::/0"]
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectAnswers(from: places, web.balancerFrontends, by: [lab.pods[1]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("29: ranges that overlap and adjoin are all allowed")
    func overlappingRanges() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        // .1 to .3, in pieces that are within and beside one another; the client's own; a network with host bits.
        web.sourceRanges = [
            "198.51.100.2/31", "198.51.100.1/32", "198.51.100.3/32", "192.168.7.100/24", "192.168.7.0/25",
            "2001:db8:100::2/127", "2001:db8:100::1/128", "2001:db8:100::3/128", "fd07::64/64",
        ]
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: [.outside, .otherClient(0), .otherClient(1), .otherClient(2)], web.balancerFrontends,
            by: [lab.pods[1]], .masqueraded)
        try lab.expectDropped(from: [.otherClient(3), .pod], web.balancerFrontends)
        // One piece goes, what it had in common with the others stays.
        web.sourceRanges = ["198.51.100.3/32", "2001:db8:100::3/128"]
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectAnswers(from: [.otherClient(2)], web.balancerFrontends, by: [lab.pods[1]], .masqueraded)
        try lab.expectDropped(from: [.outside, .otherClient(0), .otherClient(1)], web.balancerFrontends)
        #expect(lab.proxy.failures == [])
    }

    @Test("30: open connections outlive a range that shuts their client out")
    func openConnections() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        let places: [TrafficLab.Place] = [.pod, .node, .outside]
        var connections = places.flatMap { place in
            Flow.all.map { flow in
                let address = web.balancers[0][flow.family]
                return (place, HeldConnection(lab.request(from: place, address, 80, flow.transport)))
            }
        }
        func askAll() throws -> [Probe.Outcome] {
            try connections.indices.map { index in
                try lab.namespace(connections[index].0).run { connections[index].1.ask() }
            }
        }
        let first = try askAll()
        #expect(first.filter { !$0.isAnswer } == [])
        web.sourceRanges = lab.lab.otherClientAddresses[0].prefixes.map(\.description)
        await lab.proxy.apply(web.serviceEvents)
        try #expect(askAll() == first)
        // New ones are dropped; only TCP, as the datagrams of the check would end the open flows.
        try lab.expectDropped(
            from: places, web.balancerFrontends, flows: Flow.all.filter { $0.transport == .tcp }, keepingDatagrams: true
        )
        try #expect(askAll() == first)
        #expect(lab.proxy.failures == [])
    }
}
