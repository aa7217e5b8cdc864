import FoundationEssentials
import Netlink
import Storage
import Synchronization
import TestSupport

/// A folder of a test's own; it goes with the test. It is in memory where there is such a file system: a kill leaves the
/// same there, and nobody waits for a disk.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let memory = "/dev/shm"
        let parent = FileManager.default.fileExists(atPath: memory) ? memory : "/tmp"
        path = "\(parent)/fairlead-store-test-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// What a watch has been told, in order.
final class Tape: Sendable {
    private let recorded = Mutex<[StorageEvent]>([])

    var events: [StorageEvent] { recorded.withLock { $0 } }
    var texts: [String] { events.map { "\($0.kind) \($0.pair.key) @\($0.revision)" } }

    var sink: WatchSink {
        { event in
            self.recorded.withLock { $0.append(event) }
            return .more
        }
    }
}

extension KeyValueStore {
    @discardableResult
    func put(_ key: String, _ value: String) async throws(StorageError) -> Revision {
        try await commit(Transaction([.put(key, Array(value.utf8))])).revision
    }

    @discardableResult
    func delete(_ key: String) async throws(StorageError) -> Revision {
        try await commit(Transaction([.delete(key)])).revision
    }

    func all(at revision: Revision? = nil) async throws(StorageError) -> [KeyValue] {
        try await range(RangeRequest(.prefix(""), revision: revision)).pairs
    }

    /// What a watch from a revision is told at once.
    func replay(after revision: Revision) async throws(StorageError) -> [StorageEvent] {
        let tape = Tape()
        try await watch(prefix: "", from: .after(revision), sink: tape.sink).cancel()
        return tape.events
    }
}

func contents(of path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }

func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

/// `600`.
func permissions(_ path: String) throws -> String {
    try String(Tool.run("stat", "-c", "%a", path, in: NetworkNamespace.current()).dropLast())
}
