import KubeAPI
import Logging
import ServiceLifecycle
import Synchronization

/// Keeps EndpointSlices for the Services that have a selector (k8s.io/endpointslice).
///
/// The store's sinks keep an index of names and labels and queue the Services that a change concerns; one task works
/// through them, reads the objects from the store and writes the slices that differ. A Pod's change costs as much as
/// the Services that select it. Slices with another `endpointslice.kubernetes.io/managed-by` are left alone.
///
/// Unlike upstream, a Pod whose Node object does not exist is an endpoint, without a zone: Pods of manifests may name
/// nodes that nobody has declared.
package final class EndpointSliceController: ServiceLifecycle.Service {
    /// The value of `endpointslice.kubernetes.io/managed-by`.
    package static let name = "endpointslice-controller.k8s.io"
    /// As upstream's `--max-endpoints-per-slice`.
    package static let endpointLimit = 100

    struct State {
        var services = ServiceIndex()
        var pods = PodIndex()
        /// The slices of each Service that are this controller's.
        var slices: [NamespacedName: Set<NamespacedName>] = [:]
        /// When the first change was seen that a Service has not been brought up to date with.
        var triggers: [NamespacedName: Timestamp] = [:]
        /// What this controller is writing: nil for a deletion. The event of that write needs no work.
        var ownWrites: [NamespacedName: EndpointSlice?] = [:]
    }

    let store: any Store
    let slices: ObjectStore<EndpointSlice>
    let state = Mutex(State())
    let queue: WorkQueue<NamespacedName>
    private let logger: Logger

    package init(store: any Store, logger: Logger) {
        self.store = store
        self.logger = logger
        slices = ObjectStore(store)
        queue = WorkQueue()
    }

    /// Follows the store, beginning with what is there, and works until the task is cancelled or the process shuts
    /// down.
    ///
    /// - Throws: `StoreError` when the store cannot be watched.
    package func run() async throws {
        let registrations = try await follow()
        defer { for registration in registrations { registration.cancel() } }
        try await work()
    }

    /// Works through the queue; `follow` has been called.
    package func work() async throws {
        let runner = ControllerRunner(name: "endpointslice", logger: logger, queue: queue) {
            (name) throws(Status) in try await self.reconcile(name)
        }
        try await runner.run()
    }

    /// Returns when all slices are as they should be for everything that was written before the call.
    ///
    /// - Throws: `CancellationError`.
    package func settled() async throws { try await queue.settled() }

    /// Makes the slices of one Service what they should be.
    ///
    /// - Throws: the `Status` of the store; the Service is tried again.
    func reconcile(_ name: NamespacedName) async throws(Status) {
        let trigger = state.withLock { $0.triggers.removeValue(forKey: name) }
        do {
            let existing = try await existingSlices(of: name)
            guard let service = try await read(KubeAPI.Service.self, name) else {
                try await apply(SlicePlan(deletions: existing), trigger: trigger)
                return
            }
            guard !service.spec.selector.isEmpty, service.spec.type != "ExternalName" else { return }
            let endpoints = try await selectedPods(of: service)
            try await apply(
                SlicePlan(service: service, pods: endpoints, existing: existing, limit: Self.endpointLimit),
                trigger: trigger)
        } catch {
            if let trigger { state.withLock { $0.triggers[name] = min(trigger, $0.triggers[name] ?? trigger) } }
            throw error
        }
    }

    private func existingSlices(of service: NamespacedName) async throws(Status) -> [EndpointSlice] {
        let names = state.withLock { $0.slices[service] ?? [] }
        var slices: [EndpointSlice] = []
        for name in names.sorted() {
            if let slice = try await read(EndpointSlice.self, name) { slices.append(slice) }
        }
        return slices
    }

    private func selectedPods(of service: KubeAPI.Service) async throws(Status) -> [PlacedPod] {
        let namespace = service.metadata.namespace
        let names = state.withLock { $0.pods.pods(matching: service.spec.selector, in: namespace) }
        var zones: [String: String] = [:]
        var pods: [PlacedPod] = []
        for name in names {
            guard let typed = try await read(Pod.self, name) else { continue }
            let tree = try? Unstructured(json: Array(JSON.encode(typed)))
            guard let pod = tree.map({ PodRecord($0) }), pod.isEndpoint else { continue }
            let node = pod.nodeName
            if zones[node] == nil, !node.isEmpty {
                let object = try await read(Node.self, NamespacedName(namespace: "", name: node))
                zones[node] = object?.metadata.labels[Node.zoneLabel] ?? ""
            }
            pods.append(PlacedPod(pod: pod, zone: zones[node].flatMap { $0.isEmpty ? nil : $0 }))
        }
        return pods
    }

    private func read<Object: KubernetesObject>(
        _ type: Object.Type, _ name: NamespacedName
    ) async throws(Status) -> Object? {
        do {
            return try await store.get(ObjectKey(type, name))?.object as? Object
        } catch { throw error.status }
    }
}

extension Node {
    /// The label with a Node's zone.
    package static let zoneLabel = "topology.kubernetes.io/zone"
}
