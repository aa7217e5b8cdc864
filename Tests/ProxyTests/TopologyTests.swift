import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("38–40: topology hints")
struct TopologyTests {
    private static func model(zone: String? = "a", _ endpoints: EndpointSpec...) -> ModelUnderTest {
        var model = ModelUnderTest()
        model.apply(.node(.added(makeNode("this", zone: zone))))
        model.add(makeService("web"))
        model.add(makeSlice(of: "web", endpoints))
        return model
    }

    private static func hosts(_ model: ModelUnderTest) -> [Int]? {
        model["web"]?.endpoints.map { Int($0.address.v4Bits & 0xFF) }
    }

    private static func retained(_ model: ModelUnderTest) -> [Int]? {
        model["web"]?.retainedEndpoints.map { Int($0.address.v4Bits & 0xFF) }
    }

    @Test("38: endpoints hinted for this node, where all ready ones have node hints")
    func sameNode() {
        let model = Self.model(
            makeEndpoint("10.244.0.1").hinted(zones: ["a"], nodes: ["this"]),
            makeEndpoint("10.244.0.2").hinted(zones: ["a"], nodes: ["other"]))
        #expect(Self.hosts(model) == [1])
        #expect(Self.retained(model) == [2], "it goes on serving what it has")
    }

    @Test("38: node hints that none names this node in fall back to the zone's")
    func noEndpointOnNode() {
        let model = Self.model(
            makeEndpoint("10.244.0.1").hinted(zones: ["a"], nodes: ["other"]),
            makeEndpoint("10.244.0.2").hinted(zones: ["b"], nodes: ["third"]))
        #expect(Self.hosts(model) == [1])
    }

    @Test("39: endpoints hinted for this zone; an endpoint may be for several")
    func sameZone() {
        let model = Self.model(
            makeEndpoint("10.244.0.1").hinted(zones: ["b"]), makeEndpoint("10.244.0.2").hinted(zones: ["a"]),
            makeEndpoint("10.244.0.3").hinted(zones: ["b", "a"]))
        #expect(Self.hosts(model) == [2, 3])
        #expect(Self.retained(model) == [1])
    }

    @Test("39: nothing for this zone, or a node without a zone: all", arguments: ["c", nil])
    func noZone(zone: String?) {
        let model = Self.model(
            zone: zone, makeEndpoint("10.244.0.1").hinted(zones: ["a"]),
            makeEndpoint("10.244.0.2").hinted(zones: ["b"]))
        #expect(Self.hosts(model) == [1, 2])
    }

    @Test("40: a hint that is missing on one ready endpoint: hints are ignored", arguments: [nil, []] as [[String]?])
    func missingHint(zones: [String]?) {
        let model = Self.model(
            makeEndpoint("10.244.0.1").hinted(zones: ["a"], nodes: ["this"]),
            makeEndpoint("10.244.0.2").hinted(zones: zones))
        #expect(Self.hosts(model) == [1, 2])
    }

    @Test("40: only ready endpoints need hints")
    func notReady() {
        let model = Self.model(
            makeEndpoint("10.244.0.1").hinted(zones: ["a"]), makeEndpoint("10.244.0.2").hinted(zones: ["b"]),
            makeEndpoint("10.244.0.3", ready: false, serving: false), makeTerminating("10.244.0.4"))
        #expect(Self.hosts(model) == [1])
        #expect(Self.retained(model) == [2, 4])
    }

    @Test("40: those that terminate are used whatever their hints")
    func terminating() {
        let model = Self.model(makeTerminating("10.244.0.1").hinted(zones: ["b"]), makeTerminating("10.244.0.2"))
        #expect(Self.hosts(model) == [1, 2])
    }

    @Test("40: policy Local ignores hints")
    func local() throws {
        var model = ModelUnderTest()
        model.apply(.node(.added(makeNode("this", zone: "a"))))
        var service = makeService("web")
        service.spec.internalTrafficPolicy = "Local"
        model.add(service)
        model.add(
            makeSlice(
                of: "web",
                [
                    makeEndpoint("10.244.0.1", node: "this").hinted(zones: ["b"]),
                    makeEndpoint("10.244.0.2").hinted(zones: ["a"]),
                ]))
        let port = try #require(model["web"])
        #expect(port.endpoints.map(\.description) == ["10.244.0.2:8080"])
        #expect(port.localEndpoints.map(\.description) == ["10.244.0.1:8080"])
        #expect(port.retainedEndpoints.isEmpty)
    }

    @Test("40: the node comes to another zone, or its Node goes")
    func zoneChange() {
        var model = Self.model(
            makeEndpoint("10.244.0.1").hinted(zones: ["a"]), makeEndpoint("10.244.0.2").hinted(zones: ["b"]))
        model.add(makeService("plain", clusterIPs: ["10.96.0.11"]))
        #expect(Self.hosts(model) == [1])
        model.apply(.node(.modified(makeNode("this", zone: "b"))))
        #expect(Self.hosts(model) == [2])
        #expect(model.lastChanges.servicePorts.count == 1, "Services without hints are not touched")
        model.apply(.node(.deleted(makeNode("this", zone: "b"))))
        #expect(Self.hosts(model) == [1, 2])
    }

    @Test("another node's zone says nothing about this one's")
    func otherNode() {
        var model = Self.model(
            makeEndpoint("10.244.0.1").hinted(zones: ["a"]), makeEndpoint("10.244.0.2").hinted(zones: ["b"]))
        model.apply(.node(.modified(makeNode("other", zone: "b"))))
        #expect(Self.hosts(model) == [1])
    }

    @Test(
        "of one address in two slices with different hints the same one counts in any order", arguments: [true, false])
    func duplicates(reversed: Bool) {
        let first = makeSlice(of: "web", [makeEndpoint("10.244.0.1").hinted(zones: ["b"])], name: "x")
        let second = makeSlice(
            of: "web",
            [makeEndpoint("10.244.0.1").hinted(zones: ["a"]), makeEndpoint("10.244.0.2").hinted(zones: ["a"])],
            name: "y")
        var model = ModelUnderTest()
        model.apply(.node(.added(makeNode("this", zone: "a"))))
        model.add(makeService("web"))
        for slice in reversed ? [second, first] : [first, second] { model.add(slice) }
        #expect(Self.hosts(model) == [2])
    }
}
