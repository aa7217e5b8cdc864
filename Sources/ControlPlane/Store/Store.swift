import KubeAPI

/// The objects of the cluster, with one revision counter, compare-and-set and watches.
///
/// The interface of every store: in memory, embedded and durable, or etcd. Objects go in and come out decoded; a store
/// of bytes encodes them itself. Whatever comes out has `metadata.resourceVersion` equal to its `modRevision`.
package protocol Store: Sendable {
    /// The last commit.
    var revision: Revision { get async throws(StoreError) }

    /// The object under `key`; nil where there is none.
    func get(_ key: ObjectKey) async throws(StoreError) -> StoredObject?

    /// The objects of one kind.
    ///
    /// - Throws: `compacted`, `future`, `invalidContinueToken`.
    func list(_ type: any KubernetesObject.Type, _ options: ListOptions) async throws(StoreError) -> ObjectList

    /// Checks the conditions and applies all operations, or nothing. Every sink has been called when this returns.
    ///
    /// - Throws: `conflict` for the first condition that does not hold, `duplicateKey`.
    func commit(_ transaction: Transaction) async throws(StoreError) -> CommitResult

    /// Calls `sink` for every change that `scope` covers, in the order of revisions, beginning at `start`. What `start`
    /// brings has been given to the sink when this returns, and nothing is missed or repeated after it.
    ///
    /// - Returns: the registration that ends the watch, with the revision up to which the sink has been called.
    /// - Throws: `compacted`, `future`.
    func watch(
        _ scope: WatchScope, from start: WatchStart, sink: @escaping WatchSink
    ) async throws(StoreError) -> WatchRegistration

    /// Forgets the history up to `revision`: a list or a watch from before it gets 410 Gone.
    ///
    /// - Throws: `future`.
    func compact(to revision: Revision) async throws(StoreError)
}
