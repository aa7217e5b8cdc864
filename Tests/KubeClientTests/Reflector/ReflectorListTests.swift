import KubeAPI
import Synchronization
import Testing

@testable import KubeClient

@Suite("A reflector lists")
struct ReflectorListTests {
    @Test("in one answer with the watch, where the server offers that")
    func streaming() async throws {
        let cluster = FakeCluster("a", "b")
        try await withReflector(cluster) { rig in
            try await rig.synced()
            #expect(rig.received.events == ["+a 10.0.0.1", "+b 10.0.0.1", "synced"])
            cluster.set("c")
            cluster.delete("a")
            try await rig.settled()
            #expect(rig.asked == ["stream"])
            let query = try #require(rig.server.requests.first).query
            #expect(query["watch"] == "1")
            #expect(query["resourceVersionMatch"] == "NotOlderThan")
            #expect(query["allowWatchBookmarks"] == "true")
            #expect(query["resourceVersion"] == nil)
            #expect((300...600).contains(Int(query["timeoutSeconds"] ?? "") ?? 0))
            #expect(rig.reflector.status.isSynced)
            #expect(rig.reflector.status.resourceVersion == "\(cluster.version)")
        }
    }

    @Test("in pages, where the server refuses to do so", arguments: [400, 422, 404])
    func refused(status: Int) async throws {
        let cluster = FakeCluster("a", "b", "c", "d", "e")
        cluster.change { $0.streaming = .refused(status) }
        try await withReflector(
            cluster,
            configure: {
                $0.pageSize = 2
            }
        ) { rig in
            try await rig.synced()
            #expect(
                rig.received.events == [
                    "+a 10.0.0.1", "+b 10.0.0.1", "+c 10.0.0.1", "+d 10.0.0.1", "+e 10.0.0.1", "synced",
                ])
            cluster.set("f")
            try await rig.settled()
            #expect(
                rig.asked == ["stream", "list@0", "list?continue", "list?continue", "watch@\(cluster.version - 1)"])
            #expect(rig.server.requests[1].query["limit"] == "2")
            #expect(rig.log.spoken.count == 1)
        }
    }

    @Test("in pages of 500")
    func pageSize() {
        #expect(ReflectorConfiguration(logger: LogLines().makeLogger()).pageSize == 500)
    }

    @Test("in pages, where the server sends all objects in a watch but never says that these are all")
    func ignored() async throws {
        let cluster = FakeCluster("a", "b")
        cluster.change { $0.streaming = .ignored }
        try await withReflector(
            cluster,
            configure: {
                $0.streamingListIdleTimeout = .milliseconds(50)
            }
        ) { rig in
            try await rig.synced()
            cluster.set("c")
            try await rig.settled()
            #expect(rig.asked == ["stream", "list@0", "watch@\(cluster.version - 1)"])
        }
    }

    @Test("in pages, where the server sends bookmarks but none that ends the list")
    func ordinaryBookmark() async throws {
        let cluster = FakeCluster("a", "b")
        cluster.change { $0.streaming = .ignored }
        try await withReflector(cluster) { rig in
            try await rig.watching()
            cluster.order(.bookmark)
            try await rig.synced()
            try await rig.settled()
            #expect(rig.asked.prefix(2) == ["stream", "list@0"])
        }
    }

    @Test("in pages, where a list in a watch breaks off twice")
    func streamsBreak() async throws {
        let cluster = FakeCluster("a", "b")
        try await withReflector(
            cluster,
            intercept: { request, answer in
                guard request.isStreamingList else { return false }
                try await answer.head()
                try await answer.chunk(
                    #"{"type":"ADDED","object":\#(ServerText.object("b", .init(clusterIP: "10.0.0.1", version: 1)))}"#
                        + "\n")
                try await answer.end()
                return true
            }
        ) { rig in
            try await rig.synced()
            try await rig.settled()
            #expect(rig.asked.prefix(3) == ["stream", "stream", "list@0"])
        }
    }

    @Test("anew without pages, when a page's token has expired meanwhile")
    func continueExpired() async throws {
        let cluster = FakeCluster("a", "b", "c", "d")
        cluster.change { $0.streaming = .refused(422) }
        try await withReflector(
            cluster,
            intercept: { request, _ in
                if request.query["continue"] != nil {
                    cluster.delete("a")
                    cluster.set("e")
                    cluster.compact()
                }
                return false
            },
            configure: { $0.pageSize = 2 }
        ) { rig in
            try await rig.synced()
            // What the first page brought and the new list does not have is gone, after all that is there.
            #expect(
                rig.received.events == [
                    "+a 10.0.0.1", "+b 10.0.0.1", "+b 10.0.0.1", "+c 10.0.0.1", "+d 10.0.0.1", "+e 10.0.0.1", "-a",
                    "synced",
                ])
            #expect(rig.asked.prefix(4) == ["stream", "list@0", "list?continue", "list@0"])
            #expect(rig.server.requests[3].query["limit"] == nil)
        }
    }

    @Test("an empty cluster, and hears of what comes")
    func empty() async throws {
        let cluster = FakeCluster()
        try await withReflector(cluster) { rig in
            try await rig.synced()
            #expect(rig.received.events == ["synced"])
            cluster.set("a")
            try await rig.settled()
            #expect(rig.received.events == ["synced", "+a 10.0.0.1"])
        }
    }

    @Test("with its selectors, in lists and in watches", arguments: [FakeCluster.Streaming.offered, .refused(400)])
    func selectors(streaming: FakeCluster.Streaming) async throws {
        let cluster = FakeCluster("a")
        cluster.change { $0.streaming = streaming }
        try await withReflector(
            cluster,
            configure: {
                $0.labelSelector = "!service.kubernetes.io/service-proxy-name"
                $0.fieldSelector = "spec.clusterIP!=None"
            }
        ) { rig in
            try await rig.synced()
            try await rig.watching()
            for request in rig.server.requests {
                #expect(request.path == "/api/v1/services")
                #expect(request.query["labelSelector"] == "!service.kubernetes.io/service-proxy-name")
                #expect(request.query["fieldSelector"] == "spec.clusterIP!=None")
            }
        }
    }

    @Test("what the server compresses")
    func compressed() async throws {
        let cluster = FakeCluster("a", "b")
        cluster.change { $0.streaming = .refused(400) }
        try await withReflector(
            cluster,
            intercept: { request, answer in
                guard !request.isWatch else { return false }
                let (status, body) = cluster.list(request)
                try await answer.full(status, [("Content-Encoding", "gzip")], bytes: Gzip.stored(Array(body.utf8)))
                return true
            }
        ) { rig in
            try await rig.synced()
            try await rig.settled()
        }
    }

    @Test("what comes a few bytes at a time")
    func slow() async throws {
        let cluster = FakeCluster("a", "b")
        cluster.change { $0.streaming = .refused(400) }
        try await withReflector(
            cluster,
            intercept: { request, answer in
                guard !request.isWatch else { return false }
                try await answer.head()
                var rest = cluster.list(request).body[...]
                while !rest.isEmpty {
                    try await answer.chunk(String(rest.prefix(3)))
                    rest = rest.dropFirst(3)
                }
                try await answer.end()
                return true
            }
        ) { rig in
            try await rig.synced()
            try await rig.settled()
        }
    }

    @Test("and loses nothing by a list that breaks off", arguments: ["length", "chunk", "reset", "complete head only"])
    func halfList(way: String) async throws {
        let cluster = FakeCluster("a", "b", "c")
        cluster.change { $0.streaming = .refused(400) }
        let broken = Mutex(0)
        try await withReflector(
            cluster,
            intercept: { request, answer in
                guard !request.isWatch, request.query["resourceVersion"] != "0", broken.withLock({ $0 }) < 3 else {
                    return false
                }
                broken.withLock { $0 += 1 }
                let text = cluster.list(request).body
                let half = String(text.prefix(text.count / 2))
                switch way {
                case "length": try await answer.cut(half)
                case "chunk":
                    try await answer.head()
                    try await answer.cutChunk(half)
                case "reset":
                    try await answer.head()
                    try await answer.chunk(half)
                    try await answer.reset()
                default: try await answer.full(200, [], half)
                }
                return true
            }
        ) { rig in
            try await rig.synced()
            try await rig.watching()
            cluster.delete("b")
            try await rig.settled()
            cluster.set("b")
            try await rig.settled()
            let before = rig.received.events.count
            cluster.compact()
            cluster.order(.error(ServerText.expired))
            try await rig.synced(times: 2)
            #expect(broken.withLock { $0 } == 3)
            #expect(!rig.received.events.dropFirst(before).contains { $0.hasPrefix("-") })
            #expect(rig.received.services == cluster.services)
        }
    }
}
