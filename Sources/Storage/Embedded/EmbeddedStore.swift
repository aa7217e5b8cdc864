import Synchronization

/// A store inside the process: every pair in memory.
///
/// One lock, held for the publication of a commit with its sinks; a range takes a view of the pairs under it and is cut
/// out afterwards, and at an older revision undoes the events since then instead of keeping versions.
package final class EmbeddedStore: KeyValueStore {
    let state: Mutex<StoreState>

    /// A store in memory: nothing outlives it.
    package init(history limit: HistoryLimit = HistoryLimit()) {
        state = Mutex(StoreState(limit: limit))
    }

    package var revision: Revision { state.withLock { $0.revision } }

    package func range(_ request: RangeRequest) async throws(StorageError) -> RangeResult {
        try state.withLock { (state) throws(StorageError) in try state.view(request) }
            .page(after: request.after, limit: request.limit)
    }

    package func commit(_ transaction: Transaction) async throws(StorageError) -> CommitResult {
        try state.withLock { (state) throws(StorageError) in
            var draft = Draft(over: state.pairs, at: state.revision)
            let result = try draft.add(transaction)
            _ = state.publish(result.events)
            return result
        }
    }

    package func watch(
        prefix: String, from start: WatchStart, sink: @escaping WatchSink
    ) async throws(StorageError) -> WatchRegistration {
        let (id, revision) = try state.withLock { (state) throws(StorageError) in
            (try state.addWatcher(prefix: prefix, from: start, sink: sink), state.revision)
        }
        return WatchRegistration(revision: revision) { [weak self] in
            guard let id else { return }
            self?.state.withLock { $0.watchers.remove(id, prefix: prefix) }
        }
    }

    package func compact(to revision: Revision) async throws(StorageError) {
        _ = try state.withLock { (state) throws(StorageError) in try state.compact(to: revision) }
    }

    /// How many watches are running.
    package var watchCount: Int { state.withLock { $0.watchers.count } }
}
