import Storage

extension EmbeddedStore {
    /// Opens the store in a file, and makes both the file and its folder where they lack. Beside it lie its write-ahead
    /// log and its lock. The history is kept, too, so that watches go on over a restart.
    ///
    /// - Throws: `corrupt` where the file is not as a store left it, `unavailable` where another process has it open.
    package static func open(
        path: String, history: HistoryLimit = HistoryLimit()
    ) throws(StorageError) -> EmbeddedStore {
        let file = StoreFile(path)
        try file.makeFolder()
        let lock = try file.takeLock()
        if file.exists { try file.check() } else { try file.make() }
        let (journal, contents) = try SQLiteJournal.open(path, lock: lock, history: history)
        return EmbeddedStore(journal: journal, contents: contents)
    }
}
