import APIMachinery
import KubeAPI
import Synchronization

/// What is in the store and what changes there, for all controllers: one follow for each kind, and each object decoded
/// once however many look at it.
package final class ObjectFeed: Sendable {
    /// A change of an object; for a deletion, the object as it was last.
    package struct Change: Sendable {
        package let isGone: Bool
        package let name: ObjectName
        package let object: Unstructured
    }

    /// What is called with each change.
    package typealias Handler = @Sendable (Change) -> Void

    private struct State {
        var order: [Resource] = []
        var handlers: [Resource: [Handler]] = [:]
        var registrations: [FollowRegistration] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Calls `handler` with every object of a kind and then with every change, in order, once the feed has been started.
    /// It must return at once and must not call the client. Those that subscribed first are called first.
    package func subscribe(_ resource: Resource, _ handler: @escaping Handler) {
        state.withLock { state in
            if state.handlers[resource] == nil { state.order.append(resource) }
            state.handlers[resource, default: []].append(handler)
        }
    }

    /// Begins to follow all kinds that somebody has subscribed to. What there is has been handed on when this returns.
    package func start(_ client: any ObjectClient) async throws(Status) {
        let (order, handlers) = state.withLock { ($0.order, $0.handlers) }
        for resource in order {
            let handlers = handlers[resource] ?? []
            let registration = try await client.follow(resource) { change in
                guard let object = change.object else { return }
                let change = Change(isGone: change.kind == .deleted, name: change.name, object: object)
                for handler in handlers { handler(change) }
            }
            state.withLock { $0.registrations.append(registration) }
        }
    }

    /// No handler is called any more once this has returned.
    package func stop() {
        let registrations = state.withLock { state in
            defer { state.registrations = [] }
            return state.registrations
        }
        for registration in registrations { registration.cancel() }
    }
}
