import FoundationEssentials
import Storage
import Testing

@testable import DurableStorage

@Suite("A store on disk that is opened again")
struct ReopeningTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("data/store.db")
    }

    @Test("goes on where it was: pairs, revision, and the past")
    func reopen() async throws {
        var store = try EmbeddedStore.open(path: path)
        try await store.put("/a", "one")
        try await store.put("/a", "two")
        try await store.put("/b\0\u{e9}", "")
        try await store.delete("/b\0\u{e9}")
        try await store.put("/c", "three")
        let pairs = try await store.all()
        let past = try await store.all(at: 4)
        let events = try await store.replay(after: 1)
        try await store.close()
        await #expect(throws: StorageError.unavailable("the store is closed")) { try await store.put("/a", "x") }
        #expect(try await store.all() == pairs)

        store = try EmbeddedStore.open(path: path)
        #expect(store.revision == 6)
        #expect(try await store.all() == pairs)
        #expect(try await store.all(at: 4) == past)
        let replayed = try await store.replay(after: 1)
        #expect(replayed.map(\.pair) == events.map(\.pair))
        #expect(replayed.map(\.previous) == events.map(\.previous))
        #expect(try await store.put("/a", "four") == 7)
        #expect(try await store.get("/a")?.version == 3)
        try await store.close()
    }

    @Test("has forgotten what was compacted, and only that")
    func compaction() async throws {
        var store = try EmbeddedStore.open(path: path)
        for number in 0..<5 { try await store.put("/a", "\(number)") }
        try await store.delete("/a")
        try await store.put("/b", "last")
        try await store.delete("/b")
        try await store.compact(to: 7)
        await #expect(throws: StorageError.future(requested: 100, current: 9)) { try await store.compact(to: 100) }
        try await store.close()
        store = try EmbeddedStore.open(path: path)
        await #expect(throws: StorageError.compacted(requested: 6, oldest: 7)) { try await store.replay(after: 6) }
        #expect(try await store.replay(after: 7).map(\.kind) == [.added, .deleted])
        try await store.compact(to: 9)
        try await store.close()
        store = try EmbeddedStore.open(path: path)
        #expect(store.revision == 9)
        #expect(try await store.all().isEmpty)
        #expect(try await store.put("/a", "new") == 10)
        try await store.close()
    }

    @Test("keeps no more of the past than its limit, however often it is written")
    func bounds() async throws {
        let limit = HistoryLimit(eventCount: 100)
        var store = try EmbeddedStore.open(path: path, history: limit)
        try await store.put("/old", "stays")
        let value = String(repeating: "x", count: 3000)
        for round in 0..<4 {
            await withTaskGroup { group in
                for number in 0..<500 {
                    group.addTask { [store] in _ = try? await store.put("/\(number % 50)", "\(round)\(value)") }
                }
            }
            try await store.close()
            // 50 pairs, 100 events, and some that are about to leave, of 3 KB each, and free pages.
            #expect(try contents(of: path).count < 3 << 20)
            store = try EmbeddedStore.open(path: path, history: limit)
            #expect(store.revision == Revision(2 + 500 * (round + 1)))
            #expect(try await store.all().count == 51)
            #expect(try await store.replay(after: store.revision - 90).count == 90)
            await #expect(throws: StorageError.self) { try await store.replay(after: store.revision - 200) }
        }
        try await store.close()
    }

    @Test("is open once, and tells who has it")
    func lock() async throws {
        let store = try EmbeddedStore.open(path: path)
        let process = ProcessInfo.processInfo.processIdentifier
        #expect(throws: StorageError.unavailable("\(path): in use by process \(process)")) {
            try EmbeddedStore.open(path: path)
        }
        // A snapshot can be taken, but no store made in its place.
        let snapshot = folder.file("snapshot")
        #expect(try Snapshot.save(storeAt: path, to: snapshot).revision == 1)
        #expect(throws: StorageError.unavailable("\(path): in use by process \(process)")) {
            try Snapshot.restore(from: snapshot, to: path)
        }
        try await store.close()
        try await EmbeddedStore.open(path: path).close()
    }

    @Test("is its owner's alone")
    func owner() async throws {
        let store = try EmbeddedStore.open(path: path)
        try await store.put("/a", "x")
        #expect(try permissions(folder.file("data")) == "700")
        for file in [path, "\(path)-wal", "\(path).lock"] { #expect(try permissions(file) == "600", "\(file)") }
        try await store.close()
    }

    @Test("gathers what many write at once, and answers each")
    func concurrency() async throws {
        let store = try EmbeddedStore.open(path: path)
        let tape = Tape()
        _ = try await store.watch(prefix: "/", from: .now, sink: tape.sink)
        let conflicts = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let key = "/\(number / 2)"
                    do {
                        let result = try await store.commit(Transaction(if: [.absent(key)], [.put(key, [])]))
                        return try await store.get(key)?.modRevision != result.revision
                    } catch StorageError.conflict { return true }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(conflicts == 100)
        #expect(store.revision == 101)
        #expect(tape.events.map(\.revision) == Array(2...101))
        try await store.close()
    }
}
