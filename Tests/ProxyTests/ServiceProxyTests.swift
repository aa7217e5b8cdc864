import Dataplane
import KubeAPI
import Logging
import MetricsTestKit
import Net
import Synchronization
import Testing

@testable import Proxy

@Suite("The proxy between the watches and the sync thread")
struct ServiceProxyTests {
    private let wakes = Counter()
    private let log = RecordingLog()
    private let metrics = TestMetrics()

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .sequentiallyConsistent) }
        func increment() { count.add(1, ordering: .sequentiallyConsistent) }
    }

    private func makeProxy(isConnected: Bool = true) -> ServiceProxy {
        let proxy = ServiceProxy(
            configuration: ProxyConfiguration(nodeName: "this"), logger: log.makeLogger(), metrics: metrics)
        if isConnected { proxy.connect(wake: wakes.increment) }
        return proxy
    }

    private static func sync(_ proxy: ServiceProxy) {
        proxy.submit(.synced(.service))
        proxy.submit(.synced(.endpointSlice))
    }

    @Test("a burst of 5,000 events wakes the sync thread once, and comes out as one change")
    func burst() throws {
        let proxy = makeProxy()
        Self.sync(proxy)
        proxy.submit(.service(.added(makeService("web"))))
        for number in 1...5000 {
            let endpoints = [makeEndpoint("10.244.\(number / 256).\(number % 256)")]
            proxy.submit(.endpointSlice(.modified(makeSlice(of: "web", endpoints))))
        }
        #expect(wakes.value == 1)
        let changes = proxy.changes()
        #expect(changes.servicePorts.count == 1)
        #expect(changes.servicePorts.values.first??.endpoints.map(\.description) == ["10.244.19.136:8080"])
        #expect(try metrics.expectCounter("kubeproxy_sync_proxy_rules_endpoint_changes_total").totalValue == 5000)
        #expect(try metrics.expectCounter("kubeproxy_sync_proxy_rules_service_changes_total").totalValue == 1)
        #expect(proxy.changes().isEmpty)
        proxy.submit(.service(.deleted(makeService("web"))))
        #expect(wakes.value == 2)
    }

    @Test("events that came before the sync thread are announced when it connects")
    func lateConnection() {
        let proxy = makeProxy(isConnected: false)
        proxy.connect(wake: wakes.increment)
        #expect(wakes.value == 0)
        let other = makeProxy(isConnected: false)
        Self.sync(other)
        other.connect(wake: wakes.increment)
        #expect(wakes.value == 1)
    }

    @Test("events from many tasks while changes are taken: nothing is lost")
    func concurrency() async {
        let proxy = makeProxy()
        Self.sync(proxy)
        let services = (0..<200).map { makeService("s\($0)", clusterIPs: ["10.96.1.\($0)"]) }
        var seen: [ServicePortName: ServicePort] = [:]
        await withTaskGroup { group in
            for start in 0..<4 {
                group.addTask {
                    for index in stride(from: start, to: services.count, by: 4) {
                        proxy.submit(.service(.added(services[index])))
                        proxy.submit(
                            .endpointSlice(.added(makeSlice(of: "s\(index)", [makeEndpoint("10.244.1.\(index + 1)")]))))
                    }
                }
            }
            for _ in 0..<50 {
                for (name, port) in proxy.changes().servicePorts { seen[name] = port }
                await Task.yield()
            }
            await group.waitForAll()
        }
        for (name, port) in proxy.changes().servicePorts { seen[name] = port }
        #expect(seen.count == services.count)
        #expect(seen.values.allSatisfy { $0.endpoints.count == 1 })
        #expect(wakes.value >= 1)
    }

    @Test("the kernel's addresses come out with the next changes")
    func localAddresses() throws {
        let proxy = makeProxy()
        Self.sync(proxy)
        #expect(proxy.changes().node?.nodePortAddresses == [])
        let local = LocalAddress(
            address: try address("192.0.2.1"), prefixLength: 24, interfaceIndex: 2,
            hasDefaultRoute: true)
        proxy.localAddressesChanged([local])
        #expect(proxy.changes().node?.nodePortAddresses == [try address("192.0.2.1")])
    }

    @Test("a problem is one warning")
    func problems() {
        let proxy = makeProxy()
        Self.sync(proxy)
        for _ in 0..<3 {
            proxy.submit(.endpointSlice(.added(makeSlice(of: "web", [makeEndpoint("foo")]))))
            _ = proxy.changes()
        }
        #expect(log.lines == ["warning: EndpointSlice default/web-1: address 'foo' is not an IPv4 address"])
    }

    @Test("a commit is a debug line and a duration")
    func commit() throws {
        let proxy = makeProxy()
        var report = CommitReport(
            isFull: true, servicePorts: 3, elements: 12, bytes: 800, durationNanoseconds: 450_000)
        report.families = [.ipv4, .ipv6]
        proxy.committed(report)
        report = CommitReport(isFull: false, servicePorts: 1, elements: 2, bytes: 90, durationNanoseconds: 20_000)
        report.families = [.ipv4]
        proxy.committed(report)
        #expect(
            log.lines == [
                "debug: committed bytes=800 elements=12 full=true microseconds=450 services=3",
                "debug: committed bytes=90 elements=2 full=false microseconds=20 services=1",
            ])
        func values(_ name: String, _ family: String) throws -> [Int64] {
            try metrics.expectTimer("kubeproxy_\(name)_duration_seconds", [("ip_family", family)]).values
        }
        #expect(try values("sync_proxy_rules", "IPv4") == [450_000, 20_000])
        #expect(try values("sync_proxy_rules", "IPv6") == [450_000])
        #expect(try values("sync_full_proxy_rules", "IPv4") == [450_000])
        #expect(try values("sync_partial_proxy_rules", "IPv4") == [20_000])
        #expect(try values("sync_partial_proxy_rules", "IPv6") == [])
    }

    @Test("a refusal is one error that names the service port, however often it is tried; then its end")
    func refusal() throws {
        let proxy = makeProxy()
        let name = ServicePortName(
            namespace: "default", service: "web", port: "http", protocol: .tcp, family: .ipv4)
        for delay in [100, 200] {
            proxy.commitFailed(
                CommitFailure(servicePort: name, description: "EEXIST", retryMilliseconds: delay))
        }
        proxy.committed(
            CommitReport(isFull: false, servicePorts: 1, elements: 2, bytes: 90, durationNanoseconds: 20_000))
        #expect(
            log.lines == [
                "error: service port default/web:http/TCP (IPv4): EEXIST retry_milliseconds=100",
                "debug: service port default/web:http/TCP (IPv4): EEXIST retry_milliseconds=200",
                "debug: committed bytes=90 elements=2 full=false microseconds=20 services=1",
                "notice: the kernel accepts the changes again",
            ])
        let metric = "kubeproxy_sync_proxy_rules_nftables_sync_failures_total"
        #expect(try metrics.expectCounter(metric, [("ip_family", "IPv4")]).totalValue == 2)
        #expect(try metrics.expectCounter(metric, [("ip_family", "IPv6")]).totalValue == 0)
    }

    private final class HealthSink: Sendable {
        private let seen = Mutex<[HealthChecks]>([])
        var counts: [[Int]] { seen.withLock { $0.map { $0.services.map(\.localEndpoints) } } }
        func take(_ checks: HealthChecks) { seen.withLock { $0.append(checks) } }
    }

    private static let report = CommitReport(isFull: false, servicePorts: 1, elements: 2, bytes: 90)

    private static func balancer() -> Service {
        var service = makeLoadBalancer("web", [])
        service.spec.externalTrafficPolicy = "Local"
        service.spec.healthCheckNodePort = 32000
        return service
    }

    @Test("48: health checks are handed out when the kernel has acknowledged, each once")
    func health() {
        let proxy = makeProxy()
        let sink = HealthSink()
        proxy.connect(health: sink.take)
        Self.sync(proxy)
        proxy.submit(.service(.added(Self.balancer())))
        _ = proxy.changes()
        #expect(sink.counts == [], "the kernel has not acknowledged it")
        proxy.commitFailed(CommitFailure(servicePort: nil, description: "EBUSY", retryMilliseconds: 100))
        _ = proxy.changes()
        #expect(sink.counts == [])
        proxy.committed(Self.report)
        #expect(sink.counts == [[0]])
        proxy.submit(.endpointSlice(.added(makeSlice(of: "web", [makeEndpoint("10.244.0.1", node: "this")]))))
        _ = proxy.changes()
        proxy.committed(Self.report)
        proxy.committed(Self.report)
        #expect(sink.counts == [[0], [1]])
    }

    @Test("health checks that come without a change for the kernel are handed out at once; a late sink gets the last")
    func healthWithoutCommit() {
        let proxy = makeProxy()
        Self.sync(proxy)
        proxy.submit(.service(.added(Self.balancer())))
        _ = proxy.changes()
        proxy.committed(Self.report)
        let sink = HealthSink()
        let before = wakes.value
        proxy.connect(health: sink.take)
        #expect(wakes.value == before + 1)
        _ = proxy.changes()
        #expect(sink.counts == [[0]])
        // A port that no port of the Service leads to: it counts, but the data plane has nothing to do.
        let slice = makeSlice(
            of: "web", [makeEndpoint("10.244.0.1", node: "this")], ports: [EndpointPort(name: "other", port: 1)])
        proxy.submit(.endpointSlice(.added(slice)))
        #expect(proxy.changes().isEmpty)
        #expect(sink.counts == [[0], [1]])
    }

    @Test("healthy until something has waited for two periods: in the mailbox, or for the kernel")
    func isHealthy() {
        let proxy = makeProxy()
        let later = ContinuousClock.now + .seconds(61)
        #expect(proxy.isHealthy(now: later), "nothing is waiting")
        Self.sync(proxy)
        #expect(proxy.isHealthy())
        #expect(!proxy.isHealthy(now: later), "nobody takes the events")
        _ = proxy.changes()
        #expect(!proxy.isHealthy(now: later), "the kernel has not acknowledged them")
        proxy.committed(Self.report)
        #expect(proxy.isHealthy(now: later))
        proxy.submit(.service(.added(makeService("web"))))
        proxy.submit(.service(.deleted(makeService("web"))))
        _ = proxy.changes()
        #expect(proxy.isHealthy(now: later), "events that change nothing wait for nothing")
    }

    @Test("another node's heartbeats do not wake the sync thread")
    func otherNodes() {
        let proxy = makeProxy()
        proxy.submit(.node(.modified(makeNode("other", []))))
        #expect(wakes.value == 0)
        proxy.submit(.node(.modified(makeNode("this", []))))
        #expect(wakes.value == 1)
    }
}

extension ServiceProxy {
    /// What it hands over; nothing while it is not synced.
    fileprivate func changes() -> DesiredChanges { takeChanges() ?? DesiredChanges() }
}
