import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct WatchTests {
    /// Writes at random: puts, deletions, several in one commit.
    private func scribble(_ store: MemoryStore, commits: Int, seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        for _ in 0..<commits {
            let names = Set((0..<3).map { _ in "s\(Int.random(in: 0..<12, using: &generator))" }).sorted()
            let operations = names.map { name -> Transaction.Operation in
                let port = Int.random(in: 1...9, using: &generator)
                return Int.random(in: 0..<3, using: &generator) == 0
                    ? .delete(ObjectKey(Service.self, namespace: "default", name: name))
                    : .put(Service(name, ports: [ServicePortSpec(port: port)]))
            }
            _ = try store.commit(Transaction(operations))
        }
    }

    private func replay(_ events: [StoreEvent], on list: [StoredObject] = []) -> [String: Revision] {
        var state = Dictionary(uniqueKeysWithValues: list.map { ($0.key.name, $0.modRevision) })
        for event in events {
            #expect((event.previous == nil) == (event.kind == .added))
            #expect(state[event.object.key.name] == event.previous?.modRevision)
            state[event.object.key.name] = event.kind == .deleted ? nil : event.revision
        }
        return state
    }

    private func state(_ store: MemoryStore) throws -> [String: Revision] {
        replay([], on: try store.list(Service.self).objects)
    }

    @Test func listAndWatchFromAnyRevisionIsTheState() throws {
        let store = MemoryStore()
        try scribble(store, commits: 100, seed: 7)
        let recorders = try (1...store.revision).map { revision in
            let recorder = Recorder()
            let list = try store.list(Service.self, ListOptions(revision: revision))
            _ = try store.watch(WatchScope(Service.self), from: .after(list.revision), sink: recorder.sink)
            return (list, recorder)
        }
        try scribble(store, commits: 50, seed: 8)
        for (list, recorder) in recorders {
            #expect(recorder.events.map(\.revision) == recorder.events.map(\.revision).sorted())
            #expect(recorder.events.allSatisfy { $0.revision > list.revision })
            #expect(try replay(recorder.events, on: list.objects) == state(store))
        }
    }

    @Test func watchersJoinWhileOthersWrite() async throws {
        let store = MemoryStore(historyLimit: 100_000)
        let recorders = try await withThrowingTaskGroup(of: Recorder.self) { group in
            for seed in 0..<8 {
                group.addTask {
                    let recorder = Recorder()
                    _ = try store.watch(WatchScope(Service.self), from: .existingObjects, sink: recorder.sink)
                    try scribble(store, commits: 100, seed: UInt64(seed))
                    return recorder
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for recorder in recorders {
            var state: [String: Revision] = [:]
            for event in recorder.events {
                state[event.object.key.name] = event.kind == .deleted ? nil : event.revision
            }
            #expect(try state == self.state(store))
        }
    }

    @Test func slowReaderGetsWhatWasBufferedThenGone() async throws {
        let store = MemoryStore()
        let stream = try await store.events(WatchScope(Service.self), from: .now, capacity: 3)
        for index in 0..<5 { _ = try store.commit(Transaction([.put(Service("s\(index)"))])) }
        #expect(store.watchCount == 0)
        var names: [String] = []
        await #expect(throws: StoreError.watchExpired(capacity: 3)) {
            for try await event in stream { names.append(event.object.key.name) }
        }
        #expect(names == ["s0", "s1", "s2"])
        #expect(StoreError.watchExpired(capacity: 3).status.code == 410)
    }

    @Test func replayDoesNotCountAgainstTheBuffer() async throws {
        let store = MemoryStore()
        for index in 0..<10 { _ = try store.commit(Transaction([.put(Service("s\(index)"))])) }
        let stream = try await store.events(WatchScope(Service.self), from: .existingObjects, capacity: 2)
        for index in 10..<12 { _ = try store.commit(Transaction([.put(Service("s\(index)"))])) }
        var iterator = stream.makeAsyncIterator()
        for index in [0, 1, 10, 11] + Array(2..<10) {
            // Names are in order of text for what was there, then in order of commits.
            _ = index
            #expect(try await iterator.next() != nil)
        }
        #expect(store.watchCount == 1)
    }

    @Test func cancellationFreesTheWatch() async throws {
        let store = MemoryStore()
        let stream = try await store.events(WatchScope(Service.self), from: .now, capacity: 3)
        #expect(store.watchCount == 1)
        let reader = Task { for try await _ in stream {} }
        reader.cancel()
        try await reader.value
        #expect(store.watchCount == 0)
    }

    @Test func droppingTheSequenceFreesTheWatch() async throws {
        let store = MemoryStore()
        do {
            let stream = try await store.events(WatchScope(Service.self), from: .now, capacity: 3)
            _ = stream
        }
        #expect(store.watchCount == 0)
    }

    @Test func scopeAndTypedEvents() async throws {
        let store = MemoryStore()
        _ = try store.commit(Transaction([.put(Service("a"))]))
        let events = EventList()
        let registration = try await store.watch(Service.self, namespace: "default") { events.append($0) }
        var other = Service("b")
        other.metadata.namespace = "other"
        _ = try store.commit(
            Transaction([.put(other), .put(Service("a")), .put(Node(metadata: ObjectMeta(name: "n")))]))
        _ = try store.commit(Transaction([.delete(ObjectKey(of: Service("a")))]))
        registration.cancel()
        _ = try store.commit(Transaction([.put(Service("a"))]))
        #expect(events.texts == ["ADDED a 2", "MODIFIED a 3", "DELETED a 4"])
    }

    @Test func sinkEndsItsWatch() throws {
        let store = MemoryStore()
        _ = try store.watch(WatchScope(Service.self), from: .now) { _ in .end }
        _ = try store.commit(Transaction([.put(Service("a"))]))
        #expect(store.watchCount == 0)
    }
}

private final class EventList: Sendable {
    private let recorder = ErrorLog()
    var texts: [String] { recorder.messages }

    func append(_ event: WatchEvent<Service>) {
        let metadata = event.object.metadata
        recorder.logger.error("\(event.type) \(metadata.name) \(metadata.resourceVersion ?? "")")
    }
}
