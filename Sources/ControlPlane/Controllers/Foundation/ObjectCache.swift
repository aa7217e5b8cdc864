import KubeAPI
import Synchronization

/// What controllers know of the objects of one kind, by name: as much as `extract` takes of them.
package final class ObjectCache<Value: Sendable>: Sendable {
    private let state = Mutex<[String: [String: Value]]>([:])

    /// - Parameter extract: what is kept of an object; nothing where it returns nil.
    package init(_ feed: ObjectFeed, _ resource: Resource, extract: @escaping @Sendable (Unstructured) -> Value?) {
        feed.subscribe(resource) { [self] change in
            let value = change.isGone ? nil : extract(change.object)
            state.withLock { values in
                values[change.name.namespace, default: [:]][change.name.name] = value
                if values[change.name.namespace]?.isEmpty == true { values[change.name.namespace] = nil }
            }
        }
    }

    /// Nil where there is no such object.
    package subscript(name: ObjectName) -> Value? { state.withLock { $0[name.namespace]?[name.name] } }

    /// Those of one namespace, in the order of their names.
    package func values(in namespace: String) -> [Value] {
        state.withLock { $0[namespace] ?? [:] }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// All of them, in the order of their names.
    package var values: [Value] {
        state.withLock { $0 }.sorted { $0.key < $1.key }.flatMap { namespace in
            namespace.value.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}

extension ObjectCache where Value == Unstructured {
    /// Whole objects.
    package convenience init(_ feed: ObjectFeed, _ resource: Resource) { self.init(feed, resource) { $0 } }
}
