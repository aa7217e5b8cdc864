import FoundationEssentials
import Storage
import Testing

@testable import DurableStorage

@Suite("A damaged file")
struct DamageTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("store.db")
    }

    private func fill(_ store: EmbeddedStore) async throws {
        for number in 0..<40 { try await store.put("/\(number % 30)", String(repeating: "\(number)", count: 150)) }
        try await store.delete("/3")
    }

    /// What a copy of the store shows; nil where it is said to be damaged.
    private func open(_ copy: String) async throws -> (pairs: [KeyValue], revision: Revision)? {
        do {
            let store = try EmbeddedStore.open(path: copy)
            let shown = (try await store.all(), store.revision)
            try await store.close()
            return shown
        } catch StorageError.corrupt(let path, let cause) {
            #expect(path == copy)
            #expect(!cause.isEmpty)
            return nil
        }
    }

    @Test("is found at any byte: nothing is ever missing or changed in silence")
    func flips() async throws {
        let store = try EmbeddedStore.open(path: path)
        try await fill(store)
        let pairs = try await store.all()
        try await store.close()
        let intact = try contents(of: path)
        let copy = folder.file("copy.db")
        var found = 0
        let offsets = Array(0..<100) + Array(stride(from: 100, to: intact.count, by: 211))
        for offset in offsets {
            var damaged = intact
            damaged[offset] ^= 0xFF
            try write(damaged, to: copy)
            guard let shown = try await open(copy) else {
                found += 1
                continue
            }
            // Free space, or a field of the header that does not matter.
            #expect(shown.pairs == pairs)
            #expect(shown.revision == 42)
        }
        // The rows are half of the file.
        #expect(found > offsets.count / 3)
    }

    @Test("is found where it is cut off, empty, or another program's")
    func foreign() async throws {
        let store = try EmbeddedStore.open(path: path)
        try await fill(store)
        try await store.close()
        let intact = try contents(of: path)
        let copy = folder.file("copy.db")
        for length in [0, 1, 50, 100, 4096, 8192, intact.count - 4096, intact.count - 1] {
            try write(Array(intact[..<length]), to: copy)
            #expect(try await open(copy) == nil, "\(length) bytes")
            #expect(try contents(of: copy).count == length)
        }
        try write(Array("just some text, and more than a hundred bytes of it".utf8) + intact, to: copy)
        #expect(throws: StorageError.corrupt(path: copy, cause: "it does not begin as a store's file does")) {
            try EmbeddedStore.open(path: copy)
        }
        var other = intact
        other[68] = 0
        try write(other, to: copy)
        #expect(throws: StorageError.corrupt(path: copy, cause: "a database, but not a store's")) {
            try EmbeddedStore.open(path: copy)
        }
        var later = intact
        later[63] = 9
        try write(later, to: copy)
        #expect(
            throws: StorageError.corrupt(
                path: copy, cause: "its format is version 9; this program knows version 1")
        ) { try EmbeddedStore.open(path: copy) }
        #expect(
            throws: StorageError.corrupt(path: copy, cause: "its format is version 9; this program knows version 1")
        ) {
            try Snapshot.status(copy)
        }
    }

    @Test("of the write-ahead log is found; at worst the last commit is taken for one that was never done")
    func log() async throws {
        let store = try EmbeddedStore.open(path: path)
        try await fill(store)
        let pairs = try await store.all()
        let before = try await store.all(at: 41)
        // The log of a process that was killed now.
        let main = try contents(of: path)
        let intact = try contents(of: "\(path)-wal")
        try await store.close()
        let copy = folder.file("copy.db")
        var found = 0
        let offsets = Array(0..<60) + Array(stride(from: 60, to: intact.count, by: 997))
        for offset in offsets {
            var damaged = intact
            damaged[offset] ^= 0x10
            try write(main, to: copy)
            try write(damaged, to: "\(copy)-wal")
            guard let shown = try await open(copy) else {
                found += 1
                #expect(try contents(of: "\(copy)-wal") == damaged, "the evidence is left alone")
                continue
            }
            #expect((shown.revision == 42 && shown.pairs == pairs) || (shown.revision == 41 && shown.pairs == before))
        }
        #expect(found > offsets.count * 8 / 10)
        // Cut off within the last commit: what a loss of power leaves.
        try write(main, to: copy)
        try write(Array(intact.dropLast(100)), to: "\(copy)-wal")
        #expect(try await open(copy)?.revision == 41)
        try FileManager.default.removeItem(atPath: copy)
        try write(intact, to: "\(copy)-wal")
        #expect(try await open(copy) == nil)
    }
}
