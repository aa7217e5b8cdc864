/// Conditions and writes that a store applies together or not at all (etcd's `Txn` with compares of `MOD`).
package struct Transaction: Sendable {
    package enum Condition: Sendable, Hashable {
        /// The key must not exist.
        case absent(String)
        /// The key's last write must be this revision.
        case unchanged(String, since: Revision)

        package var key: String {
            switch self {
            case .absent(let key), .unchanged(let key, _): key
            }
        }

        /// The revision that the key must have; nil where it must be absent.
        package var expected: Revision? {
            switch self {
            case .absent: nil
            case .unchanged(_, let revision): revision
            }
        }
    }

    package enum Operation: Sendable {
        case put(String, [UInt8])
        /// No effect when the key does not exist.
        case delete(String)

        package var key: String {
            switch self {
            case .put(let key, _), .delete(let key): key
            }
        }
    }

    package var conditions: [Condition]
    /// At most one for each key.
    package var operations: [Operation]

    package init(if conditions: [Condition] = [], _ operations: [Operation]) {
        self.conditions = conditions
        self.operations = operations
    }
}

/// What a transaction did.
package struct CommitResult: Sendable {
    /// The revision of the store after the transaction: unchanged when nothing was written.
    package let revision: Revision
    /// In the order of the operations; a deletion of a missing key makes none.
    package let events: [StorageEvent]

    package init(revision: Revision, events: [StorageEvent]) {
        self.revision = revision
        self.events = events
    }
}

/// One change of one key.
package struct StorageEvent: Sendable {
    package enum Kind: Sendable {
        case added
        case modified
        case deleted
    }

    package let kind: Kind
    /// The pair after the change; for a deletion as it was last, with the deletion's revision as its `modRevision`.
    package let pair: KeyValue
    /// The pair before the change; nil for an addition.
    package let previous: KeyValue?

    package init(_ kind: Kind, _ pair: KeyValue, previous: KeyValue?) {
        self.kind = kind
        self.pair = pair
        self.previous = previous
    }

    package var revision: Revision { pair.modRevision }
}
