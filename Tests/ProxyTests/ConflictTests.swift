import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("Two Services that want the same frontend")
struct ConflictTests {
    private static let old = makeService("web", created: 100)
    private static let young = makeService("another", created: 200)

    @Test("the older one has it, in whatever order they come", arguments: [true, false])
    func olderWins(oldFirst: Bool) {
        var model = ModelUnderTest()
        let order = oldFirst ? [Self.old, Self.young] : [Self.young, Self.old]
        for service in order { model.add(service) }
        #expect(model["web"]?.clusterIP != nil)
        #expect(model["another"]?.clusterIP == nil)
        #expect(
            model.problems == [
                "Service default/another: ClusterIP 10.96.0.10 port 80/TCP for port http is held by "
                    + "Service default/web, which is older or comes first by name"
            ])
    }

    @Test("of two of the same age, or none, the first by namespace and name has it", arguments: [nil, 5 as Int64?])
    func nameDecides(created: Int64?) {
        var model = ModelUnderTest()
        model.add(makeService("b", created: created), makeService("a", created: created))
        #expect(model["a"]?.clusterIP != nil)
        #expect(model["b"]?.clusterIP == nil)
    }

    @Test("one with a creation time comes before one without")
    func unknownAge() {
        var model = ModelUnderTest()
        model.add(makeService("a"), makeService("b", created: 5))
        #expect(model["b"]?.clusterIP != nil)
    }

    @Test("when the winner goes, the loser has it in the same changes")
    func inheritance() {
        var model = ModelUnderTest()
        model.add(Self.old, Self.young)
        model.remove(Self.old)
        #expect(model.lastChanges.servicePorts.count == 2)
        #expect(model["web"] == nil)
        #expect(model["another"]?.clusterIP != nil)
    }

    @Test("three want it: each inherits in turn, and the last leaves nothing behind")
    func threeContenders() {
        var model = ModelUnderTest()
        let third = makeService("third", created: 300)
        model.add(third, Self.young, Self.old)
        model.remove(Self.young)
        #expect(model["web"]?.clusterIP != nil)
        #expect(model["third"]?.clusterIP == nil)
        model.remove(Self.old)
        #expect(model["third"]?.clusterIP != nil)
        model.remove(third)
        #expect(model.model.holders.isEmpty)
        #expect(model.model.contenders.isEmpty)
    }

    @Test("the loser keeps its other ports, and the winner may give way by a change of its own")
    func partialConflict() {
        var model = ModelUnderTest()
        model.add(Self.old)
        model.add(
            makeService(
                "another", ports: [ServicePortSpec(name: "http", port: 80), ServicePortSpec(name: "x", port: 81)],
                created: 200))
        #expect(model["another"]?.clusterIP == nil)
        #expect(model["another", "x"]?.clusterIP != nil)
        model.add(makeService("web", clusterIPs: ["10.96.0.99"], created: 100))
        #expect(model["another"]?.clusterIP != nil)
    }

    @Test("a NodePort is one frontend for all Services of a protocol; the ClusterIP is not touched")
    func nodePorts() {
        var model = ModelUnderTest()
        func service(_ name: String, _ clusterIP: String, _ proto: String, _ created: Int64) -> Service {
            let port = ServicePortSpec(name: "http", protocol: proto, port: 80, nodePort: 30080)
            return makeService(name, type: "NodePort", clusterIPs: [clusterIP], ports: [port], created: created)
        }
        model.add(
            service("a", "10.96.0.1", "TCP", 2), service("b", "10.96.0.2", "TCP", 1),
            service("c", "10.96.0.3", "UDP", 3))
        #expect(model["a"]?.nodePort == nil)
        #expect(model["a"]?.clusterIP != nil)
        #expect(model["b"]?.nodePort == 30080)
        #expect(model["c", "http", .udp]?.nodePort == 30080)
        #expect(model.problems.count == 1)
        #expect(model.problems[0].contains("NodePort 30080/TCP (IPv4) for port http is held by Service default/b"))
    }

    @Test("two ports of one Service with the same number: the first by name has it")
    func withinOneService() {
        var model = ModelUnderTest()
        model.add(
            makeService("web", ports: [ServicePortSpec(name: "b", port: 80), ServicePortSpec(name: "a", port: 80)]))
        #expect(model["web", "a"]?.clusterIP != nil)
        #expect(model["web", "b"]?.clusterIP == nil)
        #expect(model.problems.count == 1)
    }

    @Test("a conflict is reported once, and again when it comes again")
    func reportedOnce() {
        var model = ModelUnderTest()
        model.add(Self.old, Self.young)
        model.add(makeSlice(of: "another", [makeEndpoint("10.244.1.5")]))
        #expect(model.problems.count == 1)
        model.remove(Self.old)
        model.add(Self.old)
        #expect(model.problems.count == 2)
    }
}
