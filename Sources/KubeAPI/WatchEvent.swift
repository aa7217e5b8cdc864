/// One change of one object, as a watch shows it.
package enum WatchEvent<Object: KubernetesObject>: Sendable, Equatable {
    case added(Object)
    case modified(Object)
    /// The object as it was last.
    case deleted(Object)
}
