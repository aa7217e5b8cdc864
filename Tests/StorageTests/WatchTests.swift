import Testing

@testable import Storage

@Suite("Watches")
struct WatchTests {
    let store = EmbeddedStore()

    @Test("A watch begins with what is there, with what came after a revision, or with the next commit")
    func starts() async throws {
        try await store.put("/registry/pods/default/a", "1")
        try await store.put("/registry/pods/default/a", "2")
        try await store.put("/registry/nodes/n", "1")
        let existing = Tape()
        let later = Tape()
        let now = Tape()
        let prefix = "/registry/pods/"
        #expect(try await store.watch(prefix: prefix, from: .existingPairs, sink: existing.sink).revision == 4)
        _ = try await store.watch(prefix: prefix, from: .after(2), sink: later.sink)
        _ = try await store.watch(prefix: prefix, from: .now, sink: now.sink)
        #expect(existing.events == ["added /registry/pods/default/a=2 @3"])
        #expect(later.events == ["modified /registry/pods/default/a=2 @3"])
        try await store.delete("/registry/pods/default/a")
        #expect(now.events == ["deleted /registry/pods/default/a=2 @5"])
        #expect(existing.events.count == 2)
        #expect(later.events.count == 2)
        await #expect(throws: StorageError.future(requested: 6, current: 5)) {
            try await store.watch(prefix: "/", from: .after(6)) { _ in .more }
        }
    }

    @Test("A watch sees its own prefix, however long that is")
    func prefixes() async throws {
        let prefixes = [
            "", "/registry/", "/registry/pods", "/registry/pods/", "/registry/pods/a/", "/registry/pods/a/x",
        ]
        var tapes: [Tape] = []
        for prefix in prefixes {
            let tape = Tape()
            _ = try await store.watch(prefix: prefix, from: .now, sink: tape.sink)
            tapes.append(tape)
        }
        for key in [
            "/other", "/registry/podsets/a/x", "/registry/pods/b/x", "/registry/pods/a/y", "/registry/pods/a/xx",
        ] {
            try await store.put(key, "")
        }
        #expect(tapes.map(\.events.count) == [5, 4, 4, 3, 2, 1])
        #expect(store.watchCount == 6)
    }

    @Test("A watch ends when its sink wants no more, or when it is cancelled")
    func ends() async throws {
        try await store.put("/a", "1")
        _ = try await store.watch(prefix: "/", from: .existingPairs) { _ in .end }
        #expect(store.watchCount == 0)
        _ = try await store.watch(prefix: "/", from: .now) { _ in .end }
        let tape = Tape()
        let registration = try await store.watch(prefix: "/", from: .now, sink: tape.sink)
        #expect(store.watchCount == 2)
        try await store.put("/a", "2")
        #expect(store.watchCount == 1)
        registration.cancel()
        registration.cancel()
        try await store.put("/a", "3")
        #expect(tape.events == ["modified /a=2 @3"])
        #expect(store.watchCount == 0)
    }

    @Test("A slow reader gets what was buffered, then the error that its watch has expired")
    func slowReader() async throws {
        try await store.put("/a", "0")
        let stream = try await store.events(prefix: "/", from: .existingPairs, capacity: 2)
        for number in 1...4 { try await store.put("/a", "\(number)") }
        #expect(store.watchCount == 0)
        var read: [String] = []
        await #expect(throws: StorageError.watchExpired(capacity: 2)) {
            for try await event in stream { read.append(event.pair.value.text) }
        }
        #expect(read == ["0", "1", "2"])
    }

    @Test("A reader that keeps up is never expired; its watch ends with its task")
    func reader() async throws {
        let stream = try await store.events(prefix: "/", from: .now, capacity: 1)
        var iterator = stream.makeAsyncIterator()
        for number in 0..<100 {
            try await store.put("/a", "\(number)")
            #expect(try await iterator.next()?.pair.value.text == "\(number)")
        }
        let task = Task {
            for try await _ in try await store.events(prefix: "/", from: .now, capacity: 1) {}
            return true
        }
        task.cancel()
        #expect(try await task.value)
    }
}
