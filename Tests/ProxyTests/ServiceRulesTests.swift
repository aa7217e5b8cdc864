import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("Services: which are served, and with what")
struct ServiceRulesTests {
    @Test("1: a ClusterIP leads to the usable endpoints of all nodes")
    func clusterIP() throws {
        var model = ModelUnderTest()
        model.add(makeService("web"))
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5"), makeEndpoint("10.244.0.5", node: "this")]))
        let port = try #require(model["web"])
        #expect(port.clusterIP == (try address("10.96.0.10")))
        #expect(port.port == 80)
        #expect(port.nodePort == nil)
        #expect(model.endpoints("web") == ["10.244.0.5:8080", "10.244.1.5:8080"])
    }

    @Test("8: a NodePort leads to the same endpoints", arguments: ["NodePort", "LoadBalancer"])
    func nodePort(type: String) {
        var model = ModelUnderTest()
        model.add(
            makeService("web", type: type, ports: [ServicePortSpec(name: "http", port: 80, nodePort: 30599)]))
        model.add(makeSlice(of: "web", [makeEndpoint("10.244.1.5")]))
        #expect(model["web"]?.nodePort == 30599)
        #expect(model["web"]?.clusterIP != nil)
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
    }

    @Test("a number left in nodePort of a ClusterIP Service opens nothing on the node")
    func leftoverNodePort() {
        var model = ModelUnderTest()
        model.add(makeService("web", ports: [ServicePortSpec(name: "http", port: 80, nodePort: 30599)]))
        #expect(model["web"] != nil)
        #expect(model["web"]?.nodePort == nil)
    }

    @Test("20, 26: no endpoint is an empty list, and the first one ends that")
    func noEndpoints() {
        var model = ModelUnderTest()
        model.add(makeService("web"))
        #expect(model.endpoints("web") == [])
        let slice = makeSlice(of: "web", [makeEndpoint("10.244.1.5")])
        model.add(slice)
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
        model.remove(slice)
        #expect(model.endpoints("web") == [])
    }

    @Test("24: TCP, UDP and SCTP on one port number are independent")
    func protocols() {
        var model = ModelUnderTest()
        let names = ["t": "TCP", "u": "UDP", "s": "SCTP"]
        model.add(
            makeService("dns", ports: names.map { ServicePortSpec(name: $0.key, protocol: $0.value, port: 53) }))
        model.add(
            makeSlice(
                of: "dns", [makeEndpoint("10.244.1.5")],
                ports: [
                    EndpointPort(name: "t", protocol: "TCP", port: 1),
                    EndpointPort(name: "u", protocol: "UDP", port: 2),
                    EndpointPort(name: "s", protocol: "SCTP", port: 3),
                ]))
        #expect(model.endpoints("dns", port: "t", protocol: .tcp) == ["10.244.1.5:1"])
        #expect(model.endpoints("dns", port: "u", protocol: .udp) == ["10.244.1.5:2"])
        #expect(model.endpoints("dns", port: "s", protocol: .sctp) == ["10.244.1.5:3"])
        #expect(model.servicePorts.values.allSatisfy { $0.clusterIP != nil && $0.port == 53 })
        #expect(model.problems.isEmpty)
    }

    @Test("24: an endpoint port serves only the protocol it names")
    func endpointProtocol() {
        var model = ModelUnderTest()
        model.add(makeService("dns", ports: [ServicePortSpec(name: "dns", protocol: "UDP", port: 53)]))
        model.add(
            makeSlice(
                of: "dns", [makeEndpoint("10.244.1.5")], ports: [EndpointPort(name: "dns", protocol: "TCP", port: 53)]))
        #expect(model.endpoints("dns", port: "dns", protocol: .udp) == [])
    }

    @Test("25: Services keep their ports apart")
    func separateServices() {
        var model = ModelUnderTest()
        model.add(
            makeService("a", ports: [ServicePortSpec(name: "http", port: 80)]),
            makeService("b", clusterIPs: ["10.96.0.11"], ports: [ServicePortSpec(name: "http", port: 81)]))
        model.add(makeSlice(of: "a", [makeEndpoint("10.244.1.5")]), makeSlice(of: "b", [makeEndpoint("10.244.1.6")]))
        #expect(model.servicePorts.count == 2)
        #expect(model["a"]?.port == 80)
        #expect(model["b"]?.port == 81)
        #expect(model.endpoints("b") == ["10.244.1.6:8080"])
    }

    @Test("55: a dual-stack Service has a port in each family, with that family's endpoints")
    func dualStack() throws {
        var model = ModelUnderTest()
        model.add(makeService("web", clusterIPs: ["10.96.0.10", "fd00:96::10"]))
        model.add(
            makeSlice(of: "web", [makeEndpoint("10.244.1.5")]),
            makeSlice(of: "web", [makeEndpoint("fd00:10::5")], name: "web-v6", addressType: "IPv6"))
        #expect(model.endpoints("web") == ["10.244.1.5:8080"])
        #expect(model.endpoints("web", family: .ipv6) == ["[fd00:10::5]:8080"])
        #expect(model["web", "http", .tcp, .ipv6]?.clusterIP == (try address("fd00:96::10")))
        model.remove(makeSlice(of: "web", [makeEndpoint("10.244.1.5")]))
        #expect(model.endpoints("web") == [])
        #expect(model.endpoints("web", family: .ipv6) == ["[fd00:10::5]:8080"])
    }

    @Test("a node of one family serves that family only")
    func singleFamilyNode() {
        var model = ModelUnderTest(ProxyConfiguration(nodeName: "this", families: [.ipv6]))
        model.add(makeService("web", clusterIPs: ["10.96.0.10", "fd00:96::10"]))
        #expect(model.servicePorts.keys.map(\.family) == [.ipv6])
        #expect(model.problems.isEmpty)
    }

    @Test("clusterIP counts where clusterIPs is empty")
    func singleClusterIP() {
        var model = ModelUnderTest()
        var service = makeService("web")
        service.spec.clusterIPs = []
        model.add(service)
        #expect(model["web"]?.clusterIP != nil)
    }

    @Test("56: a named target port leads to each pod's own port")
    func namedTargetPort() {
        var model = ModelUnderTest()
        model.add(makeService("web"))
        model.add(
            makeSlice(of: "web", [makeEndpoint("10.244.1.5")], ports: [EndpointPort(name: "http", port: 8080)]),
            makeSlice(
                of: "web", [makeEndpoint("10.244.1.6")], name: "web-2", ports: [EndpointPort(name: "http", port: 9090)])
        )
        #expect(model.endpoints("web") == ["10.244.1.5:8080", "10.244.1.6:9090"])
    }

    @Test("headless, unallocated and ExternalName Services are not served")
    func notServed() {
        var model = ModelUnderTest()
        model.add(
            makeService("headless", clusterIPs: ["None"]), makeService("pending", clusterIPs: []),
            makeService("elsewhere", type: "ExternalName", clusterIPs: ["10.96.0.10"]))
        #expect(model.servicePorts.isEmpty)
        #expect(model.problems.isEmpty)
    }

    @Test("49: a Service of another proxy is not served, also when the label comes later")
    func otherProxy() {
        var model = ModelUnderTest()
        let service = makeService("web")
        model.add(service)
        #expect(model["web"] != nil)
        var labelled = service
        labelled.metadata.labels["service.kubernetes.io/service-proxy-name"] = ""
        model.apply(.service(.modified(labelled)))
        #expect(model.servicePorts.isEmpty)
        model.apply(.service(.modified(service)))
        #expect(model["web"] != nil)
    }

    @Test("a Service that becomes headless or ExternalName, or loses a port, is no longer served there")
    func serviceChanges() {
        var model = ModelUnderTest()
        let both = makeService(
            "web", ports: [ServicePortSpec(name: "http", port: 80), ServicePortSpec(name: "https", port: 443)])
        model.add(both)
        #expect(model.servicePorts.count == 2)
        model.add(makeService("web", ports: [ServicePortSpec(name: "https", port: 444)]))
        #expect(model.servicePorts.keys.map(\.port) == ["https"])
        #expect(model["web", "https"]?.port == 444)
        model.add(makeService("web", clusterIPs: ["None"]))
        #expect(model.servicePorts.isEmpty)
    }

    @Test("51: a Service that is made anew, or another one in its place, has the ClusterIP", arguments: [true, false])
    func renamed(addedFirst: Bool) {
        var model = ModelUnderTest()
        let old = makeService("old", created: 1)
        let new = makeService("new", created: 2)
        model.add(old)
        let events: [ProxyEvent] = [.service(.added(new)), .service(.deleted(old))]
        model.apply(addedFirst ? events : events.reversed())
        #expect(model.servicePorts.count == 1)
        #expect(model["new"]?.clusterIP != nil)
        model.apply(.service(.deleted(new)), .service(.added(makeService("new", created: 3))))
        #expect(model["new"]?.clusterIP != nil)
        #expect(model.problems.isEmpty)
    }
}
