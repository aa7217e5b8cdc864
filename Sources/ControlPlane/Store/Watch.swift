import KubeAPI

/// What a sink receives: called inside the commit, on the writer's thread, in the order of revisions.
///
/// It must not block and must not call the store: the commit waits for it. `.end` ends the watch.
package typealias WatchSink = @Sendable (StoreEvent) -> WatchDemand

/// A sink's answer to an event.
package enum WatchDemand: Sendable {
    case more
    case end
}

/// The objects that a watch covers.
package struct WatchScope: Sendable {
    package let type: any KubernetesObject.Type
    /// Nil for all namespaces.
    package let namespace: String?

    package init(_ type: any KubernetesObject.Type, namespace: String? = nil) {
        self.type = type
        self.namespace = namespace
    }

    /// Whether the watch covers an object of its kind in this namespace.
    package func covers(namespace other: String) -> Bool { namespace == nil || namespace == other }
}

/// Where a watch begins.
package enum WatchStart: Sendable {
    /// With every existing object as an addition, then each change: list and watch in one step.
    case existingObjects
    /// With the first change after this revision.
    case after(Revision)
    /// With the next commit.
    case now
}

/// A running watch of the sink form. The watch goes on when this is dropped.
package final class WatchRegistration: Sendable {
    /// The store's revision when the watch was made: the sink has seen everything up to here.
    package let revision: Revision
    private let onCancel: @Sendable () -> Void

    package init(revision: Revision, onCancel: @escaping @Sendable () -> Void) {
        self.revision = revision
        self.onCancel = onCancel
    }

    /// Ends the watch: the sink is not called again once this has returned. Not to be called from a sink.
    package func cancel() { onCancel() }
}

extension Store {
    /// Watches one kind with typed events: what the proxy's mailbox and the controllers' queues are fed by.
    ///
    /// As `watch(_:from:sink:)`: existing objects come first, as additions, before this returns.
    ///
    /// - Throws: `compacted`, `future`.
    package func watch<Object: KubernetesObject>(
        _ type: Object.Type, namespace: String? = nil, from start: WatchStart = .existingObjects,
        sink: @escaping @Sendable (WatchEvent<Object>) -> Void
    ) async throws(StoreError) -> WatchRegistration {
        try await watch(WatchScope(type, namespace: namespace), from: start) { event in
            // The scope admits this type alone.
            guard let object = event.object.object as? Object else { return .more }
            switch event.kind {
            case .added: sink(.added(object))
            case .modified: sink(.modified(object))
            case .deleted: sink(.deleted(object))
            }
            return .more
        }
    }
}
