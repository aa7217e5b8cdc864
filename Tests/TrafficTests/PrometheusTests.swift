import FoundationEssentials
import KubeAPI
import Net
import Netlink
import TestSupport
import Testing

@Suite("Metrics as a real Prometheus reads them", .networkNamespaces, .fewAtATime, .serialized)
struct PrometheusTests {
    /// A Prometheus that scrapes a lab every five seconds, with its data in a directory of its own.
    private final class Prometheus: Sendable {
        private let directory: URL
        private let process: ChildProcess
        private let namespace: NetworkNamespace

        init(scraping lab: StatusLab) throws {
            directory = FileManager.default.temporaryDirectory.appending(
                path: "fairlead-prometheus-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            // A scrape that takes longer than the time-out, on a busy machine, is followed by others.
            let configuration = """
                scrape_configs:
                - job_name: fairlead
                  static_configs: [{targets: ["127.0.0.1:10249"]}]
                  scrape_interval: 5s
                  scrape_timeout: 5s

                """
            let file = directory.appending(path: "prometheus.yml")
            try Data(configuration.utf8).write(to: file)
            namespace = lab.namespace
            process = try ChildProcess(
                [
                    "prometheus", "--config.file=\(file.path())", "--web.listen-address=127.0.0.1:9090",
                    "--storage.tsdb.path=\(directory.appending(path: "data").path())", "--log.level=error",
                ], in: namespace)
        }

        deinit {
            process.kill()
            try? FileManager.default.removeItem(at: directory)
        }

        /// The values of what PromQL selects; none while it does not answer.
        func values(_ query: String) async throws -> [String] {
            let options = ["--get", "--data-urlencode", "query=\(query)"]
            let body = try await StatusLab.ask("127.0.0.1:9090/api/v1/query", options, in: namespace)?.body ?? ""
            // "value":[1700000000.123,"1"]
            return body.split(separator: #""value":["#).dropFirst().compactMap { part in
                part.split(separator: "\"").dropFirst().first.map(String.init)
            }
        }
    }

    /// One Service whose endpoint is this node's own server, and traffic to it.
    private static func populate(_ lab: StatusLab) async throws {
        var service = Service(
            metadata: ObjectMeta(name: "web", namespace: "default"),
            spec: ServiceSpec(type: "ClusterIP", ports: [ServicePortSpec(name: "http", port: 80)]))
        service.spec.clusterIP = "10.96.0.1"
        service.spec.clusterIPs = ["10.96.0.1"]
        var slice = EndpointSlice(
            metadata: ObjectMeta(
                name: "web-1", namespace: "default", labels: [EndpointSlice.serviceNameLabel: "web"]),
            addressType: "IPv4",
            endpoints: [
                EndpointSpec(addresses: ["\(lab.address)"], conditions: EndpointConditions(), nodeName: "node-1")
            ],
            ports: [EndpointPort(name: "http", port: 10256)])
        slice.metadata.annotations["endpoints.kubernetes.io/last-change-trigger-time"] = Timestamp.now.microsecondText
        lab.proxy.submit(.replaceNodes([Node(metadata: ObjectMeta(name: "node-1"))]))
        lab.proxy.submit(.replaceServices([service]))
        lab.proxy.submit(.replaceEndpointSlices([slice]))
        await lab.sync.settled()
        try Tool.run("ip", "route", "add", "10.96.0.0/16", "dev", "lo", "src", "\(lab.address)", in: lab.namespace)
        #expect(try await lab.ask("10.96.0.1:80/livez")?.status == 200)
    }

    @Test("Prometheus scrapes what the proxy did, promtool finds nothing to complain of", .timeLimit(.minutes(15)))
    func prometheus() async throws {
        let lab = try await StatusLab()
        try await Self.populate(lab)
        try await Self.check(lab)
        let prometheus = try Prometheus(scraping: lab)
        let patience = Duration.seconds(300)
        try await eventually(within: patience) { try await prometheus.values("up") == ["1"] }
        for (query, value) in [
            (#"kubeproxy_network_programming_duration_seconds_count{ip_family="IPv4"}"#, "1"),
            (#"kubeproxy_sync_full_proxy_rules_duration_seconds_count{ip_family="IPv6"}"#, "1"),
            (#"fairlead_service_ports{ip_family="IPv4"}"#, "1"),
            (#"fairlead_service_connections_total{service="web"}"#, "1"),
            (#"kubeproxy_proxy_livez_total{code="200"}"#, "1"),
            (#"fairlead_build_info{version="test"}"#, "1"),
            ("kubeproxy_sync_proxy_rules_endpoint_changes_total", "1"),
            // It has caught up with what was asked of it.
            (
                "min(kubeproxy_sync_proxy_rules_last_timestamp_seconds - "
                    + "kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds) >= bool 0", "1"
            ),
            (#"histogram_quantile(1, fairlead_programming_duration_seconds_bucket) > bool 0"#, "1"),
        ] {
            try await eventually(within: patience) { try await prometheus.values(query) == [value] }
        }
        // A change shows with a later scrape.
        lab.proxy.submit(.gone(.service, ObjectName(namespace: "default", name: "web")))
        await lab.sync.settled()
        try await eventually(within: patience) {
            try await prometheus.values(#"fairlead_service_ports{ip_family="IPv4"}"#) == ["0"]
        }
        #expect(lab.log.all == [])
        await lab.stop()
    }

    private static func check(_ lab: StatusLab) async throws {
        let text = try await lab.scrape()
        // No metric of ours is without a declaration, and none was used otherwise than declared.
        let described = text.split(separator: "\n").count { $0.hasPrefix("# HELP ") }
        #expect(described == text.split(separator: "\n").count { $0.hasPrefix("# TYPE ") })
        #expect(!text.contains("fairlead_metrics_discarded_series_total"))
        #expect(try await lint(text, lab) == "")
        let indicators = try #require(try await lab.ask("127.0.0.1:10249/metrics/slis")).body
        #expect(try await lint(indicators, lab) == "")
    }

    /// What promtool says, but for the one gauge to which kube-proxy gave a counter's name.
    private static func lint(_ text: String, _ lab: StatusLab) async throws -> String {
        let upstream = "kubeproxy_sync_proxy_rules_no_local_endpoints_total"
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.contains(upstream) }
        #expect(!lines.isEmpty)
        return try await StatusLab.run(
            ["promtool", "check", "metrics"], in: lab.namespace, input: lines.joined(separator: "\n"))
    }
}
