/// What an embedded store writes to before it shows anything: the seam between the store and its disk.
package protocol Journal: Sendable {
    /// Runs `work` on the journal's own thread, one after the other.
    func async(_ work: @escaping @Sendable (any JournalWriter) -> Void)

    /// Frees the files, after what is being written. Not to be called on the journal's thread.
    ///
    /// - Throws: `unavailable`.
    func close() throws(StorageError)
}

/// A journal on its own thread.
package protocol JournalWriter {
    /// Writes the entry as a whole or not at all; it is durable when this returns.
    ///
    /// - Throws: `noSpace`, `unavailable`, `corrupt`.
    func write(_ entry: JournalEntry) throws(StorageError)
}

/// Changes of a store that become durable together.
package struct JournalEntry: Sendable {
    /// In the order of revisions.
    package let events: [StorageEvent]
    /// Events of the past that nobody can ask for any more: what they replaced need not be kept.
    package let forgotten: [StorageEvent]
    /// The history begins behind this revision; nil where that has not changed.
    package let oldestRevision: Revision?

    package init(events: [StorageEvent], forgotten: [StorageEvent] = [], oldestRevision: Revision? = nil) {
        self.events = events
        self.forgotten = forgotten
        self.oldestRevision = oldestRevision
    }
}

/// What a journal has kept for a store: given to it in the order of revisions.
package struct StoreContents: Sendable {
    var state: StoreState

    /// The commits up to `oldestRevision` are known by the pairs alone that they left behind.
    package init(history limit: HistoryLimit, oldestRevision: Revision) {
        state = StoreState(limit: limit)
        state.oldestRevision = oldestRevision
        state.revision = oldestRevision
    }

    /// The last commit so far.
    package var revision: Revision { state.revision }

    /// The current pairs, in the order of their keys.
    package var pairs: [KeyValue] { state.pairs.page(KeySpan(prefix: ""), after: nil, limit: nil).pairs }

    /// The pair under `key` so far.
    package func pair(_ key: String) -> KeyValue? { state.pairs[key] }

    /// Takes a write.
    package mutating func add(_ pair: KeyValue) {
        guard pair.modRevision > state.oldestRevision else {
            state.pairs[pair.key] = pair
            return
        }
        let previous = state.pairs[pair.key]
        state.record(StorageEvent(previous == nil ? .added : .modified, pair, previous: previous))
    }

    /// Takes a deletion.
    ///
    /// - Returns: false where there is nothing to delete.
    package mutating func addDeletion(of key: String, at revision: Revision) -> Bool {
        guard let previous = state.pairs[key], revision > state.oldestRevision else { return false }
        state.record(StorageEvent(deletionOf: previous, at: revision))
        return true
    }
}
