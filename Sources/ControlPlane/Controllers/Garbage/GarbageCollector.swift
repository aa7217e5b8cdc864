import APIMachinery
import KubeAPI
import Synchronization

/// Deletes what is owned by nothing that there is any more, and lets owners go that wait for what they own
/// (pkg/controller/garbagecollector).
final class GarbageCollector: Controller {
    private enum Owner {
        case absent
        /// Is being deleted, and waits for those that it owns.
        case waiting
        case solid
    }

    private let context: ControllerContext
    private let kinds: [Resource]
    private let queue: WorkQueue<OwnershipGraph.Item>
    private let graph = Mutex(OwnershipGraph())

    /// - Parameter kinds: all whose objects may own, or be owned.
    init(_ context: ControllerContext, kinds: [Resource]) {
        self.context = context
        self.kinds = kinds
        queue = context.queue()
        for kind in kinds {
            context.feed.subscribe(kind) { [self] change in
                let item = OwnershipGraph.Item(resource: kind, name: change.name)
                let concerned = graph.withLock { $0.note(change.object, item, isGone: change.isGone) }
                for item in concerned { queue.add(item) }
            }
        }
    }

    func run() async throws {
        try await context.runner("garbage", queue) { (item) throws(Status) in try await self.reconcile(item) }.run()
    }

    private func reconcile(_ item: OwnershipGraph.Item) async throws(Status) {
        guard let object = try await context.client.find(item.resource, item.name) else { return }
        do {
            if object.deletionTimestamp != nil {
                let finalizers = object.finalizers
                if finalizers.contains(OwnershipGraph.orphan) {
                    try await releaseDependents(of: object, item)
                } else if finalizers.contains(OwnershipGraph.foreground) {
                    try await endForeground(object, item)
                }
                return
            }
            try await checkOwners(of: object, item)
        } catch {
            // Somebody else has removed it.
            if error.code != 404 { throw error }
        }
    }

    // MARK: - What is owned

    private func checkOwners(of object: Unstructured, _ item: OwnershipGraph.Item) async throws(Status) {
        let references = object.ownerReferences
        if references.isEmpty { return }
        var (solid, lost, waiting): ([JSONValue], [JSONValue], [JSONValue]) = ([], [], [])
        for reference in references {
            switch try await owner(reference, of: object) {
            case .solid: solid.append(reference)
            case .absent: lost.append(reference)
            case .waiting: waiting.append(reference)
            }
        }
        if !solid.isEmpty {
            guard !lost.isEmpty || !waiting.isEmpty else { return }
            var kept = object
            kept.ownerReferences = solid
            _ = try await context.client.update(kept, in: item.resource, subresource: nil)
            return
        }
        let ownsSomething = graph.withLock { !$0.dependents(of: object.uid).isEmpty }
        let policy: DeletionOptions.Propagation =
            if !waiting.isEmpty, ownsSomething {
                // What it owns itself goes before it.
                .foreground
            } else if object.finalizers.contains(OwnershipGraph.orphan) {
                .orphan
            } else if object.finalizers.contains(OwnershipGraph.foreground) {
                .foreground
            } else {
                .background
            }
        try await context.delete(item.resource, item.name, DeletionOptions(propagation: policy, uid: object.uid))
    }

    private func owner(_ reference: JSONValue, of object: Unstructured) async throws(Status) -> Owner {
        let (apiVersion, kind) = (reference.text(at: "apiVersion"), reference.text(at: "kind"))
        // Nothing is known of other kinds, so that nothing is deleted for their sake.
        guard let resource = kinds.first(where: { $0.kind == kind && $0.apiVersion == apiVersion }) else {
            return .solid
        }
        // An object of the whole cluster cannot have an owner in a namespace; upstream leaves it alone, too.
        if resource.isNamespaced, object.namespace.isEmpty { return .solid }
        let name = ObjectName(
            namespace: resource.isNamespaced ? object.namespace : "", name: reference.text(at: "name"))
        guard let owner = try await context.client.find(resource, name), owner.uid == reference.text(at: "uid") else {
            return .absent
        }
        return owner.deletionTimestamp != nil && owner.finalizers.contains(OwnershipGraph.foreground)
            ? .waiting : .solid
    }

    // MARK: - What owns

    /// Those that it owns stay, without it.
    private func releaseDependents(of owner: Unstructured, _ item: OwnershipGraph.Item) async throws(Status) {
        for (dependent, _) in graph.withLock({ $0.dependents(of: owner.uid) }) {
            guard var object = try await context.client.find(dependent.resource, dependent.name) else { continue }
            object.ownerReferences = object.ownerReferences.filter { $0.text(at: "uid") != owner.uid }
            _ = try await context.client.update(object, in: dependent.resource, subresource: nil)
        }
        try await removeFinalizer(OwnershipGraph.orphan, of: owner, item)
    }

    /// It goes when none is left that it must wait for.
    private func endForeground(_ owner: Unstructured, _ item: OwnershipGraph.Item) async throws(Status) {
        let dependents = graph.withLock { $0.dependents(of: owner.uid) }
        for (dependent, _) in dependents { queue.add(dependent) }
        if dependents.contains(where: \.blocks) { return }
        try await removeFinalizer(OwnershipGraph.foreground, of: owner, item)
    }

    private func removeFinalizer(
        _ finalizer: String, of owner: Unstructured, _ item: OwnershipGraph.Item
    ) async throws(Status) {
        var freed = owner
        freed.finalizers = owner.finalizers.filter { $0 != finalizer }
        _ = try await context.client.update(freed, in: item.resource, subresource: nil)
    }
}
