import Metrics
import Testing

@testable import Exposition

@Suite("Metrics in Prometheus' text format")
struct ExpositionTests {
    private let registry = MetricsRegistry()

    private func counter(_ name: String, _ dimensions: [(String, String)] = []) -> Counter {
        Counter(label: name, dimensions: dimensions, factory: registry)
    }

    @Test("counters, gauges and histograms, by name and labels, with help and type")
    func golden() async {
        registry.declare([
            MetricDeclaration(
                "z_seconds", .histogram, help: "Last of all", labels: ["ip_family"], buckets: [1, 0.25, 0.00001]),
            MetricDeclaration("b_total", .counter, help: "Backslash \\, \"quotes\",\nline"),
            MetricDeclaration("a_bytes", .gauge, help: "", labels: ["x", "b"]),
            MetricDeclaration("c_total", .counter, help: "Has labels and was never counted", labels: ["code"]),
        ])
        let timer = Timer(label: "z_seconds", dimensions: [("ip_family", "IPv4")], factory: registry)
        timer.recordNanoseconds(250_000_000)
        timer.recordNanoseconds(250_000_001)
        timer.recordNanoseconds(3_500_000_000)
        timer.recordNanoseconds(0)
        let gauge = Meter(label: "a_bytes", dimensions: [("x", "2"), ("b", "a\"b\\c\nd")], factory: registry)
        gauge.set(-1.5)
        Gauge(label: "a_bytes", dimensions: [("b", ""), ("x", "1")], factory: registry).record(7)
        #expect(
            await registry.text() == #"""
                # TYPE a_bytes gauge
                a_bytes{b="",x="1"} 7
                a_bytes{b="a\"b\\c\nd",x="2"} -1.5
                # HELP b_total Backslash \\, "quotes",\nline
                # TYPE b_total counter
                b_total 0
                # HELP z_seconds Last of all
                # TYPE z_seconds histogram
                z_seconds_bucket{ip_family="IPv4",le="1e-05"} 1
                z_seconds_bucket{ip_family="IPv4",le="0.25"} 2
                z_seconds_bucket{ip_family="IPv4",le="1"} 3
                z_seconds_bucket{ip_family="IPv4",le="+Inf"} 4
                z_seconds_sum{ip_family="IPv4"} 4.000000001
                z_seconds_count{ip_family="IPv4"} 4

                """#)
    }

    @Test("a name that nobody declared has no help, and what Prometheus does not allow in names becomes _")
    func undeclared() async {
        counter("http.client-requests", [("status code", "200")]).increment(by: 2)
        counter("9lives").increment()
        #expect(
            await registry.text() == """
                # TYPE _9lives counter
                _9lives 1
                # TYPE http_client_requests counter
                http_client_requests{status_code="200"} 2

                """)
    }

    @Test("handles of one name and one set of labels are one series, from all threads")
    func concurrency() async {
        registry.declare(MetricDeclaration("a_total", .counter, help: "A"))
        registry.declare(MetricDeclaration("b", .gauge, help: "B"))
        registry.declare(MetricDeclaration("c", .histogram, help: "C", buckets: [1]))
        let registry = registry
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let counter = Counter(label: "a_total", factory: registry)
                    let gauge = Meter(label: "b", factory: registry)
                    let recorder = Recorder(label: "c", factory: registry)
                    for _ in 0..<1000 {
                        counter.increment()
                        gauge.increment(by: 0.5)
                        recorder.record(1)
                    }
                }
            }
        }
        let text = await registry.text()
        #expect(text.contains("\na_total 8000\n"))
        #expect(text.contains("\nb 4000\n"))
        #expect(text.contains("\nc_bucket{le=\"1\"} 8000\n"))
        #expect(text.contains("\nc_sum 8000\n"))
    }

    @Test("labels or a kind other than declared, and series above the limit, are counted and left out")
    func discarded() async {
        var limits = MetricsRegistry.Limits()
        limits.series = 2
        let registry = MetricsRegistry(limits: limits)
        registry.declare(MetricDeclaration("a_total", .counter, help: "A", labels: ["code"]))
        for code in ["1", "2", "3", "1"] {
            Counter(label: "a_total", dimensions: [("code", code)], factory: registry).increment()
        }
        Counter(label: "a_total", dimensions: [("other", "1")], factory: registry).increment()
        Meter(label: "a_total", dimensions: [("code", "1")], factory: registry).set(9)
        #expect(
            await registry.text() == """
                # HELP a_total A
                # TYPE a_total counter
                a_total{code="1"} 2
                a_total{code="2"} 1
                # HELP fairlead_metrics_discarded_series_total Series that are not recorded: too many of one name, or not \
                as declared
                # TYPE fairlead_metrics_discarded_series_total counter
                fairlead_metrics_discarded_series_total 3

                """)
    }

    @Test("collectors are asked with each scrape; of theirs what is recorded, undeclared or double is left out")
    func collectors() async {
        var limits = MetricsRegistry.Limits()
        limits.samples = 2
        let registry = MetricsRegistry(limits: limits)
        registry.declare(MetricDeclaration("own_total", .counter, help: "Own"))
        let asked = Counter(label: "own_total", factory: registry)
        let declarations = [
            MetricDeclaration("b", .gauge, help: "B", labels: ["x"]),
            MetricDeclaration("own_total", .counter, help: "Theirs"), MetricDeclaration("none", .gauge, help: "None"),
        ]
        registry.add(
            MetricCollector(declarations) {
                asked.increment()
                return [
                    .init("b", 3, [("x", "2")]), .init("b", 1, [("x", "1")]), .init("b", 4, [("x", "2")]),
                    .init("own_total", 99), .init("unknown", 1), .init("b", 5, [("x", "3")]),
                ]
            })
        let lines = await registry.text().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines == [#"b{x="1"} 1"#, #"b{x="2"} 3"#, "fairlead_metrics_discarded_series_total 1", "own_total 1"])
        #expect(await registry.text().contains("own_total 2"))
    }

    @Test(
        "numbers",
        arguments: [(0.1, "0.1"), (1e9, "1000000000"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN")])
    func numbers(value: Double, text: String) { #expect(MetricText.number(value) == text) }

    @Test("kube-proxy's buckets")
    func buckets() throws {
        let declarations = KubeProxyMetrics.declarations
        func bounds(_ name: String) throws -> [Double] {
            try #require(declarations.first { $0.name == "kubeproxy_\(name)_duration_seconds" }).buckets
        }
        let syncs = try bounds("sync_proxy_rules")
        #expect(syncs.count == 15 && syncs.first == 0.001 && syncs.last == 16.384)
        let programming = try bounds("network_programming")
        #expect(programming.count == 80 && programming.starts(with: [0.25, 0.5, 1, 2]) && programming.last == 300)
        #expect(programming.contains(115) && programming.contains(120) && programming.contains(150))
        #expect(declarations.allSatisfy { !$0.help.isEmpty })
        #expect(Set(declarations.map(\.name)).count == declarations.count)
    }

    @Test("the process's own figures")
    func process() async throws {
        registry.add(ProcessMetrics.collector)
        var values: [Substring: Double] = [:]
        for line in await registry.text().split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            values[words[0]] = Double(String(words[1]))
        }
        #expect(values.count == 6)
        #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
        let virtual = try #require(values["process_virtual_memory_bytes"])
        #expect(virtual > values["process_resident_memory_bytes"] ?? .infinity)
        #expect(try #require(values["process_cpu_seconds_total"]) >= 0)
        #expect(try #require(values["process_open_fds"]) >= 3)
        #expect(try #require(values["process_max_fds"]) >= values["process_open_fds"] ?? .infinity)
        // Later than 2020: the unit is seconds.
        #expect((1_577_836_800..<100_000_000_000).contains(try #require(values["process_start_time_seconds"])))
    }

    @Test("the traffic of Services, by direction")
    func traffic() async {
        registry.add(
            FairleadMetrics.traffic {
                [
                    ServiceTrafficCount(
                        namespace: "default", service: "web", port: "http", protocol: "TCP", family: "IPv4",
                        connections: 2, toEndpoints: .init(packets: 10, bytes: 600),
                        fromEndpoints: .init(packets: 8, bytes: 9000))
                ]
            })
        let labels = #"ip_family="IPv4",namespace="default",port="http",protocol="TCP",service="web""#
        let lines = await registry.text().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines
                == [
                    "fairlead_service_bytes_total{direction=\"from_endpoints\",\(labels)} 9000",
                    "fairlead_service_bytes_total{direction=\"to_endpoints\",\(labels)} 600",
                    "fairlead_service_connections_total{\(labels)} 2",
                    "fairlead_service_packets_total{direction=\"from_endpoints\",\(labels)} 8",
                    "fairlead_service_packets_total{direction=\"to_endpoints\",\(labels)} 10",
                ].map { Substring($0) })
    }
}
