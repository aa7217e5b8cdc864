import Dataplane
import Exposition
import HealthServer
import KubeClient
import KubeProxyConfig
import Logging
import Proxy
import ServiceLifecycle

/// The proxy's own two HTTP servers: health, and metrics.
struct ProxyServers: ServiceLifecycle.Service {
    private let healthz: StatusServer?
    private let metrics: StatusServer?
    private let failsHard: Bool
    private let nodeName: String
    private let events: EventPoster

    init(
        healthz: BindAddress?, metrics: BindAddress?, failsHard: Bool, nodeName: String, node: NodeProxy,
        registry: MetricsRegistry, configz: [UInt8], events: EventPoster, logger: Logger
    ) {
        let proxy = node.proxy
        let flows = node.flows
        registry.add(ProcessMetrics.collector)
        registry.add(FairleadMetrics.buildInfo([("version", Fairlead.configuration.version)]))
        registry.add(FairleadMetrics.traffic { await flows.snapshot().map(ServiceTrafficCount.all) })
        let indicators = MetricsRegistry()
        indicators.add(
            FairleadMetrics.healthIndicators {
                let health = proxy.health()
                return ["healthz": health.isHealthy && health.isNodeEligible, "livez": health.isHealthy]
            })
        self.healthz = healthz.map {
            StatusServer(
                name: "healthz server", at: ListenAddress(address: $0.address, port: $0.port),
                routes: StatusServer.healthRoutes { proxy.health() }, logger: logger)
        }
        self.metrics = metrics.map {
            StatusServer(
                name: "metrics server", at: ListenAddress(address: $0.address, port: $0.port),
                routes: StatusServer.metricsRoutes(
                    metrics: { await registry.text() }, indicators: { await indicators.text() },
                    configuration: { configz }),
                logger: logger)
        }
        self.failsHard = failsHard
        self.nodeName = nodeName
        self.events = events
    }

    /// Listens; what cannot be bound is tried again, and an event says so.
    ///
    /// - Throws: `BindFailure`, where that is to end the process.
    func start() async throws {
        let (events, nodeName) = (events, nodeName)
        do {
            try await healthz?.start(failsHard: failsHard) {
                events.post(.failedToStartProxierHealthcheck(node: nodeName, cause: "\($0)"))
            }
            try await metrics?.start(failsHard: failsHard) {
                events.post(.failedToStartMetricServer(node: nodeName, cause: "\($0)"))
            }
        } catch {
            await stop()
            throw error
        }
    }

    func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }

    private func stop() async {
        await healthz?.stop()
        await metrics?.stop()
    }
}

extension ServiceTrafficCount {
    /// What was counted of all service ports.
    fileprivate static func all(_ snapshot: TrafficSnapshot) -> [ServiceTrafficCount] {
        snapshot.servicePorts.map { name, traffic in
            let total = traffic.total
            return ServiceTrafficCount(
                namespace: name.namespace, service: name.service, port: name.port, protocol: "\(name.protocol)",
                family: "\(name.family)", connections: total.connections,
                toEndpoints: Direction(packets: total.toEndpoints.packets, bytes: total.toEndpoints.bytes),
                fromEndpoints: Direction(packets: total.fromEndpoints.packets, bytes: total.fromEndpoints.bytes))
        }
    }
}
