import Testing

@testable import Storage

@Suite("Ranges")
struct RangeTests {
    let store = EmbeddedStore()

    @Test("Pages tell how much is left, and go on where the last one ended")
    func pages() async throws {
        for number in 10..<30 { try await store.put("/pods/\(number)", "x") }
        try await store.put("/podsets/1", "x")
        let first = try await store.range(RangeRequest(.prefix("/pods/"), limit: 8))
        #expect(first.pairs.map(\.key) == (10..<18).map { "/pods/\($0)" })
        #expect(first.remainingCount == 12)
        // What is written between the pages is not in the later ones.
        try await store.put("/pods/205", "new")
        try await store.delete("/pods/29")
        var after = first.pairs.last?.key
        var keys = first.pairs.map(\.key)
        while let last = after {
            let page = try await store.range(
                RangeRequest(.prefix("/pods/"), after: last, limit: 8, revision: first.revision))
            #expect(page.revision == first.revision)
            keys += page.pairs.map(\.key)
            #expect(page.remainingCount == 20 - keys.count)
            after = page.remainingCount > 0 ? page.pairs.last?.key : nil
        }
        #expect(keys == (10..<30).map { "/pods/\($0)" })
        #expect(try await store.range(RangeRequest(.prefix("/pods/"), limit: 0)).remainingCount == 20)
    }

    @Test("A range at an older revision shows what was there")
    func past() async throws {
        try await store.put("/a", "one")
        try await store.put("/b", "one")
        try await store.put("/a", "two")
        try await store.delete("/b")
        try await store.put("/b", "three")
        #expect(try await store.texts("/", at: 1) == [])
        #expect(try await store.texts("/", at: 3) == ["/a=one", "/b=one"])
        #expect(try await store.texts("/", at: 5) == ["/a=two"])
        #expect(try await store.texts("/") == ["/a=two", "/b=three"])
        let old = try await store.range(RangeRequest(.key("/b"), revision: 3)).pairs.first
        #expect(old?.createRevision == 3)
        await #expect(throws: StorageError.future(requested: 7, current: 6)) { try await store.texts("/", at: 7) }
    }

    @Test("Behind a compaction there is nothing to read; the revision that it names can be read")
    func compaction() async throws {
        for number in 1...5 { try await store.put("/a", "\(number)") }
        try await store.compact(to: 4)
        try await store.compact(to: 2)
        #expect(try await store.texts("/", at: 4) == ["/a=3"])
        #expect(try await store.texts("/", at: 5) == ["/a=4"])
        await #expect(throws: StorageError.compacted(requested: 3, oldest: 4)) {
            try await store.texts("/", at: 3)
        }
        await #expect(throws: StorageError.compacted(requested: 3, oldest: 4)) {
            try await store.watch(prefix: "/", from: .after(3)) { _ in .more }
        }
        await #expect(throws: StorageError.future(requested: 7, current: 6)) { try await store.compact(to: 7) }
    }

    @Test("The history is bounded in events and in bytes, and forgets whole commits")
    func bounds() async throws {
        let store = EmbeddedStore(history: HistoryLimit(eventCount: 4, bytes: 1000))
        for number in 1...3 {
            _ = try await store.commit(Transaction([.put("/a", [UInt8(number)]), .put("/b", [UInt8(number)])]))
        }
        // Six events: the commit 2 is forgotten.
        await #expect(throws: StorageError.compacted(requested: 1, oldest: 2)) { try await store.texts("/", at: 1) }
        #expect(try await store.range(RangeRequest(.key("/a"), revision: 2)).pairs.map(\.value) == [[1]])
        _ = try await store.commit(Transaction([.put("/a", Array(repeating: 0, count: 995))]))
        await #expect(throws: StorageError.compacted(requested: 3, oldest: 4)) { try await store.texts("/", at: 3) }
        _ = try await store.commit(Transaction([.put("/a", Array(repeating: 0, count: 2000))]))
        #expect(try await store.texts("/", at: store.revision).count == 2)
        await #expect(throws: StorageError.compacted(requested: 5, oldest: 6)) { try await store.texts("/", at: 5) }
    }
}
