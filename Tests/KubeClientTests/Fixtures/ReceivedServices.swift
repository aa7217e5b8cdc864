import KubeAPI
import Synchronization

@testable import KubeClient

/// What the sink of a reflector has been given.
final class ReceivedServices: Sendable {
    struct State: Sendable {
        /// The ClusterIP of each Service, by name.
        var services: [String: String] = [:]
        /// "+web 10.0.0.1", "-web", "synced".
        var events: [String] = []
        var syncs = 0
        /// Deletions of objects that were not there.
        var strayDeletions = 0
    }

    private let state = Mutex(State())
    private let watchdog: @Sendable (String) -> Void

    /// - Parameter deleted: is told of each deletion, as it happens.
    init(deleted: @escaping @Sendable (String) -> Void = { _ in }) { watchdog = deleted }

    var current: State { state.withLock { $0 } }
    var services: [String: String] { current.services }
    var names: [String] { services.keys.sorted() }
    var events: [String] { current.events }
    var syncs: Int { current.syncs }

    func take(_ event: ReflectorEvent<Service>) {
        if case .deleted(let name) = event { watchdog(name.name) }
        state.withLock { state in
            switch event {
            case .applied(let service):
                state.services[service.metadata.name] = service.spec.clusterIP
                state.events.append("+\(service.metadata.name) \(service.spec.clusterIP)")
            case .deleted(let name):
                if state.services.removeValue(forKey: name.name) == nil { state.strayDeletions += 1 }
                state.events.append("-\(name.name)")
            case .synced:
                state.syncs += 1
                state.events.append("synced")
            }
        }
    }
}
