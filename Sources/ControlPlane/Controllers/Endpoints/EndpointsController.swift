import APIMachinery
import KubeAPI
import Synchronization

/// Keeps EndpointSlices (k8s.io/endpointslice) and the Endpoints object (pkg/controller/endpoint) of each Service that has
/// a selector.
///
/// It keeps names and labels; a Service and its slices are read when a change concerns them. A Pod's change costs as much
/// as the Services that select it. Slices with another `endpointslice.kubernetes.io/managed-by` are left alone.
///
/// Unlike upstream, a Pod whose Node object does not exist is an endpoint, without a zone: Pods of manifests may name
/// nodes that nobody has declared.
final class EndpointsController: Controller {
    private struct State {
        /// The slices of each Service that are this controller's.
        var slices: [ObjectName: Set<ObjectName>] = [:]
        /// When the first change was seen that a Service has not been brought up to date with.
        var triggers: [ObjectName: Timestamp] = [:]
        /// What this controller is writing: the event of that write needs no work. A write of somebody else at the same
        /// time makes it fail.
        var ownWrites: Set<ObjectName> = []
        var zones: [String: String] = [:]
    }

    private let context: ControllerContext
    private let catalog: ServiceCatalog
    private let queue: WorkQueue<ObjectName>
    private let state = Mutex(State())

    init(_ context: ControllerContext, catalog: ServiceCatalog) {
        self.context = context
        self.catalog = catalog
        queue = context.queue()
        catalog.observe { [self] names in enqueue(names) }
        context.feed.subscribe(.nodes) { [self] change in
            let name = change.name.name
            let zone = change.isGone ? nil : change.object.labels[Node.zoneLabel]
            let isOther = state.withLock { state in
                defer { state.zones[name] = zone }
                return state.zones[name] != zone
            }
            if isOther { enqueue(catalog.services(onNode: name)) }
        }
        context.feed.subscribe(.endpointSlices) { [self] change in note(slice: change) }
        context.feed.subscribe(.endpoints) { [self] change in
            let isOwn = state.withLock { $0.ownWrites.contains(change.name) }
            if !isOwn { enqueue([change.name]) }
        }
    }

    func run() async throws {
        try await context.runner("endpoints", queue) { (name) throws(Status) in try await self.reconcile(name) }.run()
    }

    private func enqueue(_ services: [ObjectName]) {
        if services.isEmpty { return }
        let now = context.clock.now
        state.withLock { state in
            for service in services where state.triggers[service] == nil { state.triggers[service] = now }
        }
        for service in services { queue.add(service) }
    }

    /// Somebody else's change of a slice of ours is undone.
    private func note(slice change: ObjectFeed.Change) {
        let labels = change.object.labels
        guard let name = labels[EndpointSlice.serviceNameLabel], !name.isEmpty else { return }
        let service = ObjectName(namespace: change.name.namespace, name: name)
        let isOurs = labels[EndpointSlice.managedByLabel] == EndpointSliceController.name && !change.isGone
        let needsWork = state.withLock { state in
            let wasOurs = state.slices[service]?.contains(change.name) == true
            if isOurs {
                state.slices[service, default: []].insert(change.name)
            } else {
                state.slices[service]?.remove(change.name)
                if state.slices[service]?.isEmpty == true { state.slices[service] = nil }
            }
            return (isOurs || wasOurs) && !state.ownWrites.contains(change.name)
        }
        if needsWork { enqueue([service]) }
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        let trigger = state.withLock { $0.triggers.removeValue(forKey: name) }
        do {
            try await sync(name, trigger: trigger)
        } catch {
            // A namespace that is ending takes nothing new, and its contents go without us.
            if error.isAboutEndingNamespace { return }
            if let trigger { state.withLock { $0.triggers[name] = min(trigger, $0.triggers[name] ?? trigger) } }
            throw error
        }
    }

    private func sync(_ name: ObjectName, trigger: Timestamp?) async throws(Status) {
        let existing = try await existingSlices(of: name)
        guard let tree = try await context.client.find(.services, name) else {
            try await apply(SlicePlan(deletions: existing.map { EndpointSlice($0) }), existing, trigger)
            try await deleteEndpoints(name)
            return
        }
        let service = KubeAPI.Service(tree)
        guard !service.spec.selector.isEmpty, service.spec.type != "ExternalName" else { return }
        let pods = selectedPods(of: service)
        let plan = SlicePlan(
            service: service, pods: pods, existing: existing.map { EndpointSlice($0) },
            limit: EndpointSliceController.endpointLimit)
        do {
            try await apply(plan, existing, trigger)
        } catch {
            if !error.isAboutEndingNamespace, error.reason != "Conflict" {
                context.recorder("endpoint-slice-controller").warning(
                    "FailedToUpdateEndpointSlices",
                    "Error updating Endpoint Slices for Service \(name): \(error.message)", about: tree)
            }
            throw error
        }
        if service.metadata.deletionTimestamp == nil {
            try await writeEndpoints(EndpointsDocument(service, pods: pods), name, tree, trigger)
        }
    }

    private func existingSlices(of service: ObjectName) async throws(Status) -> [Unstructured] {
        let names = state.withLock { $0.slices[service] ?? [] }
        var slices: [Unstructured] = []
        for name in names.sorted() {
            if let slice = try await context.client.find(.endpointSlices, name) { slices.append(slice) }
        }
        return slices
    }

    private func selectedPods(of service: KubeAPI.Service) -> [PlacedPod] {
        let names = catalog.pods(matching: service.spec.selector, in: service.metadata.namespace)
        let zones = state.withLock { $0.zones }
        return names.compactMap { context.pods[$0] }.filter(\.isEndpoint).map {
            PlacedPod(pod: $0, zone: zones[$0.nodeName])
        }
    }

    // MARK: - Writing

    /// New slices first and deletions last, so that an endpoint which moves is always in one.
    private func apply(
        _ plan: SlicePlan, _ existing: [Unstructured], _ trigger: Timestamp?
    ) async throws(Status) {
        let trees = Dictionary(existing.map { ($0.name, $0) }) { first, _ in first }
        for slice in plan.creations {
            var tree = slice.tree
            tree.name = GeneratedName.make(slice.metadata.generateName ?? "")
            tree[["metadata", "generateName"]] = slice.metadata.generateName.map { .string($0) }
            tree.annotations[EndpointSlice.triggerTimeAnnotation] = trigger?.microsecondText
            let created = tree
            try await asOwn(tree.objectName) { () throws(Status) in
                _ = try await self.context.client.create(created, in: .endpointSlices)
            }
        }
        for slice in plan.updates {
            guard var tree = trees[slice.metadata.name] else { continue }
            slice.write(to: &tree)
            tree.annotations[EndpointSlice.triggerTimeAnnotation] = trigger?.microsecondText
            let updated = tree
            try await asOwn(tree.objectName) { () throws(Status) in
                _ = try await self.context.client.update(updated, in: .endpointSlices, subresource: nil)
            }
        }
        for slice in plan.deletions {
            try await asOwn(ObjectName(slice.metadata)) { () throws(Status) in
                try await self.context.delete(
                    .endpointSlices, ObjectName(slice.metadata), DeletionOptions(uid: slice.metadata.uid))
            }
        }
    }

    private func writeEndpoints(
        _ document: EndpointsDocument, _ name: ObjectName, _ service: Unstructured, _ trigger: Timestamp?
    ) async throws(Status) {
        let current = try await context.client.find(.endpoints, name)
        guard let object = document.written(over: current, trigger: trigger) else { return }
        let recorder = context.recorder("endpoint-controller")
        do {
            try await asOwn(name) { () throws(Status) in
                if current == nil {
                    _ = try await self.context.client.create(object, in: .endpoints)
                } else {
                    _ = try await self.context.client.update(object, in: .endpoints, subresource: nil)
                }
            }
        } catch {
            if error.isAboutEndingNamespace || error.reason == "Conflict" { throw error }
            let reason = current == nil ? "FailedToCreateEndpoint" : "FailedToUpdateEndpoint"
            let verb = current == nil ? "create endpoint for service" : "update endpoint"
            recorder.warning(reason, "Failed to \(verb) \(name): \(error.message)", about: object)
            throw error
        }
    }

    private func deleteEndpoints(_ name: ObjectName) async throws(Status) {
        guard let current = try await context.client.find(.endpoints, name),
            current.labels["endpoints.kubernetes.io/managed-by"] == "endpoint-controller"
        else { return }
        try await asOwn(name) { () throws(Status) in
            try await self.context.delete(.endpoints, name, DeletionOptions(uid: current.uid))
        }
    }

    /// The event of the write that `body` makes is not taken for somebody else's. Endpoints and slices never have the
    /// same name: a slice's has something random at its end.
    private func asOwn(_ name: ObjectName, _ body: () async throws(Status) -> Void) async throws(Status) {
        state.withLock { _ = $0.ownWrites.insert(name) }
        defer { state.withLock { _ = $0.ownWrites.remove(name) } }
        try await body()
    }
}
