import Dataplane
import KubeAPI
import Net
import Testing

@testable import Proxy

@Suite("Traffic policies, termination and affinity")
struct TrafficPolicyTests {
    private static func port(
        internalPolicy: String? = nil, externalPolicy: String? = nil, type: String = "NodePort",
        _ endpoints: EndpointSpec...
    ) throws -> ServicePort {
        var model = ModelUnderTest()
        var service = makeService(
            "web", type: type, ports: [ServicePortSpec(name: "http", port: 80, nodePort: 30080)])
        service.spec.internalTrafficPolicy = internalPolicy
        service.spec.externalTrafficPolicy = externalPolicy
        model.add(service)
        model.add(makeSlice(of: "web", endpoints))
        return try #require(model["web"])
    }

    private static func hosts(_ endpoints: [Endpoint]) -> [Int] {
        endpoints.map { Int($0.address.v4Bits & 0xFF) }
    }

    private static func expect(
        _ port: ServicePort, cluster: [Int], local: [Int], retained: [Int] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(hosts(port.endpoints) == cluster, sourceLocation: sourceLocation)
        #expect(hosts(port.localEndpoints) == local, sourceLocation: sourceLocation)
        #expect(hosts(port.retainedEndpoints) == retained, sourceLocation: sourceLocation)
    }

    @Test("7, 15: each policy is its own; Cluster is the default", arguments: [nil, "Cluster", "Local"])
    func policies(text: String?) throws {
        let expected: TrafficPolicy = text == "Local" ? .local : .cluster
        let inside = try Self.port(internalPolicy: text)
        #expect(inside.internalPolicy == expected)
        #expect(inside.externalPolicy == .cluster)
        let outside = try Self.port(externalPolicy: text)
        #expect(outside.externalPolicy == expected)
        #expect(outside.internalPolicy == .cluster)
    }

    @Test("externalTrafficPolicy says nothing about a Service that cannot be reached from outside")
    func notExternal() throws {
        let port = try Self.port(externalPolicy: "Local", type: "ClusterIP", makeEndpoint("10.244.0.1", node: "this"))
        #expect(port.externalPolicy == .cluster)
        Self.expect(port, cluster: [1], local: [])
        var model = ModelUnderTest()
        var service = makeService("web")
        service.spec.externalTrafficPolicy = "Local"
        service.spec.externalIPs = ["192.0.2.1"]
        model.add(service)
        #expect(model["web"]?.externalPolicy == .local)
    }

    @Test("5, 9: policy Local uses the ready endpoints of this node", arguments: [true, false])
    func local(isInternal: Bool) throws {
        let port = try Self.port(
            internalPolicy: isInternal ? "Local" : nil, externalPolicy: isInternal ? nil : "Local",
            makeEndpoint("10.244.0.1", node: "this"), makeEndpoint("10.244.0.2", node: "other"),
            makeEndpoint("10.244.0.3", node: nil))
        Self.expect(port, cluster: [1, 2, 3], local: [1])
        #expect(port.endpoints.map(\.isLocal) == [true, false, true], "it may be here: for hairpin")
        #expect(port.localEndpoints.map(\.isLocal) == [true])
    }

    @Test("6, 10: no endpoint here and some elsewhere: only the local list is empty")
    func noneLocal() throws {
        Self.expect(
            try Self.port(internalPolicy: "Local", externalPolicy: "Local", makeEndpoint("10.244.0.2")), cluster: [2],
            local: [])
    }

    @Test("32: the local list falls back on its own, though others are ready elsewhere")
    func localFallback() throws {
        Self.expect(
            try Self.port(
                externalPolicy: "Local", makeTerminating("10.244.0.1", node: "this"), makeEndpoint("10.244.0.2")),
            cluster: [2], local: [1])
    }

    @Test("32: the cluster list falls back, the local one has nothing to fall back on")
    func clusterFallback() throws {
        Self.expect(
            try Self.port(
                externalPolicy: "Local", makeTerminating("10.244.0.2"),
                makeEndpoint("10.244.0.1", ready: false, serving: true, node: "this")),
            cluster: [2], local: [], retained: [1])
    }

    @Test("33: terminating elsewhere only: policy Cluster is served, policy Local is not")
    func remoteTerminating() throws {
        Self.expect(
            try Self.port(externalPolicy: "Local", makeTerminating("10.244.0.2")), cluster: [2], local: [])
    }

    @Test("31: what terminates while others are ready keeps what it has; what does not serve does not")
    func retained() throws {
        Self.expect(
            try Self.port(
                makeEndpoint("10.244.0.1"), makeTerminating("10.244.0.2"),
                makeEndpoint("10.244.0.3", ready: false, serving: false),
                makeEndpoint("10.244.0.4", ready: false, serving: false, terminating: true)),
            cluster: [1], local: [], retained: [2])
    }

    @Test("an endpoint of the local list is not retained, though the cluster list has it not")
    func localIsNotRetained() throws {
        let port = try Self.port(
            internalPolicy: "Local", makeTerminating("10.244.0.1", node: "this"), makeEndpoint("10.244.0.2"),
            makeTerminating("10.244.0.3"))
        Self.expect(port, cluster: [2], local: [1], retained: [3])
    }

    @Test("34: publishNotReadyAddresses counts by ready alone, in the local list, too")
    func publishNotReady() throws {
        let endpoint = makeEndpoint("10.244.0.1", ready: true, serving: false, terminating: true, node: "this")
        Self.expect(
            try Self.port(externalPolicy: "Local", endpoint, makeEndpoint("10.244.0.2")), cluster: [1, 2], local: [1])
    }

    @Test("41, 44: affinity has the API server's default, and may be switched")
    func affinity() {
        var model = ModelUnderTest()
        var service = makeService("web")
        model.add(service)
        #expect(model["web"]?.affinitySeconds == 0)
        service.spec.sessionAffinity = "ClientIP"
        model.add(service)
        #expect(model["web"]?.affinitySeconds == 10_800)
        service.spec.sessionAffinityConfig = SessionAffinityConfig(clientIP: .init(timeoutSeconds: 10))
        model.add(service)
        #expect(model["web"]?.affinitySeconds == 10)
        service.spec.sessionAffinity = "None"
        model.add(service)
        #expect(model["web"]?.affinitySeconds == 0)
        #expect(model.problems.isEmpty)
        service.spec.sessionAffinity = "ClientIP"
        service.spec.sessionAffinityConfig = SessionAffinityConfig(clientIP: .init(timeoutSeconds: 0))
        model.add(service)
        #expect(model["web"]?.affinitySeconds == 10_800)
        #expect(model.problems.count == 1)
    }

    @Test(
        "the API server and DNS are essential",
        arguments: [
            ("default", "kubernetes", nil, true), ("default", "web", nil, false),
            ("kube-system", "kube-dns", nil, true),
            ("kube-system", "coredns", nil, true), ("kube-system", "names", "kube-dns", true),
            ("kube-system", "metrics", nil, false), ("default", "kube-dns", nil, false),
            ("default", "names", "kube-dns", false),
        ] as [(String, String, String?, Bool)])
    func essential(namespace: String, name: String, app: String?, isEssential: Bool) {
        var model = ModelUnderTest()
        var service = makeService(name, namespace: namespace)
        service.metadata.labels["k8s-app"] = app
        model.add(service)
        #expect(model.servicePorts.values.map(\.isEssential) == [isEssential])
    }
}
