import ArgumentParser
import ControlPlane
import Dataplane
import HealthServer
import Logging
import Net
import Netlink
import Proxy
import ServiceLifecycle

/// The name of the lock that keeps a second daemon out of a network namespace.
let instanceName = "fairlead"

/// `fairlead up`.
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the control-plane core and the service proxy in this process.",
        discussion: """
            Loads the manifests, gives Services their addresses and NodePorts, computes their EndpointSlices from the \
            Pods, and programs nftables. Runs in the foreground until SIGTERM or SIGINT; the rules stay then.

            A Service that names no ClusterIP or NodePort gets one that follows from its name, the same at each start.
            """)

    @OptionGroup(title: "Objects") var source: SourceOptions
    @OptionGroup(title: "Pods") var pods: PodOptions
    @OptionGroup(title: "Traffic") var traffic: TrafficOptions
    @OptionGroup(title: "Taking over") var takeOver: TakeOverOptions
    @OptionGroup(title: "Connections") var conntrack: ConntrackOptions
    @OptionGroup(title: "API") var api: APIOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    func run() async throws {
        let format = log.logFormat
        let level = log.logLevel
        LoggingSystem.bootstrap { _ in LineLogHandler(logLevel: level, format: format) }
        let logger = Logger(label: "fairlead")
        let lock = try InstanceLock(name: instanceName)
        let nodeName = source.nodeName ?? HostName.current
        let core = try ControlPlaneCore(
            coreConfiguration(nodeName), changes: try ManifestNotices.follow(source.watchManifests), logger: logger)
        let proxy = ServiceProxy(
            configuration: ProxyConfiguration(
                nodeName: nodeName, nodeIPs: traffic.nodeIPs, nodePortAddresses: try traffic.nodePortPolicy,
                serviceCIDRs: try serviceCIDRs,
                podNetworks: pods.podNetworks),
            logger: logger)
        let dataplane = try dataplaneConfiguration()
        let flows = try conntrack.start(dataplane, logger)
        let sync = try SyncThread.start(
            source: proxy, backend: NFTBackend(dataplane), flows: flows,
            verifyIntervalSeconds: traffic.verifyInterval)
        proxy.connect { sync.wake() }
        let health = HealthServer(logger: logger) { proxy.isHealthy() }
        proxy.connect(health: { health.update($0) })
        var answers = ControlAnswers(
            identity: .current(nodeName), configuration: dataplane, proxy: proxy, sync: sync)
        answers.traffic = { await flows.snapshot()?.servicePorts.mapValues(ServiceTraffic.init) }
        let control = startControl(answers, logger)
        warnWithoutForwarding(logger)
        if traffic.localhostNodePorts { routeLocalhost(logger) }
        let keepsKubeProxyRules = takeOver.keepKubeProxyRules
        let proxyService = ProxyService(core: core, proxy: proxy, sync: sync, logger: logger) {
            if !keepsKubeProxyRules { await KubeProxyTakeOver(logger: logger).run() }
        }
        // The group's own lines are about itself: only its errors are for an operator.
        var groupLogger = logger
        groupLogger.logLevel = max(level, .error)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: core),
                .init(service: proxyService),
                .init(service: HealthService(server: health)),
            ] + (api.server(of: core, logger).map { [.init(service: $0)] } ?? []),
            gracefulShutdownSignals: [.sigterm, .sigint], logger: groupLogger)
        // Whatever hangs at the end must not keep a successor from starting.
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        configuration.maximumCancellationDuration = .seconds(5)
        let group = ServiceGroup(configuration: configuration)
        defer { flows.stop() }
        try await group.run()
        control?.stop()
        withExtendedLifetime(lock) {}
    }

    private var serviceCIDRs: [IPPrefix] {
        get throws {
            if !source.serviceCIDRs.isEmpty { return source.serviceCIDRs }
            return [try IPPrefix("10.96.0.0/12"), try IPPrefix("fd00:10:96::/112")]
        }
    }

    /// Without it Services work all the same.
    private func startControl(_ answers: ControlAnswers, _ logger: Logger) -> ControlServer? {
        do {
            return try ControlServer.start { answers.answer($0) }
        } catch {
            logger.error("the commands status, services and explain will not be answered: \(error)")
            return nil
        }
    }

    private func coreConfiguration(_ nodeName: String) throws -> ControlPlaneConfiguration {
        ControlPlaneConfiguration(
            serviceCIDRs: try serviceCIDRs, nodePorts: source.serviceNodePortRange ?? .nodePorts, nodeName: nodeName,
            manifestFiles: source.manifests, manifestDirectory: source.watchManifests)
    }

    private func dataplaneConfiguration() throws -> DataplaneConfiguration {
        var configuration = DataplaneConfiguration(
            detector: try pods.detector, masqueradeAll: traffic.masqueradeAll, masqueradeBit: traffic.masqueradeBit)
        configuration.localhostNodePorts = traffic.localhostNodePorts
        configuration.invalidPackets = conntrack.invalidPackets
        configuration.staleTCP = conntrack.staleTCP
        return configuration
    }

    /// Connections from 127.0.0.1 may leave the loopback interface; the rule in `input` keeps others from coming in.
    private func routeLocalhost(_ logger: Logger) {
        let name = "net.ipv4.conf.all.route_localnet"
        do {
            try Sysctl.write(name, "1")
        } catch {
            logger.warning("NodePorts are not answered on 127.0.0.1: \(name): \(error)")
        }
    }

    /// Fairlead does not set what the node's administrator owns, but says what will not work without it.
    private func warnWithoutForwarding(_ logger: Logger) {
        for (family, name) in [("IPv4", "net.ipv4.ip_forward"), ("IPv6", "net.ipv6.conf.all.forwarding")]
        where (try? Sysctl.read(name)) == "0" {
            logger.warning("\(name) is 0: this node does not forward \(family), so Services work from the node only")
        }
    }
}
