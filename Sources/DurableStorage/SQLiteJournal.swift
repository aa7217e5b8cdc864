import FoundationEssentials
import GRDB
import Netlink
import Storage
import Synchronization

/// A journal in a SQLite database: a row for each write and each deletion since the oldest revision, and for each pair
/// that is older. Rows are added at the end, and leave it when nobody can ask for them any more.
///
/// `PRAGMA synchronous = FULL` syncs the write-ahead log in each commit. The file's lock is taken before, by `StoreFile`.
final class SQLiteJournal: Journal {
    private let database: DatabaseQueue
    private let path: String
    private let lock: Mutex<FileLock?>
    private let status: Mutex<Status>

    private struct Status {
        var totals: RowTotals
        /// Why nothing can be written any more: what a failed sync has left on the disk is unknown.
        var failure: StorageError?
    }

    private init(_ database: DatabaseQueue, path: String, totals: RowTotals, lock: consuming FileLock) {
        self.database = database
        self.path = path
        self.lock = Mutex(lock)
        status = Mutex(Status(totals: totals))
    }

    /// Opens a store's file for writing, and reads all of it.
    ///
    /// - Throws: `corrupt`, `noSpace`, `unavailable`.
    static func open(
        _ path: String, lock: consuming FileLock, history: HistoryLimit
    ) throws(StorageError) -> (journal: SQLiteJournal, contents: StoreContents) {
        let queue: DatabaseQueue
        let totals: RowTotals
        let contents: StoreContents
        do {
            queue = try DatabaseQueue(
                path: path,
                configuration: configuration([
                    // Not exclusive: a snapshot is taken by another process. The lock keeps other writers out.
                    "journal_mode = WAL", "synchronous = FULL", "cell_size_check = ON",
                ]))
            (totals, contents) = try queue.writeWithoutTransaction { try read($0, path, history) }
        } catch { throw self.error(error, path) }
        return (SQLiteJournal(queue, path: path, totals: totals, lock: lock), contents)
    }

    /// Reads a file as of its last commit; others may write to it meanwhile.
    ///
    /// - Throws: `corrupt`, `unavailable`.
    static func read(_ path: String) throws(StorageError) -> (totals: RowTotals, contents: StoreContents) {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration([], readonly: true))
            defer { try? queue.close() }
            return try queue.read { try read($0, path, HistoryLimit()) }
        } catch { throw self.error(error, path) }
    }

    /// Makes a file in place of an empty one. When this returns the file is all there is, and durable.
    ///
    /// - Throws: `noSpace`, `unavailable`.
    static func make(_ path: String, pairs: [KeyValue], revision: Revision) throws(StorageError) {
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration(["synchronous = FULL"]))
            try queue.write { database in
                try database.execute(sql: schema)
                var totals = RowTotals(revision: revision, oldestRevision: revision)
                var place = RowPlace()
                for pair in pairs.sorted(by: { $0.modRevision < $1.modRevision }) {
                    try insert(pair, at: &place, &totals, database)
                }
                try setTotals(totals, database)
            }
            try queue.close()
        } catch { throw self.error(error, path) }
    }

    func async(_ work: @escaping @Sendable (any JournalWriter) -> Void) {
        database.asyncWriteWithoutTransaction { database in work(Writer(journal: self, database: database)) }
    }

    func close() throws(StorageError) {
        do { try database.close() } catch { throw Self.error(error, path) }
        lock.withLock { $0 = nil }
    }

    /// The journal on its own thread.
    private struct Writer: JournalWriter {
        let journal: SQLiteJournal
        let database: Database

        func write(_ entry: JournalEntry) throws(StorageError) {
            var status = journal.status.withLock { $0 }
            if let failure = status.failure { throw failure }
            do {
                try database.inTransaction(.immediate) {
                    try SQLiteJournal.write(entry, &status.totals, database)
                    return .commit
                }
            } catch {
                let reason = SQLiteJournal.error(error, journal.path)
                if SQLiteJournal.isLasting(error) { journal.status.withLock { $0.failure = reason } }
                throw reason
            }
            let totals = status.totals
            journal.status.withLock { $0.totals = totals }
        }
    }
}

// MARK: - Rows

/// A row's id: its revision, and its place among the writes of that.
private struct RowPlace {
    private static let bits: Int64 = 20

    private var revision: Revision = 0
    private var ordinal: Int64 = 0

    /// The next id of the revision, which is not below those before.
    mutating func next(_ revision: Revision) throws(StorageError) -> Int64 {
        ordinal = revision == self.revision ? ordinal + 1 : 0
        self.revision = revision
        guard ordinal < 1 << Self.bits else {
            throw .unavailable("a transaction with more than \(1 << Self.bits) writes")
        }
        return revision << Self.bits | ordinal
    }

    /// All ids of a revision.
    static func ids(of revision: Revision) -> Range<Int64> { revision << bits..<(revision + 1) << bits }

    static func revision(of id: Int64) -> Revision { id >> bits }
}

extension SQLiteJournal {
    /// "FALD": what `PRAGMA application_id` says of our files.
    private static let applicationID = 0x4641_4C44
    private static let formatVersion = 1

    /// A deletion is a row of version 0. The keys are bytes: SQLite's texts end at a zero.
    private static let schema = """
        PRAGMA application_id = \(applicationID);
        PRAGMA user_version = \(formatVersion);
        CREATE TABLE pair(
            id INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB NOT NULL, created INTEGER NOT NULL,
            version INTEGER NOT NULL, checksum INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE state(
            id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL, oldest INTEGER NOT NULL,
            count INTEGER NOT NULL, sum INTEGER NOT NULL, checksum INTEGER NOT NULL
        ) STRICT;
        """

    private static func configuration(_ pragmas: [String], readonly: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.foreignKeysEnabled = false
        configuration.label = "fairlead.store"
        configuration.prepareDatabase { database in
            for pragma in pragmas { try database.execute(sql: "PRAGMA \(pragma)") }
        }
        return configuration
    }

    private static func write(_ entry: JournalEntry, _ totals: inout RowTotals, _ database: Database) throws {
        for event in entry.forgotten {
            if let previous = event.previous { try remove(previous, &totals, database) }
            if event.kind == .deleted { try remove(event.row, &totals, database) }
        }
        var place = RowPlace()
        for event in entry.events {
            try insert(event.row, at: &place, &totals, database)
            totals.revision = event.revision
        }
        if let oldest = entry.oldestRevision { totals.oldestRevision = oldest }
        try setTotals(totals, database)
    }

    private static func insert(
        _ pair: KeyValue, at place: inout RowPlace, _ totals: inout RowTotals, _ database: Database
    ) throws {
        let checksum = RowChecksum.row(pair)
        let statement = try database.cachedStatement(sql: "INSERT INTO pair VALUES (?, ?, ?, ?, ?, ?)")
        statement.setUncheckedArguments([
            try place.next(pair.modRevision), Data(pair.key.utf8), Data(pair.value), pair.createRevision, pair.version,
            Int64(bitPattern: checksum),
        ])
        try statement.execute()
        totals.add(checksum)
    }

    private static func remove(_ pair: KeyValue, _ totals: inout RowTotals, _ database: Database) throws {
        let ids = RowPlace.ids(of: pair.modRevision)
        let statement = try database.cachedStatement(sql: "DELETE FROM pair WHERE id >= ? AND id < ? AND key = ?")
        statement.setUncheckedArguments([ids.lowerBound, ids.upperBound, Data(pair.key.utf8)])
        try statement.execute()
        guard database.changesCount == 1 else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "no row for \(pair.key) at revision \(pair.modRevision)")
        }
        totals.remove(RowChecksum.row(pair))
    }

    private static func setTotals(_ totals: RowTotals, _ database: Database) throws {
        let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO state VALUES (1, ?, ?, ?, ?, ?)")
        statement.setUncheckedArguments([
            totals.revision, totals.oldestRevision, totals.count, Int64(bitPattern: totals.sum),
            Int64(bitPattern: totals.checksum),
        ])
        try statement.execute()
    }

    private static func read(
        _ database: Database, _ path: String, _ history: HistoryLimit
    ) throws -> (RowTotals, StoreContents) {
        func corrupt(_ cause: String) -> StorageError { .corrupt(path: path, cause: cause) }
        guard try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID else {
            throw corrupt("a database, but not a store's")
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version == formatVersion else {
            throw corrupt("its format is version \(version); this program knows version \(formatVersion)")
        }
        guard let totals = try totals(database) else { throw corrupt("its totals do not match their checksum") }
        var contents = StoreContents(history: history, oldestRevision: totals.oldestRevision)
        var found = RowTotals(revision: totals.revision, oldestRevision: totals.oldestRevision)
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, key, value, created, version, checksum FROM pair ORDER BY id")
        while let row = try rows.next() {
            guard let (pair, checksum) = pair(row), checksum == RowChecksum.row(pair) else {
                throw corrupt("row \(found.count + 1) does not match its checksum")
            }
            found.add(checksum)
            if pair.version > 0 {
                contents.add(pair)
            } else if !contents.addDeletion(of: pair.key, at: pair.modRevision) {
                throw corrupt("\(pair.key) is deleted at revision \(pair.modRevision), and did not exist")
            }
        }
        guard found == totals, contents.revision == totals.revision else {
            throw corrupt("\(found.count) rows up to revision \(contents.revision); its totals tell of others")
        }
        return (totals, contents)
    }

    /// Nil where they do not match their checksum.
    private static func totals(_ database: Database) throws -> RowTotals? {
        let row = try Row.fetchOne(database, sql: "SELECT revision, oldest, count, sum, checksum FROM state")
        guard let row else { return nil }
        let numbers = (0..<5).compactMap { Int64.fromDatabaseValue(row[$0]) }
        guard numbers.count == 5 else { return nil }
        let totals = RowTotals(
            revision: numbers[0], oldestRevision: numbers[1], count: numbers[2], sum: UInt64(bitPattern: numbers[3]))
        return totals.checksum == UInt64(bitPattern: numbers[4]) ? totals : nil
    }

    /// Nil where a column is not what we write there.
    private static func pair(_ row: Row) -> (KeyValue, checksum: UInt64)? {
        guard let id = Int64.fromDatabaseValue(row[0]), let key = Data.fromDatabaseValue(row[1]),
            let value = Data.fromDatabaseValue(row[2]), let created = Int64.fromDatabaseValue(row[3]),
            let version = Int64.fromDatabaseValue(row[4]), let checksum = Int64.fromDatabaseValue(row[5])
        else { return nil }
        let pair = KeyValue(
            key: String(decoding: key, as: UTF8.self), value: [UInt8](value), createRevision: created,
            modRevision: RowPlace.revision(of: id), version: version)
        return (pair, UInt64(bitPattern: checksum))
    }

    /// Whether the disk itself has failed: what it has then is unknown, and another attempt could hide what is lost.
    private static func isLasting(_ error: any Error) -> Bool {
        guard !isNoSpace(error) else { return false }
        return switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB: true
        default: false
        }
    }

    /// The log's index, which lies beside it, can be what there is no room for.
    private static func isNoSpace(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return error.resultCode == .SQLITE_FULL || error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
    }

    /// What SQLite's result codes mean to a store (https://www.sqlite.org/rescode.html).
    private static func error(_ error: any Error, _ path: String) -> StorageError {
        if let error = error as? StorageError { return error }
        guard let error = error as? DatabaseError else { return .unavailable("\(path): \(error)") }
        let cause = error.message ?? error.resultCode.description
        if isNoSpace(error) { return .noSpace(path: path) }
        return switch error.resultCode {
        // SQLITE_ERROR: a table or a column that our files have is not there.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR: .corrupt(path: path, cause: cause)
        default: .unavailable("\(path): \(cause) (\(error.extendedResultCode.rawValue))")
        }
    }
}

extension StorageEvent {
    /// What is written of the event.
    fileprivate var row: KeyValue {
        guard kind == .deleted else { return pair }
        return KeyValue(key: pair.key, value: [], createRevision: 0, modRevision: revision, version: 0)
    }
}
