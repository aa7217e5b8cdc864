/// What a watcher is called with: on the store's own thread, in the order of revisions.
///
/// It must not block and must not call the store: the next commit waits for it. `.end` ends the watch.
package typealias WatchSink = @Sendable (StorageEvent) -> WatchDemand

/// A watcher's answer to an event.
package enum WatchDemand: Sendable {
    case more
    case end
}

/// Where a watch begins.
package enum WatchStart: Sendable {
    /// With every existing pair as an addition, in the order of keys, then each change: range and watch in one step.
    case existingPairs
    /// With the first change after this revision.
    case after(Revision)
    /// With the next commit.
    case now
}

/// A running watch. It goes on when this is dropped.
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
