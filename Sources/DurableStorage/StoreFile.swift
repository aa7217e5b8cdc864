import FoundationEssentials
import Netlink
import Storage

/// The file of a store, with what lies beside it: SQLite's write-ahead log and the lock.
///
/// A file comes into being whole: it is made under another name, synced, renamed, and its folder is synced.
struct StoreFile {
    private static let smallestPageBytes = 512

    let path: String
    private let folder: String
    private let name: String

    init(_ path: String) {
        self.path = path
        folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Makes the folder, for its owner alone, where it lacks.
    func makeFolder() throws(StorageError) { try Self.makeFolder(folder) }

    private static func makeFolder(_ path: String) throws(StorageError) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let parent = StoreFile(path).folder
        try makeFolder(parent)
        try call(path) { () throws(SystemError) in
            try Directory.make(path)
            try Directory.open(parent)?.synchronize()
        }
    }

    /// Keeps other processes away from the file.
    ///
    /// - Throws: `unavailable`, which names the process that has it.
    func takeLock() throws(StorageError) -> FileLock {
        do throws(FileLock.Failure) { return try FileLock(path: "\(path).lock") } catch {
            switch error {
            case .held(let processID):
                throw .unavailable("\(path): in use by \(processID.map { "process \($0)" } ?? "another process")")
            case .system(let error): throw Self.error(error, path)
            }
        }
    }

    /// As `takeLock`; nil where another process has it.
    func takeLockIfFree() throws(StorageError) -> FileLock? {
        do throws(FileLock.Failure) { return try FileLock(path: "\(path).lock") } catch {
            switch error {
            case .held: return nil
            case .system(let error): throw Self.error(error, path)
            }
        }
    }

    /// Makes the file, in place of one that is there.
    ///
    /// - Parameter temporaryName: What it is called until it is whole; a file of that name is removed.
    /// - Throws: `noSpace`, `unavailable`.
    func make(_ temporaryName: String, pairs: [KeyValue], revision: Revision) throws(StorageError) {
        guard let directory = try Self.call(path, { () throws(SystemError) in try Directory.open(folder) }) else {
            throw .unavailable("\(path): there is no directory \(folder)")
        }
        let temporary = "\(folder)/\(temporaryName)"
        do throws(StorageError) {
            try Self.call(temporary) { () throws(SystemError) in
                try directory.removeFile(temporaryName)
                try directory.removeFile("\(temporaryName)-journal")
                _ = try directory.openFile(temporaryName, creating: true)
            }
            try SQLiteJournal.make(temporary, pairs: pairs, revision: revision)
            try Self.call(path) { () throws(SystemError) in
                try directory.rename(temporaryName, to: name)
                try directory.synchronize()
            }
        } catch {
            // The first error is the one to tell.
            try? directory.removeFile(temporaryName)
            try? directory.removeFile("\(temporaryName)-journal")
            throw error
        }
    }

    /// Makes the file of a new store, under the store's lock.
    func make(pairs: [KeyValue] = [], revision: Revision = 1) throws(StorageError) {
        // SQLite would take a log without its database for rubbish, and remove it.
        guard !FileManager.default.fileExists(atPath: "\(path)-wal") else {
            throw .corrupt(path: path, cause: "it is missing, and its write-ahead log is there")
        }
        try make(".\(name).new", pairs: pairs, revision: revision)
    }

    /// Makes a file beside which others may make the same one.
    func makeUnlocked(pairs: [KeyValue], revision: Revision) throws(StorageError) {
        try make(".\(name).\(UInt64.random(in: 0 ... .max))", pairs: pairs, revision: revision)
    }

    /// Looks for damage that SQLite would not tell of, before it opens the file.
    ///
    /// - Throws: `corrupt`, `unavailable`.
    func check() throws(StorageError) {
        // SQLite takes a file that is cut off before its first page for a new database, and writes to it.
        let header = try Self.call(path) { () throws(SystemError) in
            try Directory.open(folder)?.openFile(name)?.read(at: 0, byteCount: Self.smallestPageBytes)
        }
        guard let header, header.count == Self.smallestPageBytes, header.starts(with: "SQLite format 3\0".utf8) else {
            throw .corrupt(path: path, cause: "it does not begin as a store's file does")
        }
        let log = "\(path)-wal"
        guard FileManager.default.fileExists(atPath: log) else { return }
        let bytes = try Self.call(log) { () throws(SystemError) in
            try FileContents.read(log, limitBytes: 1 << 32)
        }
        if let damage = WriteAheadLog.damage(in: bytes) { throw .corrupt(path: path, cause: damage) }
    }

    /// The file's length.
    func sizeBytes() throws(StorageError) -> Int {
        try Self.call(path) { () throws(SystemError) in try FileContents.byteCount(path) }
    }

    private static func call<Value: ~Copyable>(
        _ path: String, _ body: () throws(SystemError) -> Value
    ) throws(StorageError) -> Value {
        do throws(SystemError) { return try body() } catch { throw self.error(error, path) }
    }

    private static func error(_ error: SystemError, _ path: String) -> StorageError {
        error.isNoSpace ? .noSpace(path: path) : .unavailable(error.description)
    }
}
