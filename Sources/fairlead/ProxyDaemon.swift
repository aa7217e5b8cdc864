import Dataplane
import Exposition
import HealthServer
import KubeClient
import KubeProxyConfig
import Logging
import Net
import Netlink
import Proxy
import ServiceLifecycle

/// `fairlead proxy` while it runs: the object graph.
struct ProxyDaemon {
    let start: ProxyStart
    let options: ProxyOptions
    let registry: MetricsRegistry
    let logger: Logger

    private var configuration: KubeProxyConfiguration { start.configuration }

    /// Works until SIGTERM or SIGINT.
    ///
    /// - Throws: `ConfigurationChanged`; `KubeConfigError`; what the kernel refuses at the start; `BindFailure` where the
    ///   configuration says so.
    func run() async throws {
        let connection = try connect()
        let events = EventPoster(
            EventPosterConfiguration(host: HostName.current, logger: logger), transport: connection)
        let node = try NodeProxy(
            proxyConfiguration, try dataplaneConfiguration(), conntrack: options.conntrack, timing: timing,
            logger: logger
        ) { [nodeName = start.nodeName] failure in
            guard let service = failure.service else { return }
            events.post(
                .failedToStartServiceHealthcheck(
                    node: nodeName, service: service, port: failure.place.port, cause: failure.cause))
        }
        let servers = ProxyServers(
            healthz: configuration.healthzAddress, metrics: configuration.metricsAddress,
            failsHard: configuration.bindAddressHardFail, nodeName: start.nodeName, node: node, registry: registry,
            configz: ControlJSON.encode(configuration.configz), events: events, logger: logger)
        try await servers.start()
        events.post(.starting(node: start.nodeName))
        var others: [any ServiceLifecycle.Service] = [ConnectionService(connection: connection), events, servers]
        if let file = start.file { others.append(ConfigurationWatchService(watch: file)) }
        let podCIDRs = PodCIDRWriter(path: options.podCIDRFile.path, nodeName: start.nodeName, logger: logger)
        if let podCIDRs { others.append(podCIDRs) }
        let keepsKubeProxyRules = options.takeOver.keepKubeProxyRules
        let source = ClusterSource(
            transport: connection, nodeName: start.nodeName, logger: logger, podCIDRs: podCIDRs)
        try await node.run(fedBy: source, with: others) {
            if !keepsKubeProxyRules { await KubeProxyTakeOver(logger: logger).run() }
        }
    }

    private func connect() throws -> KubeConnection {
        var client = try KubeClientConfiguration.resolve(
            kubeconfig: configuration.clientConnection.kubeconfig, master: start.master ?? "")
        for warning in client.warnings { logger.warning("\(warning)") }
        client.requestsPerSecond = configuration.clientConnection.qps
        client.burst = Int(configuration.clientConnection.burst)
        client.userAgent = KubeClientConfiguration.userAgent(version: Fairlead.configuration.version)
        return try KubeConnection(client, logger: logger)
    }

    private var proxyConfiguration: ProxyConfiguration {
        var proxy = ProxyConfiguration(nodeName: start.nodeName)
        proxy.nodeIPs = [configuration.primaryAddress].compactMap(\.self)
        switch configuration.nodePorts {
        case .primary: proxy.nodePortAddresses = .primary
        case .networks(let networks): proxy.nodePortAddresses = .networks(networks)
        }
        switch configuration.podDetection {
        case .networks(let networks): proxy.podNetworks = networks
        case .nodeNetworks: proxy.podNetworks = nil
        case .bridge, .interfacePrefix: proxy.podNetworks = []
        }
        proxy.syncPeriod = configuration.syncPeriod.duration
        // An earlier daemon's rules must not lose what follows from these for as long as their lists take.
        proxy.awaitedKinds = [.service, .endpointSlice, .node, .serviceCIDR]
        return proxy
    }

    private var timing: SyncTiming {
        SyncTiming(
            minSyncPeriodMilliseconds: Int((configuration.minSyncPeriod ?? .zero).nanoseconds / 1_000_000),
            syncPeriodMilliseconds: Int(configuration.syncPeriod.nanoseconds / 1_000_000))
    }

    private func dataplaneConfiguration() throws -> DataplaneConfiguration {
        let detector: LocalTrafficDetector
        switch configuration.podDetection {
        case .networks(let networks): detector = networks.isEmpty ? .none : .podNetworks
        case .nodeNetworks: detector = .podNetworks
        case .bridge(let name): detector = .bridge(name)
        case .interfacePrefix(let prefix): detector = .interfacePrefix(prefix)
        }
        var dataplane = DataplaneConfiguration(
            detector: detector, masqueradeAll: configuration.masqueradeAll, masqueradeBit: configuration.masqueradeBit)
        dataplane.localhostNodePorts = options.own.localhostNodePorts
        dataplane.invalidPackets = options.conntrack.invalidPackets
        dataplane.staleTCP = options.conntrack.staleTCP
        dataplane.verifyIntervalSeconds = options.own.verifyInterval
        return dataplane
    }
}

/// Closes the connections to the API server with the process.
private struct ConnectionService: ServiceLifecycle.Service {
    let connection: KubeConnection

    func run() async throws {
        try? await gracefulShutdown()
        await connection.close()
    }
}

/// The file of the configuration has another content than at the start.
struct ConfigurationChanged: Error, CustomStringConvertible {
    let path: String

    var description: String { "\(path) has changed: ending, to be started again with it" }
}

/// Ends the process when the file of its configuration changes.
private struct ConfigurationWatchService: ServiceLifecycle.Service {
    let watch: ProxyConfigurationWatch

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await watch.waitForChange() }
        } catch is CancellationError {
            return
        }
        throw ConfigurationChanged(path: watch.path)
    }
}
