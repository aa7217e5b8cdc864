import Dataplane
import KubeAPI
import Logging
import MetricsTestKit
import Net
import Synchronization
import Testing

@testable import Proxy

@Suite("How the proxy says that it does")
struct ProxyHealthTests {
    private static let report = CommitReport(isFull: false, servicePorts: 1, elements: 2, bytes: 90)
    private let metrics = TestMetrics()
    private let time = Timestamp(microsecondsSinceEpoch: 5_000_000)
    private let later = ContinuousClock.now + .seconds(61)
    private let proxy: ServiceProxy

    init() {
        let time = time
        proxy = ServiceProxy(
            configuration: ProxyConfiguration(nodeName: "this"), logger: RecordingLog().makeLogger(), metrics: metrics
        ) { time }
    }

    private func sync() {
        proxy.submit(.replaceServices([makeService("web", clusterIPs: ["10.96.0.10", "fd00::10"])]))
        proxy.submit(.replaceEndpointSlices([]))
        _ = proxy.takeChanges()
        proxy.committed(Self.report)
    }

    private func value(_ name: String, _ dimensions: [(String, String)] = []) throws -> Double? {
        try metrics.expectMeter(name, dimensions).lastValue
    }

    @Test("healthy while the lists are still coming, but not while nobody takes events")
    func starting() {
        proxy.submit(.replaceServices([]))
        #expect(!proxy.health(now: later).isHealthy, "nobody takes the events")
        #expect(proxy.takeChanges() == nil)
        #expect(proxy.health(now: later).isHealthy)
        #expect(proxy.health(now: later).lastUpdated == time)
    }

    @Test(
        "a family is unhealthy when a change of it has waited for twice the sync period", arguments: IPFamily.allCases)
    func families(family: IPFamily) {
        sync()
        let address = family == .ipv4 ? "10.244.0.1" : "fd00:1::1"
        let slice = makeSlice(of: "web", [makeEndpoint(address)], addressType: family.description)
        proxy.submit(.endpointSlice(.added(slice)))
        _ = proxy.takeChanges()
        #expect(proxy.health().isHealthy)
        let health = proxy.health(now: later)
        #expect(health.families.mapValues(\.isHealthy) == [.ipv4: family != .ipv4, .ipv6: family != .ipv6])
        #expect(!health.isHealthy && !proxy.isHealthy(now: later))
        proxy.commitFailed(CommitFailure(servicePort: nil, description: "EBUSY", retryMilliseconds: 100))
        #expect(!proxy.isHealthy(now: later))
        proxy.committed(Self.report)
        #expect(proxy.isHealthy(now: later))
    }

    @Test("the bound is twice the configured sync period")
    func period() {
        let slow = ServiceProxy(
            configuration: ProxyConfiguration(nodeName: "this", families: [.ipv4], syncPeriod: .seconds(60)),
            logger: RecordingLog().makeLogger(), metrics: metrics)
        slow.submit(.replaceServices([]))
        #expect(slow.isHealthy(now: later))
        #expect(!slow.isHealthy(now: later + .seconds(60)))
        #expect(Set(slow.health().families.keys) == [.ipv4])
    }

    @Test("the node is eligible while its object is there, not deleted, and not about to be removed")
    func eligibility() {
        #expect(!proxy.health().isNodeEligible, "the Node is not known yet")
        let node = makeNode("this", [("InternalIP", "192.0.2.1")])
        proxy.submit(.node(.added(makeNode("other", []))))
        #expect(!proxy.health().isNodeEligible)
        proxy.submit(.replaceNodes([makeNode("other", []), node]))
        #expect(proxy.health().isNodeEligible)
        var tainted = node
        tainted.spec.taints = [.init(key: "node.kubernetes.io/not-ready", effect: "NoExecute")]
        proxy.submit(.node(.modified(tainted)))
        #expect(proxy.health().isNodeEligible)
        tainted.spec.taints.append(.init(key: "ToBeDeletedByClusterAutoscaler", value: "1", effect: "NoSchedule"))
        proxy.submit(.node(.modified(tainted)))
        #expect(!proxy.health().isNodeEligible)
        proxy.submit(.node(.modified(node)))
        #expect(proxy.health().isNodeEligible)
        var deleted = node
        deleted.metadata.deletionTimestamp = time
        proxy.submit(.node(.modified(deleted)))
        #expect(!proxy.health().isNodeEligible)
        proxy.submit(.node(.modified(node)))
        proxy.submit(.gone(.node, ObjectName(namespace: "", name: "other")))
        #expect(proxy.health().isNodeEligible)
        proxy.submit(.gone(.node, ObjectName(namespace: "", name: "this")))
        #expect(!proxy.health().isNodeEligible)
        proxy.submit(.node(.added(node)))
        #expect(proxy.health().isNodeEligible)
        proxy.submit(.replaceNodes([]))
        #expect(!proxy.health().isNodeEligible)
    }

    @Test("changes are pending until the sync thread takes them")
    func pending() throws {
        sync()
        let name = "kubeproxy_sync_proxy_rules_endpoint_changes_pending"
        for number in 1...3 {
            proxy.submit(.endpointSlice(.modified(makeSlice(of: "web", [makeEndpoint("10.244.0.\(number)")]))))
        }
        proxy.submit(.gone(.service, ObjectName(namespace: "default", name: "web")))
        #expect(try value(name) == 3)
        #expect(try value("kubeproxy_sync_proxy_rules_service_changes_pending") == 1)
        _ = proxy.takeChanges()
        #expect(try value(name) == 0)
        #expect(try value("kubeproxy_sync_proxy_rules_service_changes_pending") == 0)
        #expect(try value("kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds", [("ip_family", "IPv4")]) == 5)
    }

    @Test("service ports with a policy Local and endpoints on other nodes only are counted")
    func withoutLocalEndpoints() throws {
        var service = makeService(
            "web", type: "NodePort", ports: [ServicePortSpec(name: "http", port: 80, nodePort: 30080)])
        service.spec.internalTrafficPolicy = "Local"
        service.spec.externalTrafficPolicy = "Local"
        proxy.submit(.replaceServices([service, makeService("other", clusterIPs: ["10.96.0.11"])]))
        proxy.submit(.replaceEndpointSlices([]))
        func expect(_ internals: Double, _ externals: Double, endpoints: Double, ports: Double) throws {
            _ = proxy.takeChanges()
            proxy.committed(Self.report)
            let name = "kubeproxy_sync_proxy_rules_no_local_endpoints_total"
            #expect(try value(name, [("traffic_policy", "internal"), ("ip_family", "IPv4")]) == internals)
            #expect(try value(name, [("traffic_policy", "external"), ("ip_family", "IPv4")]) == externals)
            #expect(try value(name, [("traffic_policy", "external"), ("ip_family", "IPv6")]) == 0)
            #expect(try value("fairlead_endpoints", [("ip_family", "IPv4")]) == endpoints)
            #expect(try value("fairlead_service_ports", [("ip_family", "IPv4")]) == ports)
        }
        try expect(0, 0, endpoints: 0, ports: 2)
        proxy.submit(.endpointSlice(.added(makeSlice(of: "web", [makeEndpoint("10.244.1.1")]))))
        try expect(1, 1, endpoints: 1, ports: 2)
        let here = [makeEndpoint("10.244.1.1"), makeEndpoint("10.244.0.1", node: "this")]
        proxy.submit(.endpointSlice(.modified(makeSlice(of: "web", here))))
        try expect(0, 0, endpoints: 2, ports: 2)
        proxy.submit(.endpointSlice(.modified(makeSlice(of: "web", [makeEndpoint("10.244.1.1")]))))
        service.spec.internalTrafficPolicy = "Cluster"
        proxy.submit(.service(.modified(service)))
        try expect(0, 1, endpoints: 1, ports: 2)
        proxy.submit(.gone(.service, ObjectName(namespace: "default", name: "web")))
        try expect(0, 0, endpoints: 0, ports: 1)
    }
}
