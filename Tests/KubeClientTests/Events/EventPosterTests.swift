import FoundationEssentials
import KubeAPI
import Synchronization
import TestSupport
import Testing

@testable import KubeClient

@Suite("Events")
struct EventPosterTests {
    /// What a server was sent.
    private struct Posted: Decodable {
        struct Metadata: Decodable {
            let name: String
            let namespace: String
        }
        struct Regarding: Decodable {
            let apiVersion: String
            let kind: String
            let namespace: String?
            let name: String
            let uid: String?
        }
        let apiVersion: String
        let kind: String
        let metadata: Metadata
        let eventTime: String
        let reportingController: String
        let reportingInstance: String
        let action: String
        let reason: String
        let regarding: Regarding
        let note: String
        let type: String
    }

    private struct Patched: Decodable {
        struct Series: Decodable {
            let count: Int
            let lastObservedTime: String
        }
        let series: Series
    }

    private static func decode<Value: Decodable>(_ body: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body.utf8))
    }

    private func withPoster(
        configure: (inout EventPosterConfiguration) -> Void = { _ in },
        answer handler: @escaping MisbehavingServer.Handler = { _, answer in try await answer.full(201, [], "{}") },
        _ body: (EventPoster, MisbehavingServer, LogLines) async throws -> Void
    ) async throws {
        let server = try await MisbehavingServer(handler)
        let transport = PlainTransport(port: server.port, idleTimeout: .seconds(120))
        let log = LogLines()
        var configuration = EventPosterConfiguration(host: "node-1", logger: log.makeLogger())
        configuration.backoff = Backoff(start: .milliseconds(1), maximum: .milliseconds(4))
        configuration.wallTime = { Timestamp(microsecondsSinceEpoch: 1_700_000_000_123_456) }
        configure(&configuration)
        let poster = EventPoster(configuration, transport: transport)
        let running = Task { await poster.run() }
        let result: Result<Void, any Error>
        do { result = .success(try await body(poster, server, log)) } catch { result = .failure(error) }
        running.cancel()
        await running.value
        await server.stop()
        try await transport.shutDown()
        try result.get()
    }

    @Test("of a node are posted to the namespace default, as kube-proxy's are")
    func node() async throws {
        try await withPoster { poster, server, _ in
            poster.post(.starting(node: "node-1"))
            try await untilTrue { poster.status.posted == 1 }
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.path == "/apis/events.k8s.io/v1/namespaces/default/events")
            #expect(request.headers.first(name: "Content-Type") == "application/json")
            let event: Posted = try Self.decode(request.body)
            #expect(event.apiVersion == "events.k8s.io/v1" && event.kind == "Event")
            let nanoseconds: Int64 = 1_700_000_000_123_456_001
            #expect(event.metadata.name == "node-1.\(String(nanoseconds, radix: 16))")
            #expect(event.metadata.namespace == "default")
            #expect(event.eventTime == "2023-11-14T22:13:20.123456Z")
            #expect(event.reportingController == "kube-proxy" && event.reportingInstance == "kube-proxy-node-1")
            #expect(event.action == "StartKubeProxy" && event.reason == "Starting")
            #expect(event.type == "Normal" && event.note == "")
            #expect(event.regarding.apiVersion == "v1" && event.regarding.kind == "Node")
            #expect(event.regarding.name == "node-1" && event.regarding.uid == "node-1")
            #expect(event.regarding.namespace == nil)
        }
    }

    @Test("of a Service are posted to its namespace")
    func service() async throws {
        try await withPoster { poster, server, _ in
            poster.post(
                .failedToStartServiceHealthcheck(
                    node: "node-1", service: ObjectName(namespace: "shop", name: "web"), port: 30_000,
                    cause: "address in use"))
            try await untilTrue { poster.status.posted == 1 }
            let request = try #require(server.requests.first)
            #expect(request.path == "/apis/events.k8s.io/v1/namespaces/shop/events")
            let event: Posted = try Self.decode(request.body)
            #expect(event.regarding.kind == "Service" && event.regarding.namespace == "shop")
            #expect(event.regarding.name == "web" && event.regarding.uid == nil)
            #expect(event.reason == "FailedToStartServiceHealthcheck" && event.action == "Listen")
            #expect(event.type == "Warning")
            #expect(event.note == #"node node-1 failed to start healthcheck "shop/web" on port 30000: address in use"#)
        }
    }

    @Test("that come again are counted into a series")
    func series() async throws {
        let now = Mutex(Duration.zero)
        try await withPoster(
            configure: { $0.clock.now = { now.withLock { $0 } } }
        ) { poster, server, _ in
            let event = KubeEvent.failedToStartMetricServer(node: "node-1", cause: "address in use")
            for _ in 1...5 { poster.post(event) }
            try await untilTrue { poster.status.repeated == 4 }
            #expect(poster.status.posted == 1)
            #expect(server.requests.map(\.method) == ["POST", "PATCH"])
            let name = try Self.decode(server.requests[0].body, as: Posted.self).metadata.name
            #expect(server.requests[1].path == "/apis/events.k8s.io/v1/namespaces/default/events/\(name)")
            #expect(server.requests[1].headers.first(name: "Content-Type") == "application/merge-patch+json")
            #expect(try Self.decode(server.requests[1].body, as: Patched.self).series.count == 2)
            now.withLock { $0 = .seconds(61) }
            poster.post(event)
            try await untilTrue { server.requests.count == 3 }
            #expect(try Self.decode(server.requests[2].body, as: Patched.self).series.count == 6)
            // Long after, it is news again.
            now.withLock { $0 = .seconds(1000) }
            poster.post(event)
            try await untilTrue { poster.status.posted == 2 }
        }
    }

    @Test("of a series that has expired at the server are posted anew")
    func expiredSeries() async throws {
        try await withPoster(
            answer: { request, answer in try await answer.full(request.method == "PATCH" ? 404 : 201, [], "{}") }
        ) { poster, server, _ in
            for _ in 1...2 { poster.post(.starting(node: "node-1")) }
            try await untilTrue { poster.status.repeated == 1 }
            #expect(server.requests.map(\.method) == ["POST", "PATCH", "POST"])
            #expect(try Self.decode(server.requests[2].body, as: Patched.self).series.count == 2)
        }
    }

    @Test("are tried again while the server is away", arguments: [500, 429])
    func retries(status: Int) async throws {
        let failures = Mutex(0)
        try await withPoster(
            answer: { _, answer in
                let count = failures.withLock { count in
                    count += 1
                    return count
                }
                try await answer.full(count <= 4 ? status : 201, [], "")
            }
        ) { poster, server, log in
            poster.post(.starting(node: "node-1"))
            try await untilTrue { poster.status.posted == 1 }
            #expect(server.requests.count == 5)
            #expect(log.spoken.count == 1)
            // The same event each time: an attempt that came through unheard is not doubled.
            #expect(Set(server.requests.map(\.body)).count == 1)
        }
    }

    @Test("are dropped and counted when the server does not take them", arguments: [400, 403, 404, 422, 500])
    func refused(status: Int) async throws {
        try await withPoster(
            configure: { $0.attempts = 3 },
            answer: { _, answer in try await answer.full(status, [], "") }
        ) { poster, server, log in
            poster.post(.starting(node: "node-1"))
            poster.post(.failedToStartMetricServer(node: "node-1", cause: "why"))
            try await untilTrue { poster.status.dropped == 2 }
            #expect(server.requests.count == (status == 500 ? 6 : 2))
            #expect(log.spoken.count == 1)
        }
    }

    @Test("that are already there are posted")
    func conflict() async throws {
        try await withPoster(answer: { _, answer in try await answer.full(409, [], "") }) { poster, _, _ in
            poster.post(.starting(node: "node-1"))
            try await untilTrue { poster.status.posted == 1 }
        }
    }

    @Test("that are too many are dropped and counted; the caller never waits")
    func overflow() async throws {
        let gate = TestGate()
        try await withPoster(
            configure: { $0.queueLimit = 10 },
            answer: { _, answer in
                await gate.wait()
                try await answer.full(201, [], "")
            }
        ) { poster, _, _ in
            poster.post(.starting(node: "first"))
            try await untilTrue { gate.arrivals == 1 }
            for index in 1...25 { poster.post(.starting(node: "node-\(index)")) }
            #expect(poster.status.dropped == 15)
            gate.open()
            try await untilTrue { poster.status.posted == 11 }
        }
    }

    @Test("have names and texts that a server accepts")
    func limits() throws {
        func document(_ object: String, note: String = "", reason: String = "R", serial: Int = 0) -> EventDocument {
            EventDocument(
                KubeEvent(
                    regarding: .node(object), kind: .normal, reason: reason, action: "Act", note: note),
                at: Timestamp(microsecondsSinceEpoch: 1), serial: serial, controller: "kube-proxy", instance: "i")
        }
        #expect(document("node-1").metadata.name == "node-1.3e8")
        #expect(document("node-1", serial: 7).metadata.name == "node-1.3ef")
        #expect(document("Node_1").metadata.name == "event.3e8")
        #expect(document(String(repeating: "n", count: 250)).metadata.name == "event.3e8")
        #expect(document("a", note: String(repeating: "ä", count: 600)).note.utf8.count == 1024)
        #expect(document("a", note: "x" + String(repeating: "ä", count: 600)).note.utf8.count == 1023)
        #expect(document("a", reason: String(repeating: "R", count: 200)).reason.utf8.count == 128)
    }
}
