import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("EndpointSlices: which endpoints are used")
struct EndpointRulesTests {
    private static func model(_ slices: EndpointSlice...) -> ModelUnderTest {
        var model = ModelUnderTest()
        model.add(makeService("web"))
        model.apply(slices.map { .endpointSlice(.added($0)) })
        return model
    }

    @Test("21: endpoints that do not serve are never used")
    func notServing() {
        let model = Self.model(
            makeSlice(
                of: "web",
                [
                    makeEndpoint("10.244.1.5", ready: false, serving: false),
                    makeEndpoint("10.244.1.6", ready: false, serving: false, terminating: true),
                ]))
        #expect(model.endpoints("web") == [])
    }

    @Test("an endpoint that is not ready and not terminating is not used")
    func servingNotReady() {
        let model = Self.model(makeSlice(of: "web", [makeEndpoint("10.244.1.5", ready: false, serving: true)]))
        #expect(model.endpoints("web") == [])
    }

    @Test("21, 32: with no ready endpoint, those that terminate and still serve are used")
    func terminatingFallback() {
        let model = Self.model(
            makeSlice(of: "web", [makeTerminating("10.244.1.5"), makeEndpoint("10.244.1.6", ready: false)]))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("31: while one endpoint is ready, anywhere, terminating ones are not used")
    func readyBeforeTerminating() {
        var model = Self.model(makeSlice(of: "web", [makeTerminating("10.244.1.5")]))
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.2.6")], name: "web-2"))
        #expect(model.endpoints("web") == ["10.244.2.6:8080"])
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.2.6", ready: false)], name: "web-2"))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("34: publishNotReadyAddresses shows in ready alone, also of a pod that terminates")
    func publishNotReady() {
        let model = Self.model(
            makeSlice(of: "web", [makeEndpoint("10.244.1.5", ready: true, serving: false, terminating: true)]))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("conditions that are absent mean ready")
    func absentConditions() {
        let model = Self.model(makeSlice(of: "web", [makeEndpoint("10.244.1.5", ready: nil)]))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("18, 19: an endpoint is local on this node, and where its node is not known")
    func locality() throws {
        let model = Self.model(
            makeSlice(
                of: "web",
                [
                    makeEndpoint("10.244.0.1", node: "this"), makeEndpoint("10.244.0.2", node: "other"),
                    makeEndpoint("10.244.0.3", node: nil),
                ]))
        #expect(try #require(model["web"]).endpoints.map(\.isLocal) == [true, false, true])
    }

    @Test("only the first address of an endpoint counts")
    func firstAddress() {
        var endpoint = makeEndpoint("10.244.1.5")
        endpoint.addresses.append("10.244.1.6")
        #expect(Self.model(makeSlice(of: "web", [endpoint])).endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("50: slices without a Service, of headless Services, and of names are ignored")
    func ignoredSlices() {
        var headless = makeSlice(of: "web", [makeEndpoint("10.244.1.5")])
        headless.metadata.labels[EndpointSlice.headlessLabel] = ""
        let model = Self.model(
            headless, makeSlice(of: nil, [makeEndpoint("10.244.1.6")]),
            makeSlice(of: "web", [makeEndpoint("example.org")], name: "names", addressType: "FQDN"))
        #expect(model.endpoints("web") == [])
        #expect(model.problems.isEmpty)
    }

    @Test("50: a slice whose headless label comes later is no longer used")
    func headlessLater() {
        var slice = makeSlice(of: "web", [makeEndpoint("10.244.1.5")])
        var model = Self.model(slice)
        slice.metadata.labels[EndpointSlice.headlessLabel] = ""
        model.apply(.endpointSlice(.modified(slice)))
        #expect(model.endpoints("web") == [])
    }

    @Test("a slice whose label moves to another Service moves with it")
    func slicesMove() {
        var model = Self.model(makeSlice(of: "web", [makeEndpoint("10.244.1.5")], name: "s"))
        model.add(makeService("api", clusterIPs: ["10.96.0.11"]))
        model.add(makeSlice(of: "api", [makeEndpoint("10.244.1.5")], name: "s"))
        #expect(model.endpoints("web") == [])
        #expect(model.endpoints("api") == ["10.244.1.5:8080"])
    }

    @Test("slices of the same name in two namespaces are two slices")
    func namespaces() {
        var model = Self.model(makeSlice(of: "web", [makeEndpoint("10.244.1.5")]))
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.6")], namespace: "prod"))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("slices may come before their Service, and stay when it is made anew")
    func slicesFirst() {
        var model = ModelUnderTest()
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5")]))
        #expect(model.servicePorts.isEmpty)
        model.add(makeService("web"))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
        model.remove(makeService("web"))
        #expect(model.servicePorts.isEmpty)
        model.add(makeService("web"))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("an address in two slices is one endpoint")
    func duplicates() {
        let model = Self.model(
            makeSlice(of: "web", [makeEndpoint("10.244.1.5"), makeEndpoint("10.244.1.6")], name: "a"),
            makeSlice(of: "web", [makeEndpoint("10.244.1.5")], name: "b"))
        #expect(model.endpoints("web") == ["10.244.1.5:8080", "10.244.1.6:8080"])
    }

    @Test(
        "of an address in two slices the pod that does not terminate counts, ready or not",
        arguments: [true, false])
    func addressInNewHands(reversed: Bool) {
        let old = makeSlice(of: "web", [makeTerminating("10.244.1.5", node: "this")], name: "a")
        let new = makeSlice(of: "web", [makeEndpoint("10.244.1.5", ready: false)], name: "b")
        var model = reversed ? Self.model(new, old) : Self.model(old, new)
        #expect(model.endpoints("web") == [], "the address belongs to a pod that is not ready")
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5")], name: "b"))
        #expect(model["web"]?.endpoints.map(\.isLocal) == [false])
    }

    @Test("one address with two target ports is two endpoints")
    func sameAddressTwoPorts() {
        let model = Self.model(
            makeSlice(of: "web", [makeEndpoint("10.244.1.5")], name: "a"),
            makeSlice(
                of: "web", [makeEndpoint("10.244.1.5")], name: "b", ports: [EndpointPort(name: "http", port: 9090)]))
        #expect(model.endpoints("web") == ["10.244.1.5:8080", "10.244.1.5:9090"])
    }

    @Test("the order of endpoints is that of their addresses, whatever the slices")
    func order() {
        let model = Self.model(
            makeSlice(of: "web", [makeEndpoint("10.244.1.10"), makeEndpoint("10.244.1.9")], name: "b"),
            makeSlice(of: "web", [makeEndpoint("10.244.1.200"), makeEndpoint("10.244.1.2")], name: "a"))
        #expect(
            model.endpoints("web") == [
                "10.244.1.2:8080", "10.244.1.9:8080", "10.244.1.10:8080", "10.244.1.200:8080",
            ])
    }

    @Test("a slice event touches the ports of its Service alone, and only those that differ")
    func changesAreSmall() {
        var model = ModelUnderTest()
        let ports = [ServicePortSpec(name: "http", port: 80), ServicePortSpec(name: "admin", port: 81)]
        let slicePorts = [EndpointPort(name: "http", port: 8080)]
        model.add(makeService("web", ports: ports), makeService("api", clusterIPs: ["10.96.0.11"], ports: ports))
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5")], ports: slicePorts))
        #expect(model.lastChanges.servicePorts.keys.map(\.description) == ["default/web:http/TCP (IPv4)"])
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5")], ports: slicePorts))
        #expect(model.lastChanges.isEmpty, "the same object again")
        model.add(
            makeSlice(
                of: "web", [makeEndpoint("10.244.1.5"), makeEndpoint("10.244.1.6", ready: false, serving: false)],
                ports: slicePorts))
        #expect(model.lastChanges.isEmpty, "another endpoint that is not used")
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5"), makeTerminating("10.244.1.6")], ports: slicePorts))
        #expect(model.lastChanges.servicePorts.count == 1, "it keeps the connections that it has")
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }
}
