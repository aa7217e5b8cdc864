import ArgumentParser
import ControlPlane
import Logging
import Net
import Netlink
import ServiceLifecycle

/// `fairlead control-plane`.
struct ControlPlaneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "control-plane",
        abstract: "Run the control-plane core alone: the Kubernetes API, its controllers and the scheduler.",
        discussion: """
            Serves the API to kubectl and to nodes, which run 'fairlead proxy --kubeconfig', and programs nothing: it needs \
            no privileges but those to --data-dir. Runs in the foreground until SIGTERM or SIGINT. What is there at a start \
            goes on as it was; while it is away, nodes go on with what they know.

            EXAMPLES
              fairlead control-plane --data-dir ~/cluster --api-address 127.0.0.1:6443
              kubectl --kubeconfig ~/cluster/admin.conf get all -A
            """)

    @OptionGroup(title: "Objects") var source: SourceOptions
    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "API") var api: APIOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    func run() async throws {
        let (format, level) = (log.logFormat, log.logLevel)
        LoggingSystem.bootstrap { _ in LineLogHandler(logLevel: level, format: format) }
        let logger = Logger(label: "fairlead")
        let process = try ControlPlaneProcess(
            source.configuration(nodeName: source.nodeName ?? ""), data: data, api: api, name: HostName.current,
            logger: logger)
        let services = process.services + [ReadyService(core: process.core, logger: logger)]
        try await ServiceGroup.daemon(services, logger: logger).run()
        try await process.close()
    }
}

/// Says when everything is there.
private struct ReadyService: ServiceLifecycle.Service {
    let core: ControlPlaneCore
    let logger: Logger

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await core.synced()
                logger.notice("ready")
            }
            try await gracefulShutdown()
        } catch is CancellationError {
            // The way in which a service ends.
        }
    }
}
