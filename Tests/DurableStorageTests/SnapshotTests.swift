import FoundationEssentials
import Storage
import Testing

@testable import DurableStorage

@Suite("Snapshots")
struct SnapshotTests {
    let folder: TemporaryFolder
    let path: String
    let snapshot: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.db")
        snapshot = folder.file("snapshot")
    }

    @Test("of a running store, and of the file of a stopped one, hold the same; a store is made of them")
    func roundTrip() async throws {
        let store = try EmbeddedStore.open(path: path)
        for number in 0..<300 { try await store.put("/\(number % 200)", "\(number)") }
        try await store.delete("/7")
        let status = try store.saveSnapshot(to: snapshot)
        #expect(status.revision == 302)
        #expect(status.totalKeys == 199)
        #expect(status.totalSizeBytes == (try contents(of: snapshot)).count)
        #expect(try Snapshot.status(snapshot) == status)
        #expect(try permissions(snapshot) == "600")
        let pairs = try await store.all()
        // It is of one moment, whatever comes later.
        try await store.put("/later", "")
        try await store.delete("/later")
        try await store.compact(to: 304)
        try await store.close()
        let other = try Snapshot.save(storeAt: path, to: folder.file("other"))
        #expect(other.totalKeys == 199)
        #expect(other.revision == 304)
        #expect(other.hash != status.hash)

        let restored = folder.file("new/store.db")
        #expect(try Snapshot.restore(from: snapshot, to: restored, revisionBump: 1000) == status)
        let second = try EmbeddedStore.open(path: restored)
        #expect(second.revision == 1302)
        #expect(try await second.all() == pairs)
        await #expect(throws: StorageError.compacted(requested: 302, oldest: 1302)) {
            try await second.replay(after: 302)
        }
        #expect(try await second.put("/7", "again") == 1303)
        try await second.close()
        #expect(throws: StorageError.unavailable("\(restored): exists, and is not replaced")) {
            try Snapshot.restore(from: snapshot, to: restored)
        }
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
                == ["new", "other", "snapshot", "store.db", "store.db.lock"])
    }

    @Test("of a store that another process writes to are of one revision each, with all that it holds then")
    func duringWrites() async throws {
        let store = try EmbeddedStore.open(path: path)
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Each transaction writes a pair: what is torn would have two values, or a sum that is not the file's.
            for task in 0..<4 {
                group.addTask {
                    for number in 0..<400 {
                        let value = Array("\(number)".utf8)
                        _ = try await store.commit(
                            Transaction([.put("/\(task)/left", value), .put("/\(task)/right", value)]))
                    }
                }
            }
            var last: Revision = 0
            for number in 0..<20 {
                let before = store.revision
                let target = folder.file("snapshot\(number)")
                let status = try Snapshot.save(storeAt: path, to: target)
                #expect(status.revision >= max(before, last))
                last = status.revision
                let restored = folder.file("restored\(number).db")
                _ = try Snapshot.restore(from: target, to: restored)
                let copy = try EmbeddedStore.open(path: restored)
                let pairs = try await copy.all()
                for pair in stride(from: 0, to: pairs.count, by: 2) {
                    #expect(pairs[pair].value == pairs[pair + 1].value)
                }
                try await copy.close()
            }
            try await group.waitForAll()
        }
        try await store.close()
        #expect(try Snapshot.save(storeAt: path, to: snapshot).revision == 1601)
    }

    @Test("replace an older one as a whole, and leave it where they fail")
    func replacement() async throws {
        let store = EmbeddedStore()
        try await store.put("/a", "1")
        let first = try store.saveSnapshot(to: snapshot)
        try await store.put("/a", "2")
        #expect(try store.saveSnapshot(to: snapshot).revision == 3)
        #expect(throws: StorageError.self) { try store.saveSnapshot(to: folder.file("nowhere/snapshot")) }
        #expect(try Snapshot.status(snapshot).hash != first.hash)
    }

    @Test("that are damaged are neither described nor restored")
    func damage() async throws {
        let store = EmbeddedStore()
        for number in 0..<20 { try await store.put("/\(number)", String(repeating: "v", count: 300)) }
        _ = try store.saveSnapshot(to: snapshot)
        var bytes = try contents(of: snapshot)
        bytes[bytes.count - 100] ^= 1
        try write(bytes, to: snapshot)
        #expect(throws: StorageError.self) { try Snapshot.status(snapshot) }
        #expect(throws: StorageError.self) { try Snapshot.restore(from: snapshot, to: path) }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: StorageError.unavailable("\(path): there is no store")) {
            try Snapshot.save(storeAt: path, to: snapshot)
        }
    }
}
