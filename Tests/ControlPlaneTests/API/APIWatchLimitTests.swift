import FoundationEssentials
import KubeAPI
import NIOCore
import Storage
import Testing

@testable import ControlPlane

/// Clients that are slow, many clients, and the end of the server.
@Suite struct APIWatchLimitTests {
    private static let path = "/api/v1/services?watch=1&resourceVersion=1"

    /// Commits large objects until the watch of a client that does not read is ended.
    private func overflow(_ api: ServedStore) async throws {
        try await eventually { api.store.watchCount == 1 }
        var service = Service("large")
        service.metadata.annotations["text"] = String(repeating: "x", count: 1 << 18)
        var count = 0
        // All buffers between the two ends hold a few megabytes.
        while api.store.watchCount > 0 && count < 1000 {
            service.spec.ports[0].port = 1 + count
            _ = try await api.put(service)
            count += 1
            await Task.yield()
        }
        #expect(api.store.watchCount == 0, "the watch goes on after \(count) events that nobody reads")
    }

    @Test func slowClientIsToldToListAgain() async throws {
        var configuration = APIServerConfiguration()
        configuration.watchCapacity = 8
        configuration.drainLimit = .seconds(600)
        try await ServedStore.run(.limited(16), configuration) { api in
            var lines = try await api.watch(Self.path)
            try await overflow(api)
            var last: WatchedLines.Line?
            var revision: Int64 = 1
            while let line = try await lines.next() {
                // Whole up to the end: each event is there.
                if line.type != "ERROR" {
                    #expect(line.revision == revision + 1)
                    revision = line.revision
                }
                last = line
            }
            #expect(last?.description == "ERROR 410" && last?.object.reason == "Expired")
            #expect(revision > 1 && revision < api.store.revision)
        }
    }

    @Test func clientThatNeverReadsDoesNotHoldUpTheEnd() async throws {
        var configuration = APIServerConfiguration()
        configuration.watchCapacity = 8
        configuration.drainLimit = .milliseconds(50)
        try await ServedStore.run(.limited(16), configuration) { api in
            let lines = try await api.watch(Self.path)
            try await overflow(api)
            await api.shutDown()
            // The server ends while the client still has its side of the connection.
            try await api.ended.wait()
            withExtendedLifetime(lines) {}
        }
    }

    @Test func listThatNobodyReadsDoesNotHoldUpTheEnd() async throws {
        var configuration = APIServerConfiguration()
        configuration.drainLimit = .milliseconds(50)
        try await ServedStore.run(EmbeddedStore(), configuration) { api in
            var service = Service("large")
            service.metadata.annotations["text"] = String(repeating: "x", count: 1 << 18)
            for index in 0..<100 {
                service.metadata.name = "large-\(index)"
                _ = try await api.put(service)
            }
            let response = try await api.http.execute(api.request("/api/v1/services"), timeout: .seconds(60))
            await api.shutDown()
            try await api.ended.wait()
            await #expect(throws: (any Error).self, "The list was not written to its end") {
                for try await _ in response.body {}
            }
        }
    }

    @Test func shutdownEndsWatchesCleanly() async throws {
        try await ServedStore.run { api in
            var watches: [WatchedLines] = []
            for _ in 0..<10 { watches.append(try await api.watch(Self.path)) }
            try await eventually { api.store.watchCount == 10 }
            _ = try await api.put(Service("last"))
            await api.shutDown()
            for index in watches.indices {
                // A connection that is cut, without its final chunk, would throw.
                #expect(try await watches[index].rest() == ["ADDED last"])
            }
            #expect(api.store.watchCount == 0)
        }
    }

    @Test func moreConnectionsThanAllowedWait() async throws {
        var configuration = APIServerConfiguration()
        configuration.maximumConnections = 2
        try await ServedStore.run(EmbeddedStore(), configuration) { api in
            let start = ContinuousClock.now
            try await withThrowingTaskGroup { group in
                for _ in 0..<12 {
                    group.addTask {
                        var lines = try await api.watch(Self.path + "&timeoutSeconds=1")
                        #expect(try await lines.rest().isEmpty)
                    }
                }
                try await group.waitForAll()
            }
            // A second each; four may be accepted at one go.
            #expect(ContinuousClock.now - start > .seconds(1.9))
        }
    }

    /// What a client knows after it has listed and then watched.
    private static func follow(_ api: ServedStore, until last: String) async throws -> [String: String] {
        let list = try await api.list(Service.self, "/api/v1/services")
        var known: [String: String] = [:]
        for service in list.items { known[service.metadata.name] = service.metadata.resourceVersion }
        var lines = try await api.watch(
            "/api/v1/services?watch=1&resourceVersion=\(list.metadata.resourceVersion)&allowWatchBookmarks=1")
        while known[last] == nil, let line = try await lines.next() {
            guard let name = line.object.metadata.name else { continue }
            known[name] = line.type == "DELETED" ? nil : line.object.metadata.resourceVersion
        }
        return known
    }

    @Test func listThenWatchEndsWithWhatTheStoreHas() async throws {
        try await ServedStore.run(.limited(100_000)) { api in
            for index in 0..<1000 { _ = try await api.put(Service("s\(index)")) }
            let knowledge = try await withThrowingTaskGroup(of: [String: String].self) { clients in
                for _ in 0..<4 { clients.addTask { try await Self.follow(api, until: "last") } }
                try await withThrowingTaskGroup { writers in
                    for writer in 0..<4 {
                        writers.addTask {
                            var random = SeededGenerator(state: UInt64(writer))
                            for step in 0..<300 {
                                let name = "s\(Int.random(in: 0..<1200, using: &random))"
                                if Bool.random(using: &random) {
                                    _ = try await api.put(Service(name, ports: [ServicePortSpec(port: 1 + step)]))
                                } else {
                                    _ = try await api.delete(Service(name))
                                }
                                await Task.yield()
                            }
                        }
                    }
                    try await writers.waitForAll()
                }
                _ = try await api.put(Service("last"))
                return try await clients.reduce(into: [[String: String]]()) { $0.append($1) }
            }
            var expected: [String: String] = [:]
            for object in try await api.stored(Service.resource) { expected[object.name] = String(object.revision) }
            #expect(knowledge.count == 4)
            for known in knowledge { #expect(known == expected) }
        }
    }
}
