import Dataplane
import Exposition
import HealthServer
import KubeAPI
import Metrics
import Net
import Netlink
import Proxy
import Synchronization
import TestSupport

/// A proxy with its data plane, its metrics and its servers at kube-proxy's own ports, as a daemon assembles them, in a
/// namespace of its own, which has the LAN's host address 1.
final class StatusLab: Sendable {
    let namespace: NetworkNamespace
    let registry = MetricsRegistry()
    let indicators = MetricsRegistry()
    let log = LogLines()
    let proxy: ServiceProxy
    let sync: SyncThread
    private let flows: FlowKeeper
    let health: StatusServer
    let metrics: StatusServer
    let address = LabAddresses.host(1).v4
    static let configuration = [UInt8](#"{"kubeproxy.config.k8s.io":{"mode":"nftables"}}"#.utf8)

    init(syncPeriod: Duration = .seconds(30)) async throws {
        let namespace = try LabNamespace.create(forwards: false)
        try namespace.run {
            var socket = try RouteSocket()
            // Loopback is the first link of every namespace.
            try socket.perform(LabNamespace.addresses(LabAddresses.host(1), on: 1))
        }
        registry.declare(KubeProxyMetrics.declarations + FairleadMetrics.declarations)
        let proxy = ServiceProxy(
            configuration: ProxyConfiguration(nodeName: "node-1", syncPeriod: syncPeriod), logger: log.makeLogger(),
            metrics: registry)
        let conntrack = ConntrackInstruments(metrics: registry)
        let (sync, flows) = try namespace.run {
            let dataplane = DataplaneConfiguration()
            if let failure = ConntrackSettings(invalidPackets: dataplane.invalidPackets, counting: .servicePorts)
                .apply().first
            {
                throw failure
            }
            let flows = try FlowKeeper.start(
                dataplane, counting: .servicePorts, failed: { _ in conntrack.failed() },
                checked: { conntrack.record($0) })
            return (try SyncThread.start(source: proxy, backend: NFTBackend(dataplane), flows: flows), flows)
        }
        proxy.connect { sync.wake() }
        registry.add(ProcessMetrics.collector)
        registry.add(FairleadMetrics.buildInfo([("version", "test")]))
        registry.add(FairleadMetrics.traffic { await flows.snapshot()?.servicePorts.map(ServiceTrafficCount.init) })
        indicators.add(
            FairleadMetrics.healthIndicators {
                let health = proxy.health()
                return ["healthz": health.isHealthy && health.isNodeEligible, "livez": health.isHealthy]
            })
        let logger = log.makeLogger()
        let healthRoutes = StatusServer.healthRoutes(metrics: registry) { proxy.health() }
        let (registry, indicators) = (registry, indicators)
        let metricsRoutes = StatusServer.metricsRoutes(
            metrics: { await registry.text() }, indicators: { await indicators.text() },
            configuration: { Self.configuration })
        (health, metrics) = try namespace.run {
            (
                StatusServer(
                    name: "healthz server",
                    at: ListenAddress(address: IPAddress(number: 0, family: .ipv4), port: 10256),
                    routes: healthRoutes, logger: logger),
                StatusServer(
                    name: "metrics server", at: ListenAddress(address: try IPAddress("127.0.0.1"), port: 10249),
                    routes: metricsRoutes, logger: logger)
            )
        }
        self.namespace = namespace
        self.proxy = proxy
        self.sync = sync
        self.flows = flows
        try await health.start(failsHard: true)
        try await metrics.start(failsHard: true)
    }

    /// Ends all of it.
    func stop() async {
        await health.stop()
        await metrics.stop()
        sync.stop()
        flows.stop()
    }

    /// What curl is told; nil when nobody answers.
    func ask(_ url: String, _ options: [String] = []) async throws -> HTTPReply? {
        try await Self.ask(url, options, in: namespace)
    }

    static func ask(
        _ url: String, _ options: [String] = [], in namespace: NetworkNamespace
    ) async throws -> HTTPReply? {
        let command = ["curl", "--silent", "--globoff", "--include", "--max-time", "20"] + options + ["http://\(url)"]
        do {
            return HTTPReply(try await run(command, in: namespace))
        } catch is Tool.Failure {
            return nil
        }
    }

    /// Runs a program on a thread of its own: one that asks this process must not keep a thread from making the answer.
    static func run(_ command: [String], in namespace: NetworkNamespace, input: String = "") async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            do {
                _ = try NamedThread(name: "tool") {
                    continuation.resume(with: Result { try Tool.run(command, in: namespace, input: input) })
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    func scrape() async throws -> String { try await ask("127.0.0.1:10249/metrics")?.body ?? "" }
}

extension ServiceTrafficCount {
    fileprivate init(_ name: ServicePortName, _ traffic: ServicePortTraffic) {
        self.init(
            namespace: name.namespace, service: name.service, port: name.port, protocol: "\(name.protocol)",
            family: "\(name.family)", connections: traffic.total.connections,
            toEndpoints: Direction(packets: traffic.total.toEndpoints.packets, bytes: traffic.total.toEndpoints.bytes),
            fromEndpoints: Direction(
                packets: traffic.total.fromEndpoints.packets, bytes: traffic.total.fromEndpoints.bytes))
    }
}
