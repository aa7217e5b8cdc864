import KubeAPI

/// Conditions and writes that a store applies together or not at all.
package struct Transaction: Sendable {
    package enum Condition: Sendable {
        /// The key must not exist.
        case absent(ObjectKey)
        /// The key's last write must be this revision.
        case unchanged(ObjectKey, since: Revision)
    }

    package enum Operation: Sendable {
        case put(any KubernetesObject)
        /// No effect when the key does not exist.
        case delete(ObjectKey)
    }

    package var conditions: [Condition]
    /// At most one per key.
    package var operations: [Operation]

    package init(if conditions: [Condition] = [], _ operations: [Operation]) {
        self.conditions = conditions
        self.operations = operations
    }
}

extension Transaction.Operation {
    /// The key that the operation writes.
    package var key: ObjectKey {
        switch self {
        case .put(let object): ObjectKey(of: object)
        case .delete(let key): key
        }
    }
}

extension Transaction.Condition {
    /// The key that the condition reads.
    package var key: ObjectKey {
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

/// What a transaction did.
package struct CommitResult: Sendable {
    /// The revision of the store after the transaction: unchanged when nothing was written.
    package let revision: Revision
    /// In the order of the operations; a deletion of a missing key makes none.
    package let events: [StoreEvent]
}
