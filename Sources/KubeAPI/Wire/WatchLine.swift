/// A line of a watch, as a node wants to know it.
package enum WatchLine<Object: WireObject>: Sendable {
    /// Added or modified: the object as it is now.
    case applied(Object)
    case deleted(ObjectName, resourceVersion: String)
    /// Every change up to this resource version has been sent.
    ///
    /// - Parameter endsInitialList: it follows the last object of a list that the watch began with
    ///   (`k8s.io/initial-events-end`, KEP-3157).
    case bookmark(resourceVersion: String, endsInitialList: Bool)
    /// The watch ends. 410 means that the client must list again.
    case error(Status)
    /// An added or modified object that could not be read.
    case unreadable(UnreadableObject, resourceVersion: String)
}
