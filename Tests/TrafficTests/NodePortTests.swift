import Net
import TestSupport
import Testing

@Suite("NodePort, with real packets", .networkNamespaces, .fewAtATime)
struct NodePortTests {
    @Test(
        "8: from a pod, the node and outside to any endpoint, always masqueraded", arguments: Flow.all,
        TrafficLab.Place.allCases)
    func masqueraded(flow: Flow, place: TrafficLab.Place) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: place, lab.lab.node.address[flow.family], 30_080, flow.transport, by: [lab.pods[1], lab.pods[3]],
            source: lab.masqueraded(flow.family))
        #expect(lab.proxy.failures == [])
    }

    @Test("17: the same port on the node's other addresses is the host's own", arguments: Flow.all)
    func otherAddresses(flow: Flow) async throws {
        let lab = try TrafficLab()
        let other = LabAddresses.host(51)
        try lab.lab.addAddress(other)
        let loopback = DualAddress(v4: IPAddress(v4: 0x7F00_0001), v6: IPAddress(v6: 0, 1))
        let host = try lab.lab.node.namespace.serve(
            "host", port: 30_080, on: other.both + loopback.both + lab.lab.node.gateway.both)
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        for (place, address) in [
            (TrafficLab.Place.outside, other), (.pod, other), (.node, other), (.node, loopback),
            (.pod, lab.lab.node.gateway),
        ] {
            let outcome = try lab.probe(from: place, address[flow.family], 30_080, flow.transport)
            guard case .answered(by: "host", _) = outcome else {
                Issue.record("\(place) → \(address[flow.family]): \(outcome)")
                continue
            }
        }
        try lab.expectRefused(web.clusterIP[flow.family], 30_080, flow.transport)
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("57: another node's NodePort is that node's", arguments: Flow.all)
    func otherNode(flow: Flow) async throws {
        let lab = try TrafficLab()
        let other = try lab.lab.otherNode.namespace.serve("other", port: 30_080)
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        let address = lab.lab.otherNode.address[flow.family]
        for place in [TrafficLab.Place.pod, .node] {
            #expect(
                try lab.probe(from: place, address, 30_080, flow.transport)
                    == .answered(by: "other", source: lab.own(place, flow.family)(lab.pods[3])))
        }
        other.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("The node's addresses come and go, and NodePorts with them", arguments: IPFamily.allCases)
    func nodeAddresses(family: IPFamily) async throws {
        let lab = try TrafficLab(nodePortAddresses: .networks(LabAddresses.lanCIDRs))
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        let other = LabAddresses.host(51)
        try lab.lab.addAddress(other)
        let answer = Probe.Outcome.answered(by: lab.pods[1].name, source: lab.masqueraded(family)(lab.pods[1]))
        try await eventually { try lab.probe(from: .outside, other[family], 30_080) == answer }
        #expect(try lab.probe(from: .outside, lab.lab.node.address[family], 30_080) == answer)
        try lab.lab.removeAddress(other)
        try await eventually {
            try CanonicalTable(NFTDocument(of: lab.lab.node.namespace), family: family.tableFamily).sets["node-ips"]
                == [lab.lab.node.address[family].description]
        }
        #expect(lab.proxy.failures == [])
    }
}
