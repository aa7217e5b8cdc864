import Dataplane
import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("What all Services of a node have in common")
struct NodeStateTests {
    private static func prefixes(_ texts: String...) throws -> Set<IPPrefix> { Set(try texts.map { try IPPrefix($0) }) }

    @Test("23: the networks of ServiceCIDR objects join those of the configuration, at once, and leave")
    func serviceCIDRs() throws {
        var model = ModelUnderTest(
            ProxyConfiguration(nodeName: "this", serviceCIDRs: [try IPPrefix("10.96.0.0/16")]))
        #expect(model.node?.serviceCIDRs == (try Self.prefixes("10.96.0.0/16")))
        let more = makeServiceCIDR("more", ["10.97.0.0/16", "fd00:97::/112"])
        model.apply(.serviceCIDR(.added(more)))
        #expect(
            model.lastChanges.node?.serviceCIDRs == (try Self.prefixes("10.96.0.0/16", "10.97.0.0/16", "fd00:97::/112"))
        )
        model.apply(.serviceCIDR(.deleted(more)))
        #expect(model.node?.serviceCIDRs == (try Self.prefixes("10.96.0.0/16")))
        model.apply(.replaceServiceCIDRs([more]))
        model.apply(.replaceServiceCIDRs([makeServiceCIDR("other", ["10.98.0.0/16"])]))
        #expect(model.node?.serviceCIDRs == (try Self.prefixes("10.96.0.0/16", "10.98.0.0/16")))
    }

    @Test("a network within another is not named twice, and one of a family that is not served not at all")
    func nested() throws {
        var model = ModelUnderTest(
            ProxyConfiguration(
                nodeName: "this", families: [.ipv4],
                serviceCIDRs: [try IPPrefix("10.96.0.0/12"), try IPPrefix("fd00:96::/112")]))
        model.apply(.serviceCIDR(.added(makeServiceCIDR("kubernetes", ["10.96.0.0/16", "fd00:96::/112"]))))
        #expect(model.node?.serviceCIDRs == (try Self.prefixes("10.96.0.0/12")))
    }

    @Test("a network that cannot be read is reported")
    func badServiceCIDR() {
        var model = ModelUnderTest()
        model.apply(.serviceCIDR(.added(makeServiceCIDR("bad", ["10.96.0.0"]))))
        #expect(model.problems == ["ServiceCIDR bad: spec.cidrs: '10.96.0.0' is not a network in CIDR notation"])
    }

    @Test("pod networks: those of the configuration, or else the Node's")
    func podNetworks() throws {
        var node = makeNode("this", [])
        node.spec.podCIDRs = ["10.244.1.0/24", "fd00:10::/64"]
        var configured = ModelUnderTest(
            ProxyConfiguration(nodeName: "this", podNetworks: [try IPPrefix("10.244.0.0/16")]))
        configured.apply(.node(.added(node)))
        #expect(configured.node?.podNetworks == (try Self.prefixes("10.244.0.0/16")))
        var model = ModelUnderTest(ProxyConfiguration(nodeName: "this", podNetworks: nil))
        #expect(model.node?.podNetworks == [])
        model.apply(.node(.added(node)))
        #expect(model.node?.podNetworks == (try Self.prefixes("10.244.1.0/24", "fd00:10::/64")))
        model.apply(.node(.deleted(node)))
        #expect(model.node?.podNetworks == [])
    }

    private static func balancer(_ name: String, port: Int, created: Int64? = nil) -> Service {
        var service = makeLoadBalancer(
            name, [], clusterIPs: ["10.96.0.\(port % 200)"],
            ports: [
                ServicePortSpec(name: "http", port: 80, nodePort: port - 1000)
            ], created: created)
        service.spec.externalTrafficPolicy = "Local"
        service.spec.healthCheckNodePort = port
        return service
    }

    @Test("48: health checks count the different addresses of ready endpoints on this node, in both families")
    func healthChecks() throws {
        let own = try address("192.0.2.1")
        var model = ModelUnderTest(ProxyConfiguration(nodeName: "this", nodeIPs: [own]))
        #expect(model.healthChecks?.addresses == [own])
        model.add(Self.balancer("web", port: 32000))
        #expect(model.node?.healthCheckPorts == [32000])
        func counts() -> [Int]? { model.healthChecks?.services.map(\.localEndpoints) }
        #expect(counts() == [0])
        let ports = [EndpointPort(name: "http", port: 8080), EndpointPort(name: "more", port: 9090)]
        model.add(
            makeSlice(
                of: "web",
                [
                    makeEndpoint("10.244.0.1", node: "this"), makeEndpoint("10.244.0.2", node: "this"),
                    makeEndpoint("10.244.0.3", node: "other"), makeEndpoint("10.244.0.4", node: nil),
                    makeTerminating("10.244.0.5", node: "this"),
                ], ports: ports),
            makeSlice(of: "web", [makeEndpoint("10.244.0.1", node: "this")], name: "again", ports: ports),
            makeSlice(of: "web", [makeEndpoint("fd00:10::1", node: "this")], name: "six", addressType: "IPv6"))
        #expect(counts() == [3])
        model.add(makeSlice(of: "web", [makeTerminating("10.244.0.5", node: "this")]))
        model.remove(makeSlice(of: "web", [], name: "again"))
        model.remove(makeSlice(of: "web", [], name: "six"))
        #expect(counts() == [0], "only those that terminate")
        #expect(model["web"]?.localEndpoints.count == 1)
    }

    @Test("48: the server goes with the policy and with the Service")
    func healthCheckGoes() {
        var model = ModelUnderTest()
        let service = Self.balancer("web", port: 32000)
        model.add(service)
        var cluster = service
        cluster.spec.externalTrafficPolicy = "Cluster"
        model.add(cluster)
        #expect(model.node?.healthCheckPorts == [])
        #expect(model.healthChecks?.services == [])
        model.add(service)
        #expect(model.node?.healthCheckPorts == [32000])
        model.remove(service)
        #expect(model.node?.healthCheckPorts == [])
        #expect(model.healthChecks?.services == [])
    }

    @Test("of two Services with one health check port the older one has it, and the other inherits")
    func healthCheckConflict() {
        var model = ModelUnderTest()
        let (old, young) = (
            Self.balancer("web", port: 32000, created: 1), Self.balancer("api", port: 32000, created: 2)
        )
        model.add(young)
        model.add(old)
        #expect(model.healthChecks?.services.map(\.name.name) == ["web"])
        #expect(
            model.problems.filter { $0.contains("healthCheck") } == [
                "Service default/api: healthCheckNodePort 32000 is held by Service default/web, "
                    + "which is older or comes first by name"
            ])
        model.remove(old)
        #expect(model.healthChecks?.services.map(\.name.name) == ["api"])
        #expect(model.model.ledger.current.isEmpty)
    }
}
