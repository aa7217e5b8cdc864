/// Transactions that have been worked out one after the other, and are not in the store yet.
struct Draft {
    /// The store that they are for.
    private let pairs: SortedPairs
    /// What the transactions so far have changed; nil for a key that they deleted.
    private var changed: [String: KeyValue?] = [:]
    private(set) var revision: Revision
    /// In the order of revisions.
    private(set) var events: [StorageEvent] = []

    init(over pairs: SortedPairs, at revision: Revision) {
        self.pairs = pairs
        self.revision = revision
    }

    /// Works out a transaction on top of those before it.
    ///
    /// - Throws: `conflict`, `duplicateKey`; the draft is as it was then.
    mutating func add(_ transaction: Transaction) throws(StorageError) -> CommitResult {
        for condition in transaction.conditions {
            let found = find(condition.key)
            guard found?.modRevision == condition.expected else {
                throw .conflict(key: condition.key, expected: condition.expected, found: found)
            }
        }
        if transaction.operations.count > 1 {
            var keys: Set<String> = []
            for operation in transaction.operations where !keys.insert(operation.key).inserted {
                throw .duplicateKey(operation.key)
            }
        }
        let next = revision + 1
        let added = transaction.operations.compactMap { event(of: $0, at: next) }
        guard !added.isEmpty else { return CommitResult(revision: revision, events: []) }
        for event in added { changed.updateValue(event.current, forKey: event.pair.key) }
        events += added
        revision = next
        return CommitResult(revision: next, events: added)
    }

    private func find(_ key: String) -> KeyValue? {
        if let change = changed[key] { return change }
        return pairs[key]
    }

    private func event(of operation: Transaction.Operation, at next: Revision) -> StorageEvent? {
        let previous = find(operation.key)
        switch operation {
        case .put(let key, let value):
            // An equal string can be spelled in other bytes: the first spelling stays.
            let pair = KeyValue(
                key: previous?.key ?? key, value: value, createRevision: previous?.createRevision ?? next,
                modRevision: next, version: (previous?.version ?? 0) + 1)
            return StorageEvent(previous == nil ? .added : .modified, pair, previous: previous)
        case .delete: return previous.map { StorageEvent(deletionOf: $0, at: next) }
        }
    }
}

extension StorageEvent {
    init(deletionOf previous: KeyValue, at revision: Revision) {
        let last = KeyValue(
            key: previous.key, value: previous.value, createRevision: previous.createRevision,
            modRevision: revision, version: previous.version)
        self.init(.deleted, last, previous: previous)
    }

    /// What is under the key after the event.
    var current: KeyValue? { kind == .deleted ? nil : pair }
}
