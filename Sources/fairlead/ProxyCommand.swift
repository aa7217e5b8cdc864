import ArgumentParser
import Dataplane
import Exposition
import Logging
import Metrics
import Netlink

/// `fairlead proxy`.
struct ProxyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy",
        abstract: "Run the service proxy against an API server, with kube-proxy's configuration and flags.",
        discussion: """
            Takes the place of kube-proxy: reads its configuration file and its flags as they are, follows Services, \
            EndpointSlices, ServiceCIDRs and this node's Node object, and programs nftables. Serves /healthz and /livez at \
            --healthz-bind-address, /metrics, /proxyMode and /configz at --metrics-bind-address. Called by the name \
            kube-proxy, this is what it does.

            What is not built yet, or has no effect, is refused or warned about by its name. Runs in the foreground until \
            SIGTERM or SIGINT, and ends when the file of --config has another content, to be started again with it; the \
            rules stay.
            """)

    @OptionGroup var options: ProxyOptions

    func run() async throws {
        Heap.keepInOneArena()
        let start = try options.start(hostName: HostName.current)
        LoggingSystem.bootstrap { _ in LineLogHandler(logLevel: start.logLevel, format: start.logFormat) }
        let logger = Logger(label: "fairlead")
        for notice in start.notices { logger.notice("\(notice)") }
        for warning in start.warnings { logger.warning("\(warning)") }
        switch start.act {
        case .writeConfiguration(let path):
            try start.writeConfiguration(to: path)
            logger.notice("wrote the configuration to \(path)")
        case .cleanUp: try Cleanup.run(alsoKubeProxy: true, podCIDRFile: options.podCIDRFile.path)
        case .initialise: tune(start, logger)
        case .run:
            let lock = try InstanceLock(name: instanceName)
            tune(start, logger)
            let registry = MetricsRegistry()
            registry.declare(KubeProxyMetrics.declarations + FairleadMetrics.declarations)
            MetricsSystem.bootstrap(registry)
            try await ProxyDaemon(start: start, options: options, registry: registry, logger: logger).run()
            withExtendedLifetime(lock) {}
        }
    }

    /// What needs more privileges than the rest.
    private func tune(_ start: ProxyStart, _ logger: Logger) {
        let tuning = NodeTuning()
        for outcome in [
            tuning.applyConntrack(start.configuration.conntrack), tuning.applyOOMScore(start.configuration.oomScoreAdj),
        ] {
            for change in outcome.changes { logger.info("\(change)") }
            if let warning = outcome.warning { logger.warning("\(warning)") }
        }
    }
}
