import KubeAPI

/// What a reflector hands out.
package enum ReflectorEvent<Object: WireObject>: Sendable {
    /// An object that is new or may have changed; the same one can come more than once.
    case applied(Object)
    /// An object that is gone, or that the selectors no longer match.
    case deleted(ObjectName)
    /// A list has been handed out completely, with the deletions that follow from it. Comes again after each new list,
    /// and once for an optional kind that the server does not have.
    case synced
}
