import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct MemoryStoreTests {
    private let store = MemoryStore()

    private func put(_ name: String, namespace: String = "default", port: Int = 80) throws -> StoredObject {
        var service = Service(name, ports: [ServicePortSpec(port: port)])
        service.metadata.namespace = namespace
        let result = try store.commit(Transaction([.put(service)]))
        return try #require(result.events.first).object
    }

    private func key(_ name: String) -> ObjectKey { ObjectKey(Service.self, namespace: "default", name: name) }

    @Test func countsRevisionsAndVersions() throws {
        let first = try put("a")
        let second = try put("a")
        let other = try put("b")
        #expect([first.modRevision, second.modRevision, other.modRevision] == [2, 3, 4])
        #expect([first.version, second.version, other.version] == [1, 2, 1])
        #expect(second.createRevision == first.modRevision)
        #expect(second.object.metadata.resourceVersion == "3")
        #expect(store.get(key("a"))?.modRevision == 3)
        #expect(store.get(key("missing")) == nil)
        #expect(store.revision == 4)
    }

    @Test func layOutOfKeys() {
        #expect(key("a").path == "/registry/services/default/a")
        #expect(
            ObjectKey(EndpointSlice.self, namespace: "x", name: "y").path
                == "/registry/endpointslices.discovery.k8s.io/x/y")
        #expect(ObjectKey(Node.self, name: "n").path == "/registry/nodes/n")
    }

    @Test func transactionIsAllOrNothing() throws {
        let a = try put("a")
        let recorder = Recorder()
        _ = try store.watch(WatchScope(Service.self), from: .now, sink: recorder.sink)
        #expect(throws: StoreError.conflict(key("b"), expected: 7, found: nil)) {
            try store.commit(
                Transaction(
                    if: [.unchanged(key("a"), since: a.modRevision), .unchanged(key("b"), since: 7)],
                    [.delete(key("a")), .put(Service("b"))]))
        }
        #expect(recorder.events.isEmpty && store.revision == a.modRevision)

        let result = try store.commit(
            Transaction(
                if: [.unchanged(key("a"), since: a.modRevision), .absent(key("b"))],
                [.delete(key("a")), .put(Service("b")), .put(Service("c"))]))
        #expect(result.revision == a.modRevision + 1)
        #expect(recorder.events.map(\.kind) == [.deleted, .added, .added])
        #expect(recorder.events.map(\.revision) == [3, 3, 3])
        #expect(throws: StoreError.duplicateKey(key("c"))) {
            try store.commit(Transaction([.put(Service("c")), .delete(key("c"))]))
        }
        let nothing = try store.commit(Transaction([.delete(key("missing"))]))
        #expect(nothing.revision == 3 && nothing.events.isEmpty)
    }

    @Test func listsInOrderAndByNamespace() throws {
        for (namespace, name) in [("b", "x"), ("a", "z"), ("a", "y")] { _ = try put(name, namespace: namespace) }
        _ = try store.commit(Transaction([.put(Node(metadata: ObjectMeta(name: "n")))]))
        let all = try store.list(Service.self)
        #expect(all.objects.map(\.key.namespacedName.description) == ["a/y", "a/z", "b/x"])
        #expect(all.revision == 5 && all.continueToken == nil)
        let some = try store.list(Service.self, ListOptions(namespace: "a"))
        #expect(some.objects.map(\.key.name) == ["y", "z"])
        #expect(try store.list(Service.self, ListOptions(namespace: "none")).objects.isEmpty)
    }

    @Test func pagesShowOneRevision() throws {
        for index in 0..<7 { _ = try put("s\(index)", port: 1) }
        let first = try store.list(Service.self, ListOptions(limit: 3))
        #expect(first.remainingCount == 4)
        // Between the pages: a change, a deletion and an addition, none of which a page may show.
        _ = try put("s4", port: 2)
        _ = try store.commit(Transaction([.delete(key("s5")), .put(Service("s3a"))]))
        var names = first.objects.map(\.key.name)
        var token = first.continueToken
        while let next = token {
            let page = try store.list(Service.self, ListOptions(limit: 3, continueToken: next))
            #expect(page.revision == first.revision)
            for case let service as Service in page.objects.map(\.object) { #expect(service.spec.ports[0].port == 1) }
            names += page.objects.map(\.key.name)
            token = page.continueToken
        }
        #expect(names == (0..<7).map { "s\($0)" })
        #expect(throws: StoreError.invalidContinueToken("x")) {
            try store.list(Service.self, ListOptions(continueToken: "x"))
        }
    }

    @Test func compactionForgetsThePast() throws {
        for index in 0..<5 { _ = try put("s\(index)") }
        try store.compact(to: 4)
        #expect(try store.list(Service.self, ListOptions(revision: 4)).objects.count == 3)
        let expected = StoreError.compacted(requested: 3, oldest: 4)
        #expect(throws: expected) { try store.list(Service.self, ListOptions(revision: 3)) }
        #expect(throws: expected) {
            try store.watch(WatchScope(Service.self), from: .after(3)) { _ in .more }
        }
        #expect(expected.status.code == 410 && expected.status.reason == "Expired")
        #expect(throws: StoreError.future(requested: 9, current: 6)) {
            try store.list(Service.self, ListOptions(revision: 9))
        }
        #expect(throws: StoreError.future(requested: 9, current: 6)) { try store.compact(to: 9) }
    }

    @Test func boundedHistoryIsCompaction() throws {
        let store = MemoryStore(historyLimit: 3)
        for index in 0..<5 { _ = try store.commit(Transaction([.put(Service("s\(index)"))])) }
        #expect(throws: StoreError.compacted(requested: 2, oldest: 3)) {
            try store.list(Service.self, ListOptions(revision: 2))
        }
        #expect(try store.list(Service.self, ListOptions(revision: 3)).objects.count == 2)
    }
}
