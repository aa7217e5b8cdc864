import KubeAPI
import Net
import Proxy
import TestSupport
import Testing

@Suite("Topology, with real packets", .networkNamespaces, .fewAtATime)
struct TopologyTests {
    /// Pods 1 and 2 are on node 1, pod 3 on node 2; each hints at its own node, and at a zone that the test chooses.
    private func service(_ lab: TrafficLab, nodes: Bool, zones: [[String]?]) -> ServiceFixture {
        var web = ServiceFixture.everywhere()
        web.backends = zip([1, 2, 3], zones).map { index, zones in
            .init(
                lab.pods[index],
                hints: EndpointHints(forZones: zones, forNodes: nodes ? [lab.pods[index].nodeName] : nil))
        }
        return web
    }

    private func setZone(_ zone: String?, _ lab: TrafficLab) async {
        await lab.proxy.apply([.node(.modified(Node(lab.lab.node, zone: zone)))])
    }

    private func expect(
        _ web: ServiceFixture, by pods: [LabPod], _ lab: TrafficLab, _ location: SourceLocation = #_sourceLocation
    ) throws {
        try lab.expectAnswers(from: [.pod], [web.cluster], by: pods, .own, location)
        try lab.expectAnswers(from: [.outside], web.external(lab.lab), by: pods, .masqueraded, location)
    }

    @Test("38: hints for nodes keep traffic on the node; one that lacks, or none for this node, and all are used")
    func nodes() async throws {
        let lab = try TrafficLab()
        let all = [lab.pods[1], lab.pods[2], lab.pods[3]]
        var web = service(lab, nodes: true, zones: [nil, nil, nil])
        await lab.proxy.apply(web.events)
        try expect(web, by: [lab.pods[1], lab.pods[2]], lab)
        web.backends[2].hints = nil
        await lab.proxy.apply(web.endpointEvents)
        try expect(web, by: all, lab)
        web.backends[2].hints = EndpointHints(forNodes: ["node-1", "node-2"])
        await lab.proxy.apply(web.endpointEvents)
        try expect(web, by: all, lab)
        for index in 0..<3 { web.backends[index].hints = EndpointHints(forNodes: ["node-2"]) }
        await lab.proxy.apply(web.endpointEvents)
        try expect(web, by: all, lab)
        // What is not ready has no say.
        web.backends[2] = .terminating(lab.pods[3])
        web.backends[1].hints = EndpointHints(forNodes: ["node-1"])
        await lab.proxy.apply(web.endpointEvents)
        try expect(web, by: [lab.pods[2]], lab)
        #expect(lab.proxy.failures == [])
    }

    @Test("39, 40: hints for zones keep traffic in the node's zone, which follows the Node's label")
    func zones() async throws {
        let lab = try TrafficLab()
        let all = [lab.pods[1], lab.pods[2], lab.pods[3]]
        var web = service(lab, nodes: false, zones: [["a"], ["b"], ["b"]])
        await lab.proxy.apply(web.events)
        // The node has no zone yet.
        try expect(web, by: all, lab)
        await setZone("a", lab)
        try expect(web, by: [lab.pods[1]], lab)
        await setZone("b", lab)
        try expect(web, by: [lab.pods[2], lab.pods[3]], lab)
        await setZone("c", lab)
        try expect(web, by: all, lab)
        await setZone("a", lab)
        web.backends[2].hints = EndpointHints(forZones: ["a", "b"])
        await lab.proxy.apply(web.endpointEvents)
        try expect(web, by: [lab.pods[1], lab.pods[3]], lab)
        web.backends[1].hints = nil
        await lab.proxy.apply(web.endpointEvents)
        try expect(web, by: all, lab)
        #expect(lab.proxy.failures == [])
    }

    @Test("38–40: hints for nodes come first, those for zones where they do not apply; policies Local ignore both")
    func precedence() async throws {
        let lab = try TrafficLab()
        await setZone("a", lab)
        var web = service(lab, nodes: true, zones: [["b"], ["b"], ["a"]])
        await lab.proxy.apply(web.events)
        try expect(web, by: [lab.pods[1], lab.pods[2]], lab)
        for index in 0..<3 { web.backends[index].hints?.forNodes = [.init(name: "node-3")] }
        await lab.proxy.apply(web.endpointEvents)
        try expect(web, by: [lab.pods[3]], lab)
        (web.internalPolicy, web.externalPolicy) = (.local, .local)
        await lab.proxy.apply(web.serviceEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1], lab.pods[2]], .own)
        try lab.expectAnswers(from: [.outside], web.external(lab.lab), by: [lab.pods[1], lab.pods[2]], .own)
        // Pods use the Cluster list for what is outside.
        try lab.expectAnswers(from: [.pod], web.external(lab.lab), by: [lab.pods[3]], .own)
        #expect(lab.proxy.failures == [])
    }
}
