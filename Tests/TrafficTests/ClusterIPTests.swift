import Dataplane
import Net
import TestSupport
import Testing

@Suite("ClusterIP, with real packets", .networkNamespaces, .fewAtATime)
struct ClusterIPTests {
    @Test("1: from a pod to endpoints of this node and another, with the pod's own address", arguments: Flow.all)
    func fromPod(flow: Flow) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: .pod, web.clusterIP[flow.family], 80, flow.transport, by: [lab.pods[1], lab.pods[3]],
            source: lab.own(.pod, flow.family))
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "2, 3: from the node and from outside, with the address of the interface towards the endpoint",
        arguments: Flow.all, [TrafficLab.Place.node, .outside])
    func masqueraded(flow: Flow, place: TrafficLab.Place) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: place, web.clusterIP[flow.family], 80, flow.transport, by: [lab.pods[1], lab.pods[3]],
            source: lab.masqueraded(flow.family))
        #expect(lab.proxy.failures == [])
    }

    @Test("4: without a detector every source keeps its address", arguments: Flow.all)
    func noDetector(flow: Flow) async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration())
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        for place in TrafficLab.Place.allCases {
            // The node's own packets have the address of the interface that they would have left by.
            try lab.expectAnswers(
                from: place, web.clusterIP[flow.family], 80, flow.transport, by: [lab.pods[1]],
                source: lab.own(place, flow.family))
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("4: with masqueradeAll no source keeps its address", arguments: Flow.all)
    func masqueradeAll(flow: Flow) async throws {
        let lab = try TrafficLab(dataplane: DataplaneConfiguration(detector: .podNetworks, masqueradeAll: true))
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        for place in TrafficLab.Place.allCases {
            try lab.expectAnswers(
                from: place, web.clusterIP[flow.family], 80, flow.transport, by: [lab.pods[1], lab.pods[3]],
                source: lab.masqueraded(flow.family))
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("18: a pod reaches itself through its Service, masqueraded", arguments: Flow.all)
    func hairpin(flow: Flow) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[0]])
        await lab.proxy.apply(web.events)
        for (address, port) in [(web.clusterIP, 80), (lab.lab.node.address, 30_080)] as [(DualAddress, UInt16)] {
            try lab.expectAnswers(
                from: .pod, address[flow.family], port, flow.transport, by: [lab.pods[0]],
                source: lab.masqueraded(flow.family))
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("19: another pod of the same node keeps its address", arguments: Flow.all)
    func sameNode(flow: Flow) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1], lab.pods[2]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: .pod, web.clusterIP[flow.family], 80, flow.transport, by: [lab.pods[1], lab.pods[2]],
            source: lab.own(.pod, flow.family))
        #expect(lab.proxy.failures == [])
    }
}
