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
            Serves the Kubernetes API, loads the manifests, runs the controllers and the scheduler, gives Services their \
            addresses and NodePorts, computes their EndpointSlices from the Pods, and programs nftables. Runs in the \
            foreground until SIGTERM or SIGINT; the rules stay then, and what is in --data-dir is there at the next start.

            A Service that names no ClusterIP or NodePort gets one that follows from its name.

            EXAMPLES
              fairlead up --watch-manifests /etc/fairlead/manifests --pod-cidr 10.244.0.0/16
              kubectl --kubeconfig /var/lib/fairlead/admin.conf get services -A
            """)

    @OptionGroup(title: "Objects") var source: SourceOptions
    @OptionGroup(title: "Pods") var pods: PodOptions
    @OptionGroup(title: "Pods") var podCIDRFile: PodCIDRFileOptions
    @OptionGroup(title: "Traffic") var traffic: TrafficOptions
    @OptionGroup(title: "Taking over") var takeOver: TakeOverOptions
    @OptionGroup(title: "Connections") var conntrack: ConntrackOptions
    @OptionGroup(title: "Data") var data: DataOptions
    @OptionGroup(title: "API") var api: APIOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    func run() async throws {
        let format = log.logFormat
        let level = log.logLevel
        LoggingSystem.bootstrap { _ in LineLogHandler(logLevel: level, format: format) }
        let logger = Logger(label: "fairlead")
        let lock = try InstanceLock(name: instanceName)
        let nodeName = source.nodeName ?? HostName.current
        let process = try ControlPlaneProcess(
            source.configuration(nodeName: nodeName), data: data, api: api, name: nodeName,
            nodeAddresses: traffic.nodeIPs, logger: logger)
        let node = try NodeProxy(
            ProxyConfiguration(
                nodeName: nodeName, nodeIPs: traffic.nodeIPs, nodePortAddresses: try traffic.nodePortPolicy,
                serviceCIDRs: try source.networks, podNetworks: pods.podNetworks),
            try dataplaneConfiguration(), conntrack: conntrack, logger: logger)
        let podCIDRs = PodCIDRWriter(path: podCIDRFile.path, nodeName: nodeName, logger: logger)
        let source = CoreSource(core: process.core, logger: logger, podCIDRs: podCIDRs)
        let keepsKubeProxyRules = takeOver.keepKubeProxyRules
        try await node.run(fedBy: source, with: process.services + [podCIDRs].compactMap(\.self)) {
            if !keepsKubeProxyRules { await KubeProxyTakeOver(logger: logger).run() }
        }
        try await process.close()
        withExtendedLifetime(lock) {}
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
