import Testing

@testable import Storage

@Suite("Transactions")
struct TransactionTests {
    let store = EmbeddedStore()

    @Test("An empty store is at revision 1, and a transaction that changes nothing leaves it there")
    func empty() async throws {
        #expect(store.revision == 1)
        let result = try await store.commit(Transaction([.delete("/a")]))
        #expect(result.revision == 1)
        #expect(result.events.isEmpty)
        #expect(try await store.commit(Transaction([])).revision == 1)
    }

    @Test("A pair counts its writes, and a deletion ends them")
    func versions() async throws {
        try await store.put("/a", "one")
        try await store.put("/a", "two")
        let pair = try #require(try await store.get("/a"))
        #expect(pair.createRevision == 2)
        #expect(pair.modRevision == 3)
        #expect(pair.version == 2)
        let deletion = try await store.commit(Transaction([.delete("/a")])).events
        #expect(deletion.map(\.text) == ["deleted /a=two @4"])
        #expect(deletion.first?.previous == pair)
        try await store.put("/a", "three")
        #expect(try await store.get("/a")?.version == 1)
        #expect(try await store.get("/a")?.createRevision == 5)
    }

    @Test("The writes of a transaction share a revision")
    func several() async throws {
        try await store.put("/b", "old")
        let result = try await store.commit(
            Transaction([.put("/a", [1]), .delete("/b"), .put("/c", [3]), .delete("/missing")]))
        #expect(result.revision == 3)
        #expect(result.events.map(\.kind) == [.added, .deleted, .added])
        #expect(result.events.allSatisfy { $0.revision == 3 })
    }

    @Test("A condition that does not hold tells what is there, and nothing is written")
    func conditions() async throws {
        try await store.put("/a", "one")
        let found = try await store.get("/a")
        await #expect(throws: StorageError.conflict(key: "/a", expected: nil, found: found)) {
            try await store.commit(Transaction(if: [.absent("/b"), .absent("/a")], [.put("/b", [])]))
        }
        await #expect(throws: StorageError.conflict(key: "/a", expected: 1, found: found)) {
            try await store.commit(Transaction(if: [.unchanged("/a", since: 1)], [.put("/b", [])]))
        }
        await #expect(throws: StorageError.conflict(key: "/b", expected: 2, found: nil)) {
            try await store.commit(Transaction(if: [.unchanged("/b", since: 2)], [.put("/b", [])]))
        }
        #expect(store.revision == 2)
        #expect(try await store.get("/b") == nil)
        let result = try await store.commit(
            Transaction(if: [.unchanged("/a", since: 2), .absent("/b")], [.put("/b", []), .delete("/a")]))
        #expect(result.revision == 3)
    }

    @Test("A key is written once in a transaction")
    func duplicates() async throws {
        await #expect(throws: StorageError.duplicateKey("/a")) {
            try await store.commit(Transaction([.put("/a", []), .put("/b", []), .delete("/a")]))
        }
        #expect(store.revision == 1)
    }

    @Test("Transactions that are worked out together see each other; one that fails leaves no trace in the others")
    func draft() throws {
        var draft = Draft(over: SortedPairs(), at: 1)
        _ = try draft.add(Transaction(if: [.absent("/a")], [.put("/a", [1])]))
        #expect(throws: StorageError.self) {
            try draft.add(Transaction(if: [.absent("/a")], [.put("/a", [2]), .put("/b", [2])]))
        }
        _ = try draft.add(Transaction(if: [.unchanged("/a", since: 2)], [.delete("/a")]))
        _ = try draft.add(Transaction(if: [.absent("/a")], [.put("/a", [3])]))
        #expect(draft.revision == 4)
        #expect(draft.events.map(\.kind) == [.added, .deleted, .added])
    }
}
