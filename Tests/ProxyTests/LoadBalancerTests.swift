import Dataplane
import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("Addresses of load balancers, externalIPs, and who may connect")
struct LoadBalancerTests {
    private static func addresses(_ service: Service, node: Node? = nil, family: IPFamily = .ipv4) -> [String] {
        var model = ModelUnderTest()
        if let node { model.apply(.node(.added(node))) }
        model.add(service)
        return model["web", "http", .tcp, family].map(text) ?? []
    }

    private static func text(_ port: ServicePort) -> [String] {
        port.externalAddresses.map { external in
            guard let sources = external.allowedSources else { return external.address.description }
            return "\(external.address) from \(sources.map(\.description).joined(separator: ","))"
        }
    }

    @Test("16: the addresses of status.loadBalancer.ingress lead here, but not with ipMode Proxy, and no names")
    func ingress() {
        var service = makeLoadBalancer("web", ["192.0.2.1"])
        service.status?.loadBalancer?.ingress += [
            .init(ip: "192.0.2.2", ipMode: "VIP"), .init(ip: "192.0.2.3", ipMode: "Proxy"),
            .init(hostname: "lb.example.org"), .init(ip: "192.0.2.1"),
        ]
        #expect(Self.addresses(service) == ["192.0.2.1", "192.0.2.2"])
        service.spec.type = "NodePort"
        #expect(Self.addresses(service) == [], "what is left of an earlier type")
    }

    @Test("an address that the load balancer gets later, or no longer has")
    func changes() {
        var model = ModelUnderTest()
        model.add(makeLoadBalancer("web", []))
        #expect(model["web"]?.externalAddresses.isEmpty == true)
        model.add(makeLoadBalancer("web", ["192.0.2.1"]))
        #expect(model["web"].map(Self.text) == ["192.0.2.1"])
        var proxied = makeLoadBalancer("web", ["192.0.2.1"])
        proxied.status?.loadBalancer?.ingress[0].ipMode = "Proxy"
        model.add(proxied)
        #expect(model["web"]?.externalAddresses.isEmpty == true)
        #expect(model.problems.isEmpty)
    }

    @Test("externalIPs count for every type", arguments: ["ClusterIP", "NodePort", "LoadBalancer"])
    func externalIPs(type: String) {
        var service = makeService("web", type: type)
        service.spec.externalIPs = ["192.0.2.7"]
        #expect(Self.addresses(service) == ["192.0.2.7"])
    }

    @Test("29: ranges say nothing about externalIPs; an address that is both is guarded")
    func guardedAddresses() {
        var service = makeLoadBalancer("web", ["192.0.2.1"], ranges: ["198.51.100.0/24"])
        service.spec.externalIPs = ["192.0.2.7", "192.0.2.1"]
        #expect(Self.addresses(service) == ["192.0.2.1 from 198.51.100.0/24", "192.0.2.7"])
    }

    @Test("55: each address is on the ports of its own family, with that family's ranges")
    func families() {
        let service = makeLoadBalancer(
            "web", ["192.0.2.1", "2001:db8::1"], ranges: ["198.51.100.0/24", "2001:db8:1::/48"],
            clusterIPs: ["10.96.0.10", "fd00:96::10"])
        #expect(Self.addresses(service) == ["192.0.2.1 from 198.51.100.0/24"])
        #expect(Self.addresses(service, family: .ipv6) == ["2001:db8::1 from 2001:db8:1::/48"])
    }

    @Test("an address of a family that the Service does not have is reported, where the node has the family")
    func otherFamily() {
        let service = makeLoadBalancer("web", ["2001:db8::1"])
        var model = ModelUnderTest()
        model.add(service)
        #expect(
            model.problems == [
                "Service default/web: load balancer address 2001:db8::1 is left out: the Service has no IPv6 ClusterIP"
            ])
        var single = ModelUnderTest(ProxyConfiguration(nodeName: "this", families: [.ipv4]))
        single.add(service)
        #expect(single["web"]?.externalAddresses.isEmpty == true)
        #expect(single.problems.isEmpty)
    }

    @Test(
        "27, 29: ranges: trimmed, host bits cleared, none within another; a family without ranges and /0 are open",
        arguments: [
            (["198.51.100.0/24", " 203.0.113.0/24 "], "192.0.2.1 from 198.51.100.0/24,203.0.113.0/24"),
            (["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8", "10.255.255.255/32"], "192.0.2.1 from 10.0.0.0/8"),
            (["10.1.2.3/8"], "192.0.2.1 from 10.0.0.0/8"),
            (["10.0.0.0/8", "0.0.0.0/0"], "192.0.2.1"), (["2001:db8::/32"], "192.0.2.1"), (["::/0"], "192.0.2.1"),
            ([], "192.0.2.1"), (["10.0.0.0/8", "foo"], "192.0.2.1 from 10.0.0.0/8"),
        ])
    func ranges(ranges: [String], expected: String) {
        #expect(Self.addresses(makeLoadBalancer("web", ["192.0.2.1"], ranges: ranges)) == [expected])
    }

    @Test("ranges that cannot be read let nobody in, and are reported")
    func unreadableRanges() {
        var model = ModelUnderTest()
        model.add(makeLoadBalancer("web", ["192.0.2.1"], ranges: ["10.0.0.0"]))
        #expect(model["web"]?.externalAddresses.first?.allowedSources == [])
        #expect(
            model.problems == [
                "Service default/web: loadBalancerSourceRanges: '10.0.0.0' is not a network in CIDR notation"
            ])
    }

    @Test("28: where a range has this node in it, the address itself may connect, too")
    func nodeInRange() {
        let service = makeLoadBalancer("web", ["192.0.2.1"], ranges: ["203.0.113.0/24"])
        let inside = makeNode("this", [(type: "Hostname", address: "n"), (type: "InternalIP", address: "203.0.113.9")])
        let outside = makeNode("this", [(type: "InternalIP", address: "198.51.100.9")])
        #expect(Self.addresses(service, node: inside) == ["192.0.2.1 from 192.0.2.1/32,203.0.113.0/24"])
        #expect(Self.addresses(service, node: outside) == ["192.0.2.1 from 203.0.113.0/24"])
        let covering = makeLoadBalancer("web", ["192.0.2.1"], ranges: ["203.0.113.0/24", "192.0.2.0/24"])
        #expect(Self.addresses(covering, node: inside) == ["192.0.2.1 from 192.0.2.0/24,203.0.113.0/24"])
    }

    @Test("28: the node's addresses may change, and --node-ip comes first")
    func nodeChanges() throws {
        let service = makeLoadBalancer("web", ["192.0.2.1"], ranges: ["203.0.113.0/24"])
        var model = ModelUnderTest()
        model.add(service)
        #expect(model["web"].map(Self.text) == ["192.0.2.1 from 203.0.113.0/24"])
        model.apply(.node(.added(makeNode("this", [(type: "InternalIP", address: "203.0.113.9")]))))
        #expect(model["web"].map(Self.text) == ["192.0.2.1 from 192.0.2.1/32,203.0.113.0/24"])
        model.apply(.node(.modified(makeNode("this", [(type: "InternalIP", address: "198.51.100.9")]))))
        #expect(model["web"].map(Self.text) == ["192.0.2.1 from 203.0.113.0/24"])
        var configured = ModelUnderTest(
            ProxyConfiguration(nodeName: "this", nodeIPs: [try address("203.0.113.8")]))
        configured.add(service)
        #expect(configured["web"].map(Self.text) == ["192.0.2.1 from 192.0.2.1/32,203.0.113.0/24"])
    }

    @Test("an external address is a frontend like others: the older Service has it, the other is served elsewhere")
    func conflict() {
        var model = ModelUnderTest()
        let old = makeLoadBalancer("web", ["192.0.2.1"], created: 1)
        var young = makeService("api", clusterIPs: ["10.96.0.11"], created: 2)
        young.spec.externalIPs = ["192.0.2.1", "192.0.2.2", "10.96.0.10"]
        model.add(young)
        model.add(old)
        #expect(model["web"].map(Self.text) == ["192.0.2.1"])
        #expect(model["api"].map(Self.text) == ["192.0.2.2"])
        #expect(model["api"]?.clusterIP != nil)
        #expect(
            model.problems == [
                "Service default/api: address 192.0.2.1 port 80/TCP for port http is held by Service default/web, "
                    + "which is older or comes first by name",
                "Service default/api: address 10.96.0.10 port 80/TCP for port http is held by Service default/web, "
                    + "which is older or comes first by name",
            ])
        model.remove(old)
        #expect(model["api"].map(Self.text) == ["192.0.2.1", "192.0.2.2", "10.96.0.10"])
        model.remove(young)
        #expect(model.model.holders.isEmpty)
        #expect(model.model.contenders.isEmpty)
    }

    @Test("two Services share an address by their ports")
    func sharedAddress() {
        var model = ModelUnderTest()
        model.add(
            makeLoadBalancer("web", ["192.0.2.1"]),
            makeLoadBalancer(
                "api", ["192.0.2.1"], clusterIPs: ["10.96.0.11"], ports: [ServicePortSpec(name: "http", port: 81)]))
        #expect(model["web"].map(Self.text) == ["192.0.2.1"])
        #expect(model["api"].map(Self.text) == ["192.0.2.1"])
        #expect(model.problems.isEmpty)
    }

    @Test(
        "addresses that cannot be one from outside are left out",
        arguments: ["127.0.0.1", "0.0.0.0", "x", "10.96.0.10"])
    func unfit(address: String) {
        var model = ModelUnderTest()
        var service = makeService("web")
        service.spec.externalIPs = [address]
        model.add(service)
        #expect(model["web"]?.clusterIP != nil)
        #expect(model["web"]?.externalAddresses.isEmpty == true)
        #expect(model.problems.count == 1)
    }
}
