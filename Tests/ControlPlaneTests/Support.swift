import FoundationEssentials
import KubeAPI
import Logging
import Net
import Synchronization

@testable import ControlPlane

typealias Service = KubeAPI.Service

extension Service {
    /// A Service `default/<name>` that selects `app=<name>` and has the port 80.
    init(
        _ name: String, type: String = "ClusterIP", ports: [ServicePortSpec] = [ServicePortSpec(port: 80)],
        with change: (inout ServiceSpec) -> Void = { _ in }
    ) {
        self.init(
            metadata: ObjectMeta(name: name, namespace: "default"),
            spec: ServiceSpec(type: type, selector: ["app": name], ports: ports))
        change(&spec)
    }
}

extension Pod {
    /// A running Pod `default/<name>` with the label `app`.
    init(_ name: String, app: String, _ addresses: [String], isReady: Bool = true, ports: [ContainerPort] = []) {
        self.init(
            metadata: ObjectMeta(name: name, namespace: "default", labels: ["app": app]),
            spec: PodSpec(nodeName: "n1", containers: [Container(name: "c", ports: ports)]),
            status: PodStatus(
                phase: "Running", podIPs: addresses,
                conditions: [Condition(type: "Ready", status: isReady ? "True" : "False")]))
    }
}

/// Small numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// What a sink was called with.
final class Recorder: Sendable {
    private let recorded = Mutex<[StoreEvent]>([])
    var events: [StoreEvent] { recorded.withLock { $0 } }

    func sink(_ event: StoreEvent) -> WatchDemand {
        recorded.withLock { $0.append(event) }
        return .more
    }

    func clear() { recorded.withLock { $0 = [] } }
}

/// The messages that were logged at error level.
final class ErrorLog: Sendable {
    private let recorded = Mutex<[String]>([])
    var messages: [String] { recorded.withLock { $0 } }
    func clear() { recorded.withLock { $0 = [] } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: ErrorLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.error
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            log.recorded.withLock { $0.append("\(event.message)") }
        }
    }
}

/// Store, allocator and EndpointSlice controller, as the daemon joins them.
struct Cluster: Sendable {
    let store = MemoryStore()
    let allocator: ServiceAllocator
    let applier: ObjectApplier
    let controller: EndpointSliceController
    let log = ErrorLog()

    init(serviceCIDRs: [String] = ["10.96.0.0/16", "fd00:96::/108"], nodePorts: String = "30000-32767") async throws {
        allocator = try ServiceAllocator(
            serviceCIDRs: try serviceCIDRs.map { try IPPrefix($0) }, nodePorts: try PortRange(nodePorts))
        applier = ObjectApplier(store: store, allocator: allocator)
        controller = EndpointSliceController(store: store, logger: log.logger)
        _ = try await allocator.follow(store)
    }

    /// Runs the controller beside `body`.
    static func run(_ body: (Cluster) async throws -> Void) async throws {
        let cluster = try await Cluster()
        _ = try await cluster.controller.follow()
        try await withThrowingTaskGroup { group in
            group.addTask { try await cluster.controller.work() }
            try await body(cluster)
            group.cancelAll()
        }
    }

    /// Applies the objects and waits for the slices.
    func apply(_ objects: any KubernetesObject...) async throws { try await apply(objects) }

    func apply(_ objects: [any KubernetesObject]) async throws {
        for object in objects { _ = try await applier.apply(object) }
        try await controller.settled()
    }

    func delete(_ object: any KubernetesObject) async throws {
        try await applier.delete(ObjectKey(of: object))
        try await controller.settled()
    }

    func service(_ name: String) -> Service? {
        store.get(ObjectKey(Service.self, namespace: "default", name: name))?.object as? Service
    }

    /// All slices of a Service, in the order of their names.
    func slices(_ service: String, family: String? = nil) throws -> [EndpointSlice] {
        try store.list(EndpointSlice.self).objects.compactMap { $0.object as? EndpointSlice }
            .filter { $0.serviceName?.name == service && (family == nil || $0.addressType == family) }
    }

    /// The writes of slices since `clear`.
    func recordSliceWrites() throws -> Recorder {
        let recorder = Recorder()
        _ = try store.watch(WatchScope(EndpointSlice.self), from: .now, sink: recorder.sink)
        return recorder
    }
}
