import Dataplane
import HealthServer
import Logging
import Proxy
import ServiceLifecycle

/// The service proxy of this node with all that belongs to it, whatever tells it of the cluster's objects.
struct NodeProxy {
    let proxy: ServiceProxy
    let sync: SyncThread
    let flows: FlowKeeper
    let health: HealthServer
    private let control: ControlServer?
    let logger: Logger

    /// Starts the threads; nothing is written before the proxy has heard of all objects.
    ///
    /// - Parameter healthCheckFailed: told of a Service's health check server that cannot listen, on its thread.
    /// - Throws: `NetlinkError` or `SystemError` where the kernel gives no socket or no thread.
    init(
        _ configuration: ProxyConfiguration, _ dataplane: DataplaneConfiguration, conntrack: ConntrackOptions,
        timing: SyncTiming = SyncTiming(), logger: Logger,
        healthCheckFailed: @escaping @Sendable (BindFailure) -> Void = { _ in }
    ) throws {
        let proxy = ServiceProxy(configuration: configuration, logger: logger)
        let flows = try conntrack.start(dataplane, logger)
        let sync = try SyncThread.start(
            source: proxy, backend: NFTBackend(dataplane), flows: flows,
            verifyIntervalSeconds: dataplane.verifyIntervalSeconds, timing: timing)
        proxy.connect { sync.wake() }
        let health = HealthServer(logger: logger, bindFailed: healthCheckFailed) { proxy.isHealthy() }
        proxy.connect(health: { health.update($0) })
        var answers = ControlAnswers(
            identity: .current(configuration.nodeName), configuration: dataplane, proxy: proxy, sync: sync)
        answers.traffic = { await flows.snapshot()?.servicePorts.mapValues(ServiceTraffic.init) }
        (self.proxy, self.sync, self.flows, self.health, self.logger) = (proxy, sync, flows, health, logger)
        control = Self.startControl(answers, logger)
        warnWithoutForwarding()
        if dataplane.localhostNodePorts { routeLocalhost() }
    }

    /// Works until SIGTERM or SIGINT, or until a service fails; the rules stay.
    ///
    /// - Parameters:
    ///   - source: what tells of the objects.
    ///   - others: what has to run beside it; started before it, ended after it.
    ///   - whenReady: called once, when all that was known at the start is in the kernel.
    func run(
        fedBy source: any ObjectSource, with others: [any ServiceLifecycle.Service] = [],
        whenReady: @escaping @Sendable () async -> Void
    ) async throws {
        let feed = ProxyService(source: source, proxy: proxy, sync: sync, logger: logger, whenReady: whenReady)
        defer {
            flows.stop()
            control?.stop()
        }
        try await ServiceGroup.daemon(others + [feed, HealthService(server: health)], logger: logger).run()
    }

    /// Without it Services work all the same.
    private static func startControl(_ answers: ControlAnswers, _ logger: Logger) -> ControlServer? {
        do {
            return try ControlServer.start { answers.answer($0) }
        } catch {
            logger.error("the commands status, services and explain will not be answered: \(error)")
            return nil
        }
    }
}
