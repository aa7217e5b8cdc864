import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("Bad input: reported by name, and the rest goes on")
struct ProblemTests {
    @Test("a bad endpoint is left out of its slice")
    func badEndpoints() {
        var model = ModelUnderTest()
        model.add(makeService("web"))
        var empty = makeEndpoint("")
        empty.addresses = []
        model.add(
            makeSlice(
                of: "web",
                [
                    makeEndpoint("foo"), makeEndpoint("fd00::1"), makeEndpoint("127.0.0.1"), empty,
                    makeEndpoint("10.244.1.5"),
                ]))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
        #expect(
            model.problems == [
                "EndpointSlice default/web-1: address 'foo' is not an IPv4 address",
                "EndpointSlice default/web-1: address 'fd00::1' is not an IPv4 address",
                "EndpointSlice default/web-1: address '127.0.0.1' is a loopback address",
                "EndpointSlice default/web-1: an endpoint has no address",
            ])
    }

    @Test(
        "addresses that no connection can be sent to are left out",
        arguments: [
            ("0.0.0.0", "IPv4"), ("169.254.1.1", "IPv4"), ("224.0.0.1", "IPv4"), ("::", "IPv6"), ("::1", "IPv6"),
            ("fe80::1", "IPv6"), ("ff02::1", "IPv6"), ("::ffff:10.0.0.1", "IPv6"),
        ])
    func unfit(address: String, type: String) {
        var model = ModelUnderTest()
        model.add(makeService("web", clusterIPs: ["10.96.0.10", "fd00::10"]))
        model.add(makeSlice(of: "web", [makeEndpoint(address)], addressType: type))
        #expect(model.servicePorts.values.allSatisfy { $0.endpoints.isEmpty })
        #expect(model.problems.count == 1)
    }

    @Test("a bad port of a slice is left out")
    func badSlicePorts() {
        var model = ModelUnderTest()
        model.add(makeService("web"))
        model.add(
            makeSlice(
                of: "web", [makeEndpoint("10.244.1.5")],
                ports: [
                    EndpointPort(name: nil, port: 1), EndpointPort(name: "a", port: nil),
                    EndpointPort(name: "b", port: 0), EndpointPort(name: "c", port: 65536),
                    EndpointPort(name: "d", protocol: "HTTP", port: 1),
                    EndpointPort(name: "http", protocol: nil, port: 8080),
                ]))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
        #expect(
            model.problems.map { $0.replacing("EndpointSlice default/web-1: ", with: "") } == [
                "a port (1) has no name and is ignored", "port 'a' has no number and is ignored",
                "port 'b': 0 is not a port number", "port 'c': 65536 is not a port number",
                "port 'd': protocol 'HTTP' is not TCP, UDP or SCTP",
            ])
    }

    @Test("an address type that does not exist is reported, also after a new list without the slice")
    func badAddressType() {
        var model = ModelUnderTest()
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5")], addressType: "IPX"))
        #expect(model.problems == ["EndpointSlice default/web-1: addressType 'IPX' is not IPv4, IPv6 or FQDN"])
        model.apply(.replaceEndpointSlices([]))
        #expect(model.model.ledger.current.isEmpty)
    }

    @Test("what was wrong with a Service that a new list lacks is forgotten")
    func goneService() {
        var model = ModelUnderTest()
        model.add(makeService("web", clusterIPs: ["foo"]))
        #expect(model.problems == ["Service default/web: clusterIP 'foo' is not an IP address"])
        model.apply(.replaceServices([]))
        #expect(model.model.ledger.current.isEmpty)
    }

    @Test("a bad port of a Service is left out")
    func badServicePorts() {
        var model = ModelUnderTest()
        model.add(
            makeService(
                "web", type: "NodePort",
                ports: [
                    ServicePortSpec(name: "zero", port: 0), ServicePortSpec(name: "big", port: 65536),
                    ServicePortSpec(name: "odd", protocol: "HTTP", port: 1),
                    ServicePortSpec(name: "node", port: 82, nodePort: 70000),
                    ServicePortSpec(name: "http", port: 80, nodePort: 30080), ServicePortSpec(name: "http", port: 81),
                ]))
        #expect(Set(model.servicePorts.keys.map(\.port)) == ["node", "http"])
        #expect(model["web"]?.port == 80)
        #expect(model["web"]?.nodePort == 30080)
        #expect(model["web", "node"]?.nodePort == nil)
        #expect(
            model.problems.map { $0.replacing("Service default/web: ", with: "") } == [
                "port zero: 0 is not a port number", "port big: 65536 is not a port number",
                "port odd: protocol 'HTTP' is not TCP, UDP or SCTP",
                "port node: nodePort 70000 is not a port number and is left out",
                "port http appears twice; the second is left out",
            ])
    }

    @Test("a bad ClusterIP is left out, the other family's is served")
    func badClusterIP() {
        var model = ModelUnderTest()
        model.add(makeService("web", clusterIPs: ["10.96.0.300", "fd00:96::10", "fd00:96::11", "127.0.0.1"]))
        #expect(model.servicePorts.keys.map(\.family) == [.ipv6])
        #expect(
            model.problems == [
                "Service default/web: clusterIP '10.96.0.300' is not an IP address",
                "Service default/web: clusterIP fd00:96::11 is a second IPv6 address and is left out",
                "Service default/web: clusterIP 127.0.0.1 is a loopback address and is left out",
            ])
    }

    @Test("a problem is reported once, and again only after it was gone")
    func reportedOnce() {
        var model = ModelUnderTest()
        let bad = makeSlice(of: "web", [makeEndpoint("foo"), makeEndpoint("10.244.1.5")])
        model.add(bad)
        model.add(makeSlice(of: "web", [makeEndpoint("foo"), makeEndpoint("10.244.1.6")]))
        model.apply(.replaceEndpointSlices([bad]))
        #expect(model.problems.count == 1)
        model.remove(bad)
        model.add(bad)
        #expect(model.problems.count == 2)
    }

    @Test("a thousand bad endpoints are nine lines")
    func bounded() {
        var model = ModelUnderTest()
        model.add(makeSlice(of: "web", (0..<1000).map { makeEndpoint("bad-\($0)") }))
        #expect(model.problems.count == 9)
        #expect(model.problems.last == "EndpointSlice default/web-1: and 992 more problems of this kind")
    }

    @Test("the defaults of the API server are nothing to report")
    func defaults() {
        var model = ModelUnderTest()
        var service = makeService("web", type: "LoadBalancer")
        service.spec.externalTrafficPolicy = "Cluster"
        service.spec.internalTrafficPolicy = "Cluster"
        service.spec.sessionAffinity = "None"
        model.add(service)
        #expect(model.problems.isEmpty)
    }
}
