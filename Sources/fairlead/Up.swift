import ArgumentParser
import ControlPlane
import Dataplane
import Logging
import Net
import Netlink
import Proxy

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
        let node = try NodeProxy(
            ProxyConfiguration(
                nodeName: nodeName, nodeIPs: traffic.nodeIPs, nodePortAddresses: try traffic.nodePortPolicy,
                serviceCIDRs: try serviceCIDRs, podNetworks: pods.podNetworks),
            try dataplaneConfiguration(), conntrack: conntrack, logger: logger)
        let keepsKubeProxyRules = takeOver.keepKubeProxyRules
        try await node.run(
            fedBy: CoreSource(core: core), with: [core] + (api.server(of: core, logger).map { [$0] } ?? [])
        ) {
            if !keepsKubeProxyRules { await KubeProxyTakeOver(logger: logger).run() }
        }
        withExtendedLifetime(lock) {}
    }

    private var serviceCIDRs: [IPPrefix] {
        get throws {
            if !source.serviceCIDRs.isEmpty { return source.serviceCIDRs }
            return [try IPPrefix("10.96.0.0/12"), try IPPrefix("fd00:10:96::/112")]
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
        configuration.verifyIntervalSeconds = traffic.verifyInterval
        return configuration
    }
}
