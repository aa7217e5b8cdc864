/// A consistent store of bytes under keys, with one revision counter: the interface that an embedded engine and an etcd
/// both have (etcd's `KV` and `Watch` services, api/etcdserverpb/rpc.proto).
///
/// Keys are `/registry/<group resource>/<namespace>/<name>`, so that the objects of a kind, and those of a namespace, are
/// ranges. Values never hold their own revision.
package protocol KeyValueStore: Sendable {
    /// The last commit; 1 for an empty store, as in etcd.
    var revision: Revision { get async throws(StorageError) }

    /// The pairs of a range, in the order of their keys, as of the latest revision or of the one that is asked for.
    ///
    /// - Throws: `compacted`, `future`, `unavailable`, `corrupt`.
    func range(_ request: RangeRequest) async throws(StorageError) -> RangeResult

    /// Checks all conditions and does all operations, or nothing. When this returns the transaction is durable, and every
    /// watcher has been told.
    ///
    /// - Throws: `conflict` for the first condition that does not hold, with what there is; `duplicateKey`, `noSpace`,
    ///   `unavailable`.
    func commit(_ transaction: Transaction) async throws(StorageError) -> CommitResult

    /// Calls `sink` for every change of a key with the prefix, in the order of revisions, from `start` on. What `start`
    /// brings has been given to the sink when this returns; nothing is missed or repeated after it. Nothing is shown
    /// that is not durable.
    ///
    /// - Throws: `compacted`, `future`, `unavailable`.
    func watch(
        prefix: String, from start: WatchStart, sink: @escaping WatchSink
    ) async throws(StorageError) -> WatchRegistration

    /// Forgets the history before `revision`: a range or a watch from before it gets `compacted`.
    ///
    /// - Throws: `future`, `unavailable`.
    func compact(to revision: Revision) async throws(StorageError)
}

/// The number of a commit: one counter for the whole store.
package typealias Revision = Int64

/// A key with its value. Copies share the bytes.
package struct KeyValue: Sendable, Hashable {
    package let key: String
    package let value: [UInt8]
    /// The commit that made the key.
    package let createRevision: Revision
    /// The last commit that wrote it.
    package let modRevision: Revision
    /// How many times it has been written since it was made: 1 for a new one.
    package let version: Int64

    package init(key: String, value: [UInt8], createRevision: Revision, modRevision: Revision, version: Int64) {
        self.key = key
        self.value = value
        self.createRevision = createRevision
        self.modRevision = modRevision
        self.version = version
    }
}

/// Which keys a read covers.
package struct RangeRequest: Sendable, Hashable {
    package enum Keys: Sendable, Hashable {
        case key(String)
        case prefix(String)
    }

    package var keys: Keys
    /// Only the keys after this one: where a page goes on.
    package var after: String?
    /// At most so many pairs; nil for all.
    package var limit: Int?
    /// The state as of this revision; nil for the latest.
    package var revision: Revision?

    package init(_ keys: Keys, after: String? = nil, limit: Int? = nil, revision: Revision? = nil) {
        self.keys = keys
        self.after = after
        self.limit = limit
        self.revision = revision
    }
}

/// What a read found.
package struct RangeResult: Sendable {
    package let pairs: [KeyValue]
    /// The revision that is shown: a watch from here misses and repeats nothing.
    package let revision: Revision
    /// How many pairs of the range come after those.
    package let remainingCount: Int

    package init(pairs: [KeyValue], revision: Revision, remainingCount: Int) {
        self.pairs = pairs
        self.revision = revision
        self.remainingCount = remainingCount
    }
}

extension KeyValueStore {
    /// The pair under a key; nil where there is none.
    package func get(_ key: String) async throws(StorageError) -> KeyValue? {
        try await range(RangeRequest(.key(key))).pairs.first
    }
}
