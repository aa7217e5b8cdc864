import KubeAPI
import Synchronization

/// The objects of a kind, by the uid of their controller.
final class OwnedObjects: Sendable {
    private struct State {
        var byOwner: [String: [ObjectName: Unstructured]] = [:]
        var owners: [ObjectName: String] = [:]
    }

    private let state = Mutex(State())

    init(_ feed: ObjectFeed, _ resource: Resource) {
        feed.subscribe(resource) { [self] change in
            let owner = change.isGone ? nil : change.object.controllerOwner?.uid
            state.withLock { state in
                if let old = state.owners[change.name], old != owner {
                    state.byOwner[old]?[change.name] = nil
                    if state.byOwner[old]?.isEmpty == true { state.byOwner[old] = nil }
                }
                state.owners[change.name] = owner
                if let owner { state.byOwner[owner, default: [:]][change.name] = change.object }
            }
        }
    }

    /// In the order of their names.
    func objects(ownedBy uid: String) -> [Unstructured] {
        state.withLock { $0.byOwner[uid] ?? [:] }.sorted { $0.key < $1.key }.map(\.value)
    }
}
