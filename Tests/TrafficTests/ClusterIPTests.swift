import Dataplane
import Net
import TestSupport
import Testing

@Suite("ClusterIP, with real packets", .networkNamespaces, .fewAtATime)
struct ClusterIPTests {
    @Test("1: from a pod to endpoints of this node and another, with the pod's own address")
    func fromPod() async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1], lab.pods[3]], .own)
        #expect(lab.proxy.failures == [])
    }

    @Test("2, 3: from the node and from outside, with the address of the interface towards the endpoint")
    func masqueraded() async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: [.node, .outside], [web.cluster], by: [lab.pods[1], lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("4: without a detector every source keeps its address")
    func noDetector() async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration())
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        // The node's own packets have the address of the interface that they would have left by.
        try lab.expectAnswers(from: TrafficLab.Place.standard, [web.cluster], by: [lab.pods[1]], .own)
        #expect(lab.proxy.failures == [])
    }

    @Test("4: with masqueradeAll no source keeps its address")
    func masqueradeAll() async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration(detector: .podNetworks, masqueradeAll: true))
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, [web.cluster], by: [lab.pods[1], lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("4: with masqueradeAll and no detector, too")
    func masqueradeAllWithoutDetector() async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration(masqueradeAll: true))
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: TrafficLab.Place.standard, [web.cluster], by: [lab.pods[1]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("5, 7: internalTrafficPolicy Local uses endpoints of this node, masqueraded as ever, and only for ClusterIPs")
    func internalLocal() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[2], lab.pods[3]])
        web.internalPolicy = .local
        await lab.proxy.apply(web.events)
        let here = [lab.pods[1], lab.pods[2]]
        try lab.expectAnswers(from: [.pod], [web.cluster], by: here, .own)
        try lab.expectAnswers(from: [.node, .outside], [web.cluster], by: here, .masqueraded)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, web.external(lab.lab), by: here + [lab.pods[3]], .masqueraded)
        // And live back.
        web.internalPolicy = .cluster
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: here + [lab.pods[3]], .own)
        #expect(lab.proxy.failures == [])
    }

    @Test("6, 15: internalTrafficPolicy Local without a local endpoint: dropped from P, N and X; served from outside")
    func internalLocalWithout() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[3]])
        web.internalPolicy = .local
        // What node 1 lets pass is answered there.
        let beyond = try lab.lab.serveBeyond("beyond", on: [web.clusterIP], port: 80)
        await lab.proxy.apply(web.events)
        try lab.expectDropped([web.cluster])
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, web.external(lab.lab), by: [lab.pods[3]], .masqueraded)
        // The first local endpoint serves at once, and the last one's end drops again.
        web.backends = [.init(lab.pods[1]), .init(lab.pods[3])]
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
        try lab.expectAnswers(from: [.node, .outside], [web.cluster], by: [lab.pods[1]], .masqueraded)
        web.backends = [.init(lab.pods[3])]
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectDropped([web.cluster])
        // None anywhere: refused.
        web.backends = []
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectRefused([web.cluster])
        beyond.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("7: externalTrafficPolicy Local changes nothing about ClusterIPs")
    func externalLocal() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        web.externalPolicy = .local
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1], lab.pods[3]], .own)
        try lab.expectAnswers(
            from: [.node, .outside], [web.cluster], by: [lab.pods[1], lab.pods[3]], .masqueraded)
        web.backends = [.init(lab.pods[3])]
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[3]], .own)
        try lab.expectAnswers(from: [.node, .outside], [web.cluster], by: [lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "18: a pod reaches itself through its Service by every address, masqueraded",
        arguments: ServiceFixture.Policy.allCases, ServiceFixture.Policy.allCases)
    func hairpin(internalPolicy: ServiceFixture.Policy, externalPolicy: ServiceFixture.Policy) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[0]])
        (web.internalPolicy, web.externalPolicy) = (internalPolicy, externalPolicy)
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.pod], web.all(lab.lab), by: [lab.pods[0]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("18: a pod reaches itself without a detector, and with endpoints whose node is not known")
    func hairpinWithoutDetector() async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration())
        var web = ServiceFixture.everywhere(backends: [lab.pods[0]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.pod], web.all(lab.lab), by: [lab.pods[0]], .masqueraded)
        web.externalPolicy = .local
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectAnswers(from: [.pod], web.all(lab.lab), by: [lab.pods[0]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("19: another pod of the same node keeps its address")
    func sameNode() async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[2]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1], lab.pods[2]], .own)
        #expect(lab.proxy.failures == [])
    }

    @Test("Endpoints in the host's network answer, whoever asks, and whatever the policy")
    func hostNetwork() async throws {
        let lab = try TrafficLab()
        let servers = try zip(lab.lab.nodes, ["host-1", "host-2"]).map { node, name in
            // Not on all addresses: datagrams would come back from another one.
            try node.namespace.serve(name, port: Lab.serverPort, on: node.address.both)
        }
        var web = ServiceFixture.everywhere()
        web.backends = lab.lab.nodes.map { .init($0.address, nodeName: $0.name) }
        for policy in ServiceFixture.Policy.allCases {
            (web.internalPolicy, web.externalPolicy) = (policy, policy)
            await lab.proxy.apply(web.events)
            let expected: Set = policy == .local ? ["host-1"] : ["host-1", "host-2"]
            // Pods and the node itself may use all that external traffic may not.
            for (place, frontend) in [
                (TrafficLab.Place.pod, web.cluster), (.node, web.cluster), (.outside, web.cluster),
            ] + web.external(lab.lab).map({ (.outside, $0) }) {
                for flow in Flow.all {
                    var seen: Set<String> = []
                    for _ in 0..<100 where seen != expected && seen.isSubset(of: expected) {
                        seen.insert(
                            try lab.probe(
                                from: place, frontend.address[flow.family], frontend.port, flow.transport
                            ).server ?? "nobody")
                    }
                    #expect(seen == expected, "\(place) → \(frontend) \(flow.testDescription), \(policy)")
                }
            }
        }
        for server in servers { server.stop() }
        #expect(lab.proxy.failures == [])
    }
}
