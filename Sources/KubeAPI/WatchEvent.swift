/// One change of one object, as a watch shows it.
package enum WatchEvent<Object: KubernetesObject>: Sendable, Equatable {
    case added(Object)
    case modified(Object)
    /// The object as it was last.
    case deleted(Object)
}

extension WatchEvent {
    /// The object as the change left it.
    package var object: Object {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object): object
        }
    }

    /// `ADDED`, `MODIFIED` or `DELETED`.
    package var type: String {
        switch self {
        case .added: "ADDED"
        case .modified: "MODIFIED"
        case .deleted: "DELETED"
        }
    }
}
