import Synchronization

/// A store inside the process: every pair in memory, and where it has a journal on disk as well.
///
/// One lock, held for the publication of commits with their sinks; a range takes a view of the pairs under it and is cut
/// out afterwards, and at an older revision undoes the events since then instead of keeping versions.
///
/// With a journal only its thread changes the state: it takes the transactions that have gathered meanwhile, works them
/// out on top of what is durable, writes them together, and publishes them when they are durable.
package final class EmbeddedStore: KeyValueStore {
    let state: Mutex<StoreState>
    let journal: (any Journal)?
    let queue = CommitQueue()
    /// Only the journal's thread takes it.
    let writer: Mutex<WriterState>

    struct WriterState {
        /// Events that have left the history, and are still in the journal.
        var forgotten: [StorageEvent] = []
        var isClosed = false
    }

    /// A store in memory: nothing outlives it.
    package init(history limit: HistoryLimit = HistoryLimit()) {
        state = Mutex(StoreState(limit: limit))
        journal = nil
        writer = Mutex(WriterState())
    }

    /// A store that goes on with what a journal has kept.
    package init(journal: any Journal, contents: consuming StoreContents) {
        let forgotten = contents.state.trimHistory()
        state = Mutex(contents.state)
        self.journal = journal
        writer = Mutex(WriterState(forgotten: forgotten))
    }

    package var revision: Revision { state.withLock { $0.revision } }

    package func range(_ request: RangeRequest) async throws(StorageError) -> RangeResult {
        try state.withLock { (state) throws(StorageError) in try state.view(request) }
            .page(after: request.after, limit: request.limit)
    }

    package func commit(_ transaction: Transaction) async throws(StorageError) -> CommitResult {
        if let journal { return try await submit(.transaction(transaction), to: journal) }
        return try state.withLock { (state) throws(StorageError) in
            let result = try state.workOut(transaction)
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
        if let journal {
            _ = try await submit(.compaction(revision), to: journal)
        } else {
            _ = try state.withLock { (state) throws(StorageError) in try state.compact(to: revision) }
        }
    }

    /// Waits for the commits that are under way, and frees the files of a store on disk; later commits are refused.
    ///
    /// - Throws: `unavailable`.
    package func close() async throws(StorageError) {
        guard let journal else { return }
        _ = try await submit(.closing, to: journal)
        try journal.close()
    }

    /// Every pair, in the order of keys, at one revision.
    package func contents() -> (pairs: [KeyValue], revision: Revision) {
        let (pairs, revision) = state.withLock { ($0.pairs, $0.revision) }
        return (pairs.page(KeySpan(prefix: ""), after: nil, limit: nil).pairs, revision)
    }

    /// How many watches are running.
    package var watchCount: Int { state.withLock { $0.watchers.count } }
}
