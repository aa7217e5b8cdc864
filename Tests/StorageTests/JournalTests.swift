import Synchronization
import Testing

@testable import Storage

@Suite("A store with a journal")
struct JournalTests {
    /// A journal that keeps what is written, or refuses it.
    private final class Notebook: Journal {
        struct Pages {
            var entries: [JournalEntry] = []
            var refusal: StorageError?
            var onWrite: @Sendable () -> Void = {}
            var isHeld = false
            var held: [@Sendable (any JournalWriter) -> Void] = []
            var isClosed = false
        }
        let pages = Mutex(Pages())

        var entries: [JournalEntry] { pages.withLock { $0.entries } }

        func async(_ work: @escaping @Sendable (any JournalWriter) -> Void) {
            let isHeld = pages.withLock { pages in
                if pages.isHeld { pages.held.append(work) }
                return pages.isHeld
            }
            if !isHeld { work(Pen(notebook: self)) }
        }

        /// Does what has been held back.
        func release() {
            let held = pages.withLock { pages in
                pages.isHeld = false
                defer { pages.held = [] }
                return pages.held
            }
            for work in held { work(Pen(notebook: self)) }
        }

        func close() throws(StorageError) { pages.withLock { $0.isClosed = true } }

        struct Pen: JournalWriter {
            let notebook: Notebook

            func write(_ entry: JournalEntry) throws(StorageError) {
                notebook.pages.withLock { $0.onWrite }()
                if let refusal = notebook.pages.withLock({ $0.refusal }) { throw refusal }
                notebook.pages.withLock { $0.entries.append(entry) }
            }
        }
    }

    private let notebook: Notebook
    private let store: EmbeddedStore

    init() {
        notebook = Notebook()
        store = EmbeddedStore(
            journal: notebook,
            contents: StoreContents(history: HistoryLimit(eventCount: 100), oldestRevision: 1))
    }

    @Test("shows nothing before it is written")
    func order() async throws {
        let tape = Tape()
        let seen = Mutex<[Revision]>([])
        _ = try await store.watch(prefix: "", from: .now, sink: tape.sink)
        notebook.pages.withLock { pages in
            pages.onWrite = { [store] in
                seen.withLock { $0.append(store.revision) }
                #expect(tape.events.count == Int(store.revision) - 1)
            }
        }
        for number in 0..<3 { try await store.put("/\(number)", "") }
        #expect(seen.withLock { $0 } == [1, 2, 3])
        #expect(tape.events.count == 3)
        #expect(notebook.entries.map(\.events.count) == [1, 1, 1])
    }

    @Test("is as it was when a write is refused, and goes on later")
    func refusal() async throws {
        try await store.put("/a", "1")
        notebook.pages.withLock { $0.refusal = .noSpace(path: "x") }
        await #expect(throws: StorageError.noSpace(path: "x")) { try await store.put("/a", "2") }
        // A condition that does not hold needs no room.
        await #expect(throws: StorageError.conflict(key: "/a", expected: nil, found: try await store.get("/a"))) {
            try await store.commit(Transaction(if: [.absent("/a")], [.put("/a", [])]))
        }
        #expect(try await store.texts("/") == ["/a=1"])
        notebook.pages.withLock { $0.refusal = nil }
        #expect(try await store.put("/a", "3") == 3)
    }

    @Test("writes together what comes together: each sees those before it, and only the one that fails fails")
    func batch() async throws {
        notebook.pages.withLock { $0.isHeld = true }
        async let first = store.put("/first", "")
        // The first is held back; the others gather behind it.
        while notebook.pages.withLock({ $0.held.isEmpty }) { await Task.yield() }
        let outcomes = await withTaskGroup(of: Revision?.self) { group in
            for _ in 0..<20 {
                group.addTask { [store] in
                    try? await store.commit(Transaction(if: [.absent("/a")], [.put("/a", [])])).revision
                }
            }
            notebook.release()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await first > 1)
        #expect(outcomes.compactMap(\.self).count == 1)
        #expect(store.revision == 3)
        #expect(notebook.entries.flatMap(\.events).map(\.revision) == [2, 3])
    }

    @Test("tells the journal what nobody can ask for any more, many at once")
    func forgotten() async throws {
        for number in 0..<1000 { try await store.put("/a", "\(number)") }
        let forgetting = notebook.entries.filter { !$0.forgotten.isEmpty }
        #expect(forgetting.count == 3)
        #expect(forgetting.allSatisfy { $0.forgotten.count >= 256 && $0.oldestRevision == $0.forgotten.last?.revision })
        try await store.compact(to: 990)
        let last = try #require(notebook.entries.last)
        #expect(last.events.isEmpty)
        #expect(last.oldestRevision == 990)
        #expect(notebook.entries.flatMap(\.forgotten).map(\.revision) == Array(2...990))
    }

    @Test("refuses writes when it is closed, and can be read")
    func closing() async throws {
        try await store.put("/a", "1")
        try await store.close()
        #expect(notebook.pages.withLock { $0.isClosed })
        await #expect(throws: StorageError.unavailable("the store is closed")) { try await store.put("/b", "") }
        await #expect(throws: StorageError.unavailable("the store is closed")) { try await store.compact(to: 2) }
        #expect(try await store.texts("/") == ["/a=1"])
    }
}
