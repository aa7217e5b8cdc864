import FoundationEssentials
import KubeAPI
import NIOCore
import Storage
import Testing

@testable import ControlPlane

@Suite struct APIWatchTests {
    private static let path = "/api/v1/services?watch=1"

    @Test func changesFromAVersionOn() async throws {
        try await ServedStore.run { api in
            _ = try await api.put(Service("a"))
            let seen = try await api.put(Service("b"))
            _ = try await api.put(Service("b", ports: [ServicePortSpec(port: 81)]))
            var lines = try await api.watch(Self.path + "&resourceVersion=\(seen)")
            #expect(lines.response.headers["Transfer-Encoding"] == ["chunked"])
            #expect(try await lines.next(1) == ["MODIFIED b"])
            let deletion = try await api.delete(Service("a"))
            let line = try await lines.next()
            #expect(line?.description == "DELETED a" && line?.revision == deletion)
            _ = try await api.put(Node(metadata: ObjectMeta(name: "n")))
            _ = try await api.put(Service("c"))
            #expect(try await lines.next(1) == ["ADDED c"])
        }
    }

    @Test func existingObjectsComeFirst() async throws {
        try await ServedStore.run { api in
            for name in ["b", "a"] { _ = try await api.put(Service(name)) }
            for query in ["", "&resourceVersion=0"] {
                var lines = try await api.watch(Self.path + query)
                #expect(try await lines.next(2) == ["ADDED a", "ADDED b"])
                _ = try await api.put(Service("c\(query.count)"))
                #expect(try await lines.next(1) == ["ADDED c\(query.count)"])
                _ = try await api.delete(Service("c\(query.count)"))
            }
            var lines = try await api.watch(
                Self.path + "&sendInitialEvents=false&resourceVersionMatch=NotOlderThan")
            _ = try await api.put(Service("d"))
            #expect(try await lines.next(1) == ["ADDED d"])
        }
    }

    @Test func initialEventsEndWithABookmark() async throws {
        try await ServedStore.run { api in
            _ = try await api.put(Service("a"))
            let revision = try await api.put(Node(metadata: ObjectMeta(name: "n")))
            let query = "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
            var lines = try await api.watch(Self.path + query)
            #expect(try await lines.next(1) == ["ADDED a"])
            let bookmark = try #require(try await lines.next())
            #expect(bookmark.type == "BOOKMARK" && bookmark.isInitialEventsEnd && bookmark.revision == revision)
            #expect(bookmark.object.kind == "Service")
            _ = try await api.put(Service("b"))
            #expect(try await lines.next(1) == ["ADDED b"])
            var late = try await api.watch(Self.path + query + "&resourceVersion=99")
            #expect(try await late.rest() == ["ERROR 504"])
        }
    }

    @Test func bookmarksFollowTheStore() async throws {
        var configuration = APIServerConfiguration()
        configuration.bookmarkInterval = .milliseconds(20)
        try await ServedStore.run(EmbeddedStore(), configuration) { api in
            var lines = try await api.watch(Self.path + "&allowWatchBookmarks=true&resourceVersion=1")
            var silent = try await api.watch(Self.path + "&resourceVersion=1")
            // Of another kind: without bookmarks the client would fall behind the history.
            let revision = try await api.put(Node(metadata: ObjectMeta(name: "n")))
            var last: Int64 = 0
            while last < revision {
                let line = try #require(try await lines.next())
                #expect(line.type == "BOOKMARK" && !line.isInitialEventsEnd && line.revision >= last)
                last = line.revision
            }
            _ = try await api.put(Service("a"))
            #expect(try await silent.next(1) == ["ADDED a"])
        }
    }

    @Test func versionsThatAreTooOldOrFromTheFuture() async throws {
        try await ServedStore.run(.limited(3)) { api in
            for index in 0..<6 { _ = try await api.put(Service("s\(index)")) }
            var old = try await api.watch(Self.path + "&resourceVersion=2")
            #expect(old.response.status.code == 200)
            let error = try #require(try await old.next())
            #expect(error.description == "ERROR 410" && error.object.reason == "Expired")
            #expect(error.object.message == "too old resource version: 2 (4)")
            #expect(try await old.next() == nil)
            var future = try await api.watch(Self.path + "&resourceVersion=1000")
            #expect(try await future.rest() == ["ERROR 410"])
            #expect(try await api.failure(Self.path + "&resourceVersion=x").code == 400)
        }
    }

    @Test func selectorsMakeAdditionsAndDeletions() async throws {
        try await ServedStore.run { api in
            _ = try await api.put(Service("a").labeled(["app": "web"]))
            var lines = try await api.watch(Self.path + "&labelSelector=app%3Dweb&fieldSelector=metadata.name!=b")
            #expect(try await lines.next(1) == ["ADDED a"])
            let change = try await api.put(Service("a").labeled(["app": "other"]))
            let line = try #require(try await lines.next())
            // As it was when it still matched, with the version of the change.
            #expect(line.description == "DELETED a" && line.revision == change)
            #expect(line.object.metadata.labels == ["app": "web"])
            _ = try await api.put(Service("a").labeled(["app": "third"]))
            _ = try await api.put(Service("b").labeled(["app": "web"]))
            _ = try await api.put(Service("a").labeled(["app": "web"]))
            _ = try await api.put(Service("a").labeled(["app": "web", "x": "y"]))
            _ = try await api.delete(Service("a"))
            #expect(try await lines.next(3) == ["ADDED a", "MODIFIED a", "DELETED a"])
            var namespaced = try await api.watch("/api/v1/namespaces/other/services?watch=true&resourceVersion=1")
            var service = Service("z")
            service.metadata.namespace = "other"
            _ = try await api.put(service)
            #expect(try await namespaced.next(1) == ["ADDED z"])
        }
    }

    @Test func endsAfterItsTime() async throws {
        try await ServedStore.run { api in
            let revision = try await api.put(Node(metadata: ObjectMeta(name: "n")))
            var lines = try await api.watch(Self.path + "&resourceVersion=1&timeoutSeconds=1&allowWatchBookmarks=1")
            // The next watch can begin where this one ends.
            let bookmark = try #require(try await lines.next())
            #expect(bookmark.description == "BOOKMARK" && bookmark.revision == revision)
            #expect(try await lines.next() == nil)
            try await eventually { api.store.watchCount == 0 }
        }
    }

    @Test func endsForAClientThatGoes() async throws {
        try await ServedStore.run { api in
            try await withThrowingTaskGroup { group in
                group.addTask {
                    var lines = try await api.watch(Self.path)
                    _ = try await lines.next()
                }
                try await eventually { api.store.watchCount == 1 }
                group.cancelAll()
            }
            try await eventually { api.store.watchCount == 0 }
        }
    }

    @Test func readThroughTheClientsReader() async throws {
        try await ServedStore.run { api in
            _ = try await api.put(Service("a"))
            _ = try await api.delete(Service("a"))
            let response = try await api.http.execute(
                api.request(Self.path + "&resourceVersion=1&timeoutSeconds=1&allowWatchBookmarks=1"),
                timeout: .seconds(60))
            var reader = WatchReader<Service>()
            var read: [String] = []
            for try await chunk in response.body {
                try reader.read(chunk.readableBytesSpan) { line in
                    switch line {
                    case .applied(let service): read.append("applied \(service.metadata.name)")
                    case .deleted(let name, let version): read.append("deleted \(name.name) at \(version)")
                    case .bookmark(let version, let endsInitialList): read.append("\(version) \(endsInitialList)")
                    case .error, .unreadable: read.append("error")
                    }
                }
            }
            #expect(reader.isAtLineEnd)
            #expect(read == ["applied a", "deleted a at 3", "3 false"])
        }
    }
}
