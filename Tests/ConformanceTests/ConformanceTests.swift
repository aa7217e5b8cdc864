import TestSupport
import Testing

@Suite(
    "Against a real kube-apiserver", .serialized,
    .enabled(if: KubeAPIServer.Programs.fromEnvironment != nil, "FAIRLEAD_APISERVER and FAIRLEAD_ETCD name no programs")
)
struct ConformanceTests {
    @Test("With the DaemonSet's rights, Services come, change and go; health, metrics and events are as kube-proxy's")
    func services() async throws {
        let cluster = try ClusterUnderTest()
        // The API server makes this one itself.
        #expect(try cluster.elements("cluster-ips").contains("10.96.0.1"))
        try cluster.create(service: "web", address: "10.96.7.7", endpoint: "10.244.0.7")
        try await eventually { try cluster.map("endpoints").contains("10.244.0.7") }
        #expect(try cluster.elements("cluster-ips").contains("10.96.7.7"))
        let other = #"{"endpoints": [{"addresses": ["10.244.0.8"], "conditions": {"ready": true}}]}"#
        try cluster.expect(
            200,
            try cluster.server.request(
                "PATCH", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/web", body: other))
        try await eventually { try cluster.map("endpoints").contains("10.244.0.8") }
        #expect(try !cluster.map("endpoints").contains("10.244.0.7"))

        try await eventually {
            try Tool.run("cat", "\(cluster.server.directory)/pod-cidrs", in: cluster.server.namespace)
                .hasSuffix("\n10.244.1.0/24\n")
        }
        #expect(try cluster.page("10256/healthz").hasSuffix("\n200"))
        #expect(try cluster.page("10249/proxyMode") == "nftables\n200")
        let metrics = try cluster.page("10249/metrics")
        #expect(metrics.contains("kubeproxy_sync_proxy_rules_duration_seconds_bucket"))
        try await eventually {
            try cluster.kubectl("get", "events", "-A", "-o", "jsonpath={.items[*].reason}").contains("Starting")
        }
        let taint = #"{"spec": {"taints": [{"key": "ToBeDeletedByClusterAutoscaler", "effect": "NoSchedule"}]}}"#
        try cluster.expect(200, try cluster.server.request("PATCH", "/api/v1/nodes/node-1", body: taint))
        try await eventually { try cluster.page("10256/healthz").hasSuffix("\n503") }
        #expect(try cluster.page("10256/livez").hasSuffix("\n200"))

        try cluster.delete(service: "web")
        try await eventually { try !cluster.elements("cluster-ips").contains("10.96.7.7") }
        #expect(try !cluster.map("endpoints").contains("10.244.0.8"))
    }

    @Test("Nothing is forgotten while the API server is away, and what changed meanwhile is found")
    func restart() async throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(service: "stays", address: "10.96.7.1", endpoint: "10.244.0.1")
        try cluster.create(service: "goes", address: "10.96.7.2", endpoint: "10.244.0.2")
        try await eventually { try cluster.map("endpoints").contains("10.244.0.2") }
        let before = try cluster.map("endpoints")
        cluster.server.stop()
        // The daemon notices, tries and fails.
        for _ in 0..<20 {
            try await Task.sleep(for: .milliseconds(100))
            #expect(try cluster.map("endpoints") == before)
        }
        // So that it hears of the changes by no watch that goes on.
        try cluster.signalDaemon("STOP")
        try cluster.server.start()
        try cluster.delete(service: "goes")
        try cluster.create(service: "comes", address: "10.96.7.3", endpoint: "10.244.0.3")
        try cluster.signalDaemon("CONT")
        try await eventually(within: .seconds(60)) { try cluster.map("endpoints").contains("10.244.0.3") }
        try await eventually { try !cluster.elements("cluster-ips").contains("10.96.7.2") }
        #expect(try cluster.map("endpoints").contains("10.244.0.1"))
    }

    @Test("A past that the API server does not have any more is listed anew")
    func compaction() async throws {
        let cluster = try ClusterUnderTest()
        try cluster.create(service: "goes", address: "10.96.7.2", endpoint: "10.244.0.2")
        try await eventually { try cluster.map("endpoints").contains("10.244.0.2") }
        try cluster.signalDaemon("STOP")
        cluster.server.stop()
        try cluster.server.start()
        try cluster.delete(service: "goes")
        try cluster.create(service: "comes", address: "10.96.7.3", endpoint: "10.244.0.3")
        let revision = try Tool.run(
            "bash", "-c",
            """
            export ETCDCTL_API=3
            revision=$(etcdctl --endpoints \(KubeAPIServer.etcdURL) get / -w json | sed 's/.*"revision":\\([0-9]*\\).*/\\1/')
            etcdctl --endpoints \(KubeAPIServer.etcdURL) compact "$revision"
            """, in: cluster.server.namespace)
        #expect(revision.contains("compacted"))
        cluster.server.stop()
        try cluster.server.start()
        try cluster.signalDaemon("CONT")
        try await eventually(within: .seconds(60)) { try cluster.map("endpoints").contains("10.244.0.3") }
        try await eventually { try !cluster.elements("cluster-ips").contains("10.96.7.2") }
    }
}
