import Dataplane
import KubeAPI
import Logging
import Net
import Netlink
import Proxy
import Synchronization
import TestSupport

/// The proxy and its data plane in a network namespace, as the daemon runs them.
///
/// It remembers the objects that it was told of, so that it can be restarted as a daemon is: with nothing but lists.
final class ProxyUnderTest: Sendable {
    private struct Daemon: Sendable {
        let proxy: ServiceProxy
        let source: RecordingSource
        let sync: SyncThread
        let flows: FlowKeeper
    }

    private struct Objects {
        var services: [String: Service] = [:]
        var slices: [String: EndpointSlice] = [:]
        var nodes: [String: Node] = [:]
        var serviceCIDRs: [String: ServiceCIDR] = [:]
    }

    let namespace: NetworkNamespace
    private let configuration: ProxyConfiguration
    private let dataplane: DataplaneConfiguration
    private let faults: Faults?
    private let counting: TrafficCounting
    private let objects = Mutex(Objects())
    private let daemon: Mutex<Daemon>
    /// What the daemons that are gone by now had refused.
    private let formerFailures = Mutex<[String]>([])

    init(
        in namespace: NetworkNamespace,
        _ configuration: ProxyConfiguration = ProxyConfiguration(
            nodeName: "node-1", podNetworks: LabAddresses.clusterCIDRs),
        dataplane: DataplaneConfiguration = DataplaneConfiguration(detector: .podNetworks),
        counting: TrafficCounting = .off, nodes: [Node] = [], faults: Faults? = nil
    ) throws {
        self.namespace = namespace
        self.configuration = configuration
        self.dataplane = dataplane
        self.faults = faults
        self.counting = counting
        daemon = Mutex(try Self.start(in: namespace, configuration, dataplane, counting, faults))
        objects.withLock { objects in
            for node in nodes { objects.nodes[node.metadata.name] = node }
        }
        submitAll()
    }

    deinit {
        daemon.withLock { daemon in
            daemon.sync.stop()
            daemon.flows.stop()
        }
    }

    /// What the kernel refused; empty after every test.
    var failures: [String] { formerFailures.withLock { $0 } + daemon.withLock { $0.source.failures } }
    /// What this daemon has written.
    var reports: [CommitReport] { daemon.withLock { $0.source.reports } }

    /// What this daemon keeps flows with.
    var flows: FlowKeeper { daemon.withLock { $0.flows } }
    /// What this daemon has repaired of others' damage.
    var repairs: [RepairReport] { daemon.withLock { $0.source.repairs } }

    func submit(_ events: [ProxyEvent]) {
        for event in events { remember(event) }
        let proxy = daemon.withLock { $0.proxy }
        for event in events { proxy.submit(event) }
    }

    /// Submits, and waits until the kernel has it.
    func apply(_ events: [ProxyEvent]) async {
        submit(events)
        await settled()
    }

    func settled() async { await daemon.withLock { $0.sync }.settled() }

    /// Ends the daemon, as SIGTERM does. The rules stay.
    func stop() {
        let (sync, source, flows) = daemon.withLock { ($0.sync, $0.source, $0.flows) }
        sync.stop()
        flows.stop()
        formerFailures.withLock { $0 += source.failures }
    }

    /// Starts a new daemon over what the former one left.
    func start() async throws {
        let next = try Self.start(in: namespace, configuration, dataplane, counting, faults)
        daemon.withLock { $0 = next }
        submitAll()
        await settled()
    }

    /// Another one in another namespace, that is told of the same objects, as lists.
    func twin(in namespace: NetworkNamespace) async throws -> ProxyUnderTest {
        let twin = try ProxyUnderTest(in: namespace, configuration, dataplane: dataplane)
        let known = objects.withLock { $0 }
        twin.objects.withLock { $0 = known }
        twin.submitAll()
        await twin.settled()
        return twin
    }

    private static func start(
        in namespace: NetworkNamespace, _ configuration: ProxyConfiguration, _ dataplane: DataplaneConfiguration,
        _ counting: TrafficCounting, _ faults: Faults?
    ) throws -> Daemon {
        var logger = Logger(label: "proxy")
        logger.logLevel = .critical
        let proxy = ServiceProxy(configuration: configuration, logger: logger)
        let source = RecordingSource(proxy)
        let (sync, flows) = try namespace.run {
            let settings = ConntrackSettings(invalidPackets: dataplane.invalidPackets, counting: counting)
            if let failure = settings.apply().first { throw failure }
            let flows = try FlowKeeper.start(dataplane, counting: counting) { source.conntrackFailed($0) }
            let sync =
                if let faults {
                    try SyncThread.start(
                        source: source, backend: FaultyBackend(NFTBackend(dataplane), faults), flows: flows)
                } else {
                    try SyncThread.start(source: source, backend: NFTBackend(dataplane), flows: flows)
                }
            return (sync, flows)
        }
        proxy.connect { sync.wake() }
        return Daemon(proxy: proxy, source: source, sync: sync, flows: flows)
    }

    private func submitAll() {
        let lists = objects.withLock { objects -> [ProxyEvent] in
            [
                .replaceNodes(Array(objects.nodes.values)), .replaceServices(Array(objects.services.values)),
                .replaceServiceCIDRs(Array(objects.serviceCIDRs.values)),
                .replaceEndpointSlices(Array(objects.slices.values)),
            ]
        }
        let proxy = daemon.withLock { $0.proxy }
        for list in lists { proxy.submit(list) }
    }

    private func remember(_ event: ProxyEvent) {
        objects.withLock { objects in
            switch event {
            case .service(let change): objects.services.take(change)
            case .endpointSlice(let change): objects.slices.take(change)
            case .node(let change): objects.nodes.take(change)
            case .serviceCIDR(let change): objects.serviceCIDRs.take(change)
            case .replaceServices(let all): objects.services.take(all)
            case .replaceEndpointSlices(let all): objects.slices.take(all)
            case .replaceNodes(let all): objects.nodes.take(all)
            case .replaceServiceCIDRs(let all): objects.serviceCIDRs.take(all)
            case .gone(let kind, let name):
                let key = "\(name.namespace)/\(name.name)"
                switch kind {
                case .service: objects.services[key] = nil
                case .endpointSlice: objects.slices[key] = nil
                case .node: objects.nodes[key] = nil
                case .serviceCIDR: objects.serviceCIDRs[key] = nil
                }
            case .synced: break
            }
        }
    }
}

extension Dictionary where Key == String, Value: KubernetesObject {
    fileprivate mutating func take(_ change: WatchEvent<Value>) {
        switch change {
        case .added(let object), .modified(let object): self[object.key] = object
        case .deleted(let object): self[object.key] = nil
        }
    }

    fileprivate mutating func take(_ all: [Value]) {
        self = [:]
        for object in all { self[object.key] = object }
    }
}

extension KubernetesObject {
    fileprivate var key: String { "\(metadata.namespace)/\(metadata.name)" }
}
