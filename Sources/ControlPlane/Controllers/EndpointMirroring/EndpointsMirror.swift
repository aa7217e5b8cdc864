import APIMachinery
import KubeAPI
import Synchronization

/// Keeps EndpointSlices of the Endpoints that somebody writes by hand, for Services without a selector, so that whoever
/// reads slices alone sees these endpoints too (pkg/controller/endpointslicemirroring).
final class EndpointsMirror: Controller {
    static let name = "endpointslicemirroring-controller.k8s.io"
    static let skipLabel = "endpointslice.kubernetes.io/skip-mirror"
    /// Endpoints with this are the lock of an election, of older clients.
    private static let leaderAnnotation = "control-plane.alpha.kubernetes.io/leader"
    private static let appliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration"

    private struct State {
        /// The slices of each Service that are this controller's.
        var slices: [ObjectName: Set<ObjectName>] = [:]
        /// Services that select nothing.
        var services: Set<ObjectName> = []
    }

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let queue: WorkQueue<ObjectName>
    private let state = Mutex(State())

    init(_ context: ControllerContext) {
        self.context = context
        recorder = context.recorder("endpoint-slice-mirroring-controller")
        let queue = context.queue(of: ObjectName.self)
        self.queue = queue
        context.feed.subscribe(.services) { [self] change in
            let selects = !change.object.tree.map(at: "spec", "selector").isEmpty
            let concerns = state.withLock { state in
                if change.isGone || selects {
                    return state.services.remove(change.name) != nil || state.slices[change.name] != nil
                }
                return state.services.insert(change.name).inserted
            }
            if concerns { queue.add(change.name) }
        }
        context.feed.subscribe(.endpoints) { [self] change in
            let concerns = state.withLock {
                $0.services.contains(change.name) || $0.slices[change.name] != nil
            }
            if concerns { queue.add(change.name) }
        }
        context.feed.subscribe(.endpointSlices) { [self] change in note(slice: change) }
    }

    func run() async throws {
        try await context.runner("endpoints-mirror", queue) { (name) throws(Status) in
            try await self.reconcile(name)
        }.run()
    }

    private func note(slice change: ObjectFeed.Change) {
        let labels = change.object.labels
        guard let name = labels[EndpointSlice.serviceNameLabel], !name.isEmpty else { return }
        let service = ObjectName(namespace: change.name.namespace, name: name)
        let isOurs = labels[EndpointSlice.managedByLabel] == Self.name
        let wasOurs = state.withLock { state in
            let wasOurs = state.slices[service]?.contains(change.name) == true
            if isOurs, !change.isGone {
                state.slices[service, default: []].insert(change.name)
            } else {
                state.slices[service]?.remove(change.name)
                if state.slices[service]?.isEmpty == true { state.slices[service] = nil }
            }
            return wasOurs
        }
        if isOurs || wasOurs { queue.add(service) }
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        var existing: [Unstructured] = []
        for slice in state.withLock({ $0.slices[name] ?? [] }).sorted() {
            if let tree = try await context.client.find(.endpointSlices, slice) { existing.append(tree) }
        }
        guard let endpoints = try await mirrored(name) else {
            for slice in existing { try await delete(slice) }
            return
        }
        let subsets = MirroredSubsets(endpoints)
        tell(subsets, endpoints)
        do {
            try await write(subsets.groups, of: endpoints, existing)
        } catch {
            if error.isAboutEndingNamespace { return }
            if error.reason != "Conflict" {
                recorder.warning(
                    "FailedToUpdateEndpointSlices",
                    "Error updating EndpointSlices for Endpoints \(name): \(error.message)", about: endpoints)
            }
            throw error
        }
    }

    /// The Endpoints of this name; nil where they are not to be mirrored.
    private func mirrored(_ name: ObjectName) async throws(Status) -> Unstructured? {
        guard let endpoints = try await context.client.find(.endpoints, name), endpoints.deletionTimestamp == nil,
            endpoints.labels[Self.skipLabel] != "true", endpoints.annotations[Self.leaderAnnotation] == nil,
            let service = try await context.client.find(.services, name),
            service.tree.map(at: "spec", "selector").isEmpty
        else { return nil }
        return endpoints
    }

    private func tell(_ subsets: MirroredSubsets, _ endpoints: Unstructured) {
        if subsets.invalid > 0 {
            recorder.warning(
                "InvalidIPAddress",
                "Skipped \(subsets.invalid) invalid IP addresses when mirroring to EndpointSlices", about: endpoints)
        }
        if subsets.surplus > 0 {
            recorder.warning(
                "TooManyAddressesToMirror",
                "A max of \(MirroredSubsets.limit) addresses can be mirrored to EndpointSlices per Endpoints subset. "
                    + "\(subsets.surplus + subsets.invalid) addresses were skipped", about: endpoints)
        }
    }

    /// One slice for each group; new ones come before old ones go.
    private func write(
        _ groups: [MirroredSubsets.Group], of endpoints: Unstructured, _ existing: [Unstructured]
    ) async throws(Status) {
        var left = existing
        for group in groups {
            let wanted = slice(group, of: endpoints)
            let index = left.firstIndex { tree in
                let slice = EndpointSlice(tree)
                return slice.addressType == wanted.addressType && PortKey(slice.ports) == PortKey(wanted.ports)
                    && tree.controllerOwner?.uid == endpoints.uid
            }
            guard let index else {
                var tree = wanted.tree
                tree[["metadata", "generateName"]] = .string("\(endpoints.name)-")
                tree[["metadata", "name"]] = nil
                _ = try await context.client.create(tree, in: .endpointSlices)
                continue
            }
            var tree = left.remove(at: index)
            let slice = EndpointSlice(tree)
            if slice.endpoints == wanted.endpoints, slice.metadata.labels == wanted.metadata.labels,
                slice.metadata.annotations == wanted.metadata.annotations
            {
                continue
            }
            wanted.write(to: &tree)
            _ = try await context.client.update(tree, in: .endpointSlices, subresource: nil)
        }
        for slice in left { try await delete(slice) }
    }

    private func delete(_ slice: Unstructured) async throws(Status) {
        try await context.delete(.endpointSlices, slice.objectName, DeletionOptions(uid: slice.uid))
    }

    private func slice(_ group: MirroredSubsets.Group, of endpoints: Unstructured) -> EndpointSlice {
        var metadata = ObjectMeta(name: "", namespace: endpoints.namespace, labels: endpoints.labels)
        metadata.labels[EndpointSlice.serviceNameLabel] = endpoints.name
        metadata.labels[EndpointSlice.managedByLabel] = Self.name
        metadata.annotations = endpoints.annotations.filter {
            $0.key != EndpointSlice.triggerTimeAnnotation && $0.key != Self.appliedAnnotation
        }
        var owner = OwnerReference(apiVersion: "v1", kind: "Endpoints", name: endpoints.name, uid: endpoints.uid)
        owner.controller = true
        owner.blockOwnerDeletion = true
        metadata.ownerReferences = [owner]
        return EndpointSlice(
            metadata: metadata, addressType: "\(group.family)", endpoints: group.endpoints, ports: group.ports)
    }
}
