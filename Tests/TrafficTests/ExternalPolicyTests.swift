import Dataplane
import KubeAPI
import Net
import TestSupport
import Testing

@Suite("externalTrafficPolicy, with real packets", .networkNamespaces, .fewAtATime)
struct ExternalPolicyTests {
    @Test("8: NodePort, load balancer and external IP with policy Cluster: any endpoint, always masqueraded")
    func cluster() async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, web.external(lab.lab), by: [lab.pods[1], lab.pods[3]], .masqueraded)
        try lab.expectAnswers(
            from: [.otherClient(0), .otherNode], web.external(lab.lab), by: [lab.pods[1], lab.pods[3]], .masqueraded,
            flows: Flow.all.filter { $0.transport == .tcp })
        #expect(lab.proxy.failures == [])
    }

    @Test("8: without a detector, too")
    func clusterWithoutDetector() async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration())
        let web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, web.external(lab.lab), by: [lab.pods[1], lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "9, 11, 12: with policy Local outside clients get local endpoints and keep their address, pods and the node any"
    )
    func local() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        web.externalPolicy = .local
        await lab.proxy.apply(web.events)
        let external = web.external(lab.lab)
        try lab.expectAnswers(from: [.outside, .otherClient(0), .otherNode], external, by: [lab.pods[1]], .own)
        try lab.expectAnswers(from: [.pod], external, by: [lab.pods[1], lab.pods[3]], .own)
        try lab.expectAnswers(from: [.node], external, by: [lab.pods[1], lab.pods[3]], .masqueraded)
        // Live to Cluster and back.
        web.externalPolicy = .cluster
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectAnswers(from: [.outside], external, by: [lab.pods[1], lab.pods[3]], .masqueraded)
        web.externalPolicy = .local
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectAnswers(from: [.outside], external, by: [lab.pods[1]], .own)
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "10, 11, 12: with policy Local and endpoints elsewhere only: dropped from outside, served for pods and the node"
    )
    func localWithout() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[3]])
        web.externalPolicy = .local
        let beyond = try lab.lab.serveBeyond("beyond", on: web.externalIPs + web.balancers, port: 80)
        let host = try lab.lab.node.namespace.serve("host", port: 30_080, on: LabAddresses.host(1).both)
        await lab.proxy.apply(web.events)
        let external = web.external(lab.lab)
        try lab.expectDropped(from: [.outside, .otherNode], external)
        try lab.expectAnswers(from: [.pod], external, by: [lab.pods[3]], .own)
        try lab.expectAnswers(from: [.node], external, by: [lab.pods[3]], .masqueraded)
        web.backends = [.init(lab.pods[1])]
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.outside], external, by: [lab.pods[1]], .own)
        web.backends = []
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectRefused(external)
        beyond.stop()
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("13: with policy Local and no detector a pod is as an outside client")
    func localWithoutDetector() async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration())
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        web.externalPolicy = .local
        await lab.proxy.apply(web.events)
        let external = web.external(lab.lab)
        try lab.expectAnswers(from: [.pod, .outside], external, by: [lab.pods[1]], .own)
        try lab.expectAnswers(from: [.node], external, by: [lab.pods[1], lab.pods[3]], .masqueraded)
        web.backends = [.init(lab.pods[3])]
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectDropped(from: [.pod, .outside], external)
        try lab.expectAnswers(from: [.node], external, by: [lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("14: masqueradeAll leaves external traffic with policy Local its address")
    func localWithMasqueradeAll() async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration(detector: .podNetworks, masqueradeAll: true))
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        web.externalPolicy = .local
        await lab.proxy.apply(web.events)
        let external = web.external(lab.lab)
        try lab.expectAnswers(from: [.outside], external, by: [lab.pods[1]], .own)
        try lab.expectAnswers(from: [.pod], external, by: [lab.pods[1], lab.pods[3]], .own)
        try lab.expectAnswers(from: [.node], external, by: [lab.pods[1], lab.pods[3]], .masqueraded)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1], lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("14: without a detector, too")
    func localWithMasqueradeAllAndNoDetector() async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration(masqueradeAll: true))
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        web.externalPolicy = .local
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.outside, .pod], web.external(lab.lab), by: [lab.pods[1]], .own)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, [web.cluster], by: [lab.pods[1], lab.pods[3]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("15: the two policies are independent", arguments: ServiceFixture.Policy.allCases)
    func mixed(externalPolicy: ServiceFixture.Policy) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        web.externalPolicy = externalPolicy
        web.internalPolicy = externalPolicy == .local ? .cluster : .local
        await lab.proxy.apply(web.events)
        let (here, all) = ([lab.pods[1]], [lab.pods[1], lab.pods[3]])
        let external = web.external(lab.lab)
        if externalPolicy == .local {
            try lab.expectAnswers(from: [.outside], external, by: here, .own)
            try lab.expectAnswers(from: [.outside], [web.cluster], by: all, .masqueraded)
            try lab.expectAnswers(from: [.pod], external + [web.cluster], by: all, .own)
        } else {
            try lab.expectAnswers(from: TrafficLab.Place.standard, external, by: all, .masqueraded)
            try lab.expectAnswers(from: [.pod], [web.cluster], by: here, .own)
            try lab.expectAnswers(from: [.node, .outside], [web.cluster], by: here, .masqueraded)
        }
        #expect(lab.proxy.failures == [])
    }
}

@Suite("How pods are known, with real packets", .networkNamespaces, .fewAtATime)
struct DetectorTests {
    enum Detector: CaseIterable {
        case clusterCIDR, nodeCIDR, bridge, interfacePrefix
    }

    @Test(
        "1–4, 9–12: pods by their network, their node's network, their bridge or their interfaces",
        arguments: Detector.allCases)
    func detector(_ detector: Detector) async throws {
        let lab =
            switch detector {
            case .clusterCIDR: try TrafficLab()
            case .nodeCIDR: try TrafficLab(podNetworks: nil)
            case .bridge:
                try TrafficLab(dataplane: DataplaneConfiguration(detector: .bridge("cni0")), podBridge: "cni0")
            case .interfacePrefix: try TrafficLab(dataplane: DataplaneConfiguration(detector: .interfacePrefix("veth")))
            }
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        web.externalPolicy = .local
        await lab.proxy.apply(web.events)
        let all = [lab.pods[1], lab.pods[3]]
        try lab.expectAnswers(from: [.pod], web.all(lab.lab), by: all, .own)
        try lab.expectAnswers(from: [.node], web.all(lab.lab), by: all, .masqueraded)
        try lab.expectAnswers(from: [.outside], [web.cluster], by: all, .masqueraded)
        try lab.expectAnswers(from: [.outside], web.external(lab.lab), by: [lab.pods[1]], .own)
        // A pod of its own network that reaches itself.
        web.backends = [.init(lab.pods[0])]
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.pod], web.all(lab.lab), by: [lab.pods[0]], .masqueraded)
        #expect(lab.proxy.failures == [])
    }

    @Test("4: a node's network follows its Node object")
    func nodeNetworkChanges() async throws {
        let lab = try TrafficLab(podNetworks: nil)
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
        try lab.expectAnswers(from: [.outside], [web.cluster], by: [lab.pods[1]], .masqueraded)
        var node = Node(lab.lab.node)
        node.spec.podCIDRs = (LabAddresses.lanCIDRs).map(\.description)
        node.spec.podCIDR = node.spec.podCIDRs.first
        await lab.proxy.apply([.node(.modified(node))])
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .masqueraded)
        try lab.expectAnswers(from: [.outside], [web.cluster], by: [lab.pods[1]], .own)
        #expect(lab.proxy.failures == [])
    }
}
