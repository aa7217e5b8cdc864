import Storage

/// What a snapshot holds.
package struct SnapshotStatus: Sendable, Hashable {
    /// Of all that it holds.
    package let hash: UInt64
    package let revision: Revision
    package let totalKeys: Int
    /// The file's length.
    package let totalSizeBytes: Int
}

/// A store at one revision, in a file that is whole or not there. It is a store's file without a past.
package enum Snapshot {
    /// Writes what a store holds at one revision, also while a process has it open and commits to it.
    ///
    /// - Throws: `corrupt`, `noSpace`, `unavailable`.
    package static func save(storeAt path: String, to target: String) throws(StorageError) -> SnapshotStatus {
        let file = StoreFile(path)
        guard file.exists else { throw .unavailable("\(path): there is no store") }
        // Of a running process SQLite shows what it has committed when the reading begins (write-ahead log), and no more.
        guard let lock = try file.takeLockIfFree() else {
            let (totals, contents) = try SQLiteJournal.read(path)
            return try save(contents.pairs, totals.revision, to: target)
        }
        try file.check()
        let (journal, contents) = try SQLiteJournal.open(path, lock: lock, history: HistoryLimit())
        let status = try save(contents.pairs, contents.revision, to: target)
        try journal.close()
        return status
    }

    /// Reads a snapshot, all of it.
    ///
    /// - Throws: `corrupt`, `unavailable`.
    package static func status(_ path: String) throws(StorageError) -> SnapshotStatus { try read(path).status }

    /// Makes a store of a snapshot where there is none.
    ///
    /// - Parameter revisionBump: By how much the store's revision is higher than the snapshot's: what the store that was
    ///   saved has committed since. No client then takes a revision of the new store for one of the old.
    /// - Throws: `corrupt`, `noSpace`, `unavailable`: also where there is a file already.
    package static func restore(
        from path: String, to target: String, revisionBump: Revision = 0
    ) throws(StorageError) -> SnapshotStatus {
        let (status, pairs) = try read(path)
        let file = StoreFile(target)
        try file.makeFolder()
        let lock = try file.takeLock()
        guard !file.exists else { throw .unavailable("\(target): exists, and is not replaced") }
        let (revision, isTooHigh) = status.revision.addingReportingOverflow(max(revisionBump, 0))
        guard !isTooHigh, revision < 1 << 42 else { throw .unavailable("\(target): revision \(revision) is too high") }
        try file.make(pairs: pairs, revision: revision)
        _ = consume lock
        return status
    }

    static func save(_ pairs: [KeyValue], _ revision: Revision, to target: String) throws(StorageError)
        -> SnapshotStatus
    {
        try StoreFile(target).makeUnlocked(pairs: pairs, revision: revision)
        return try status(target)
    }

    private static func read(_ path: String) throws(StorageError) -> (status: SnapshotStatus, pairs: [KeyValue]) {
        let file = StoreFile(path)
        guard file.exists else { throw .unavailable("\(path): there is no snapshot") }
        let sizeBytes = try file.sizeBytes()
        guard sizeBytes > 0 else { throw .corrupt(path: path, cause: "the file is empty") }
        let (totals, contents) = try SQLiteJournal.read(path)
        let pairs = contents.pairs
        return (
            SnapshotStatus(
                hash: totals.checksum, revision: totals.revision, totalKeys: pairs.count, totalSizeBytes: sizeBytes),
            pairs
        )
    }
}

extension EmbeddedStore {
    /// Writes what the store shows at this moment to a file, in place of one that is there; commits go on.
    ///
    /// - Throws: `noSpace`, `unavailable`.
    package func saveSnapshot(to path: String) throws(StorageError) -> SnapshotStatus {
        let (pairs, revision) = contents()
        return try Snapshot.save(pairs, revision, to: path)
    }
}
