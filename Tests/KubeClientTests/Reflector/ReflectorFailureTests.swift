import KubeAPI
import Synchronization
import Testing

@testable import KubeClient

@Suite("A reflector whose server fails")
struct ReflectorFailureTests {
    @Test(
        "tries again, says it once, and says that it is over", arguments: [500, 502, 503, 429, 401, 418],
        [FakeCluster.Streaming.offered, .refused(422)])
    func statuses(status: Int, streaming: FakeCluster.Streaming) async throws {
        let cluster = FakeCluster("a", "b")
        cluster.change { $0.streaming = streaming }
        let failures = Mutex(0)
        try await withReflector(
            cluster,
            intercept: { request, answer in
                if request.isStreamingList, case .refused = streaming { return false }
                guard
                    failures.withLock({
                        $0 += 1; return $0 <= 7
                    })
                else { return false }
                let isProxy = status == 502
                try await answer.full(
                    status, [], isProxy ? "<html>no</html>" : ServerText.status(status, "Reason", "attempt \(status)"))
                return true
            }
        ) { rig in
            try await rig.synced()
            try await rig.settled()
            #expect(rig.log.spoken.filter { $0.hasPrefix("warning") }.count == 1, "\(rig.log.spoken)")
            #expect(rig.log.spoken.filter { $0.contains("is back after") }.count == 1, "\(rig.log.spoken)")
            #expect(rig.reflector.status.errors >= 7)
            #expect(rig.reflector.status.lastError == nil)
        }
    }

    @Test("waits for as long as it is told to", arguments: [429, 503])
    func retryAfter(status: Int) async throws {
        let cluster = FakeCluster("a")
        let isFirst = Mutex(true)
        let pauses = Mutex<[Duration]>([])
        try await withReflector(
            cluster,
            intercept: { _, answer in
                guard
                    isFirst.withLock({ isFirst in
                        defer { isFirst = false }
                        return isFirst
                    })
                else { return false }
                try await answer.full(status, [("Retry-After", "42")], ServerText.status(status, "Reason", "later"))
                return true
            },
            configure: {
                $0.clock.sleep = { pause in
                    // What waits for the end of a list is not meant.
                    guard pause < .seconds(100) else { return try await Task.sleep(for: pause) }
                    pauses.withLock { $0.append(pause) }
                }
            }
        ) { rig in
            try await rig.synced()
            #expect(pauses.withLock { $0.first } == .seconds(42))
        }
    }

    @Test("forgets nothing while it is away")
    func away() async throws {
        let cluster = FakeCluster("a", "b")
        let isAway = Mutex(false)
        try await withReflector(
            cluster,
            intercept: { _, answer in
                guard isAway.withLock({ $0 }) else { return false }
                try await answer.full(503, [], "")
                return true
            }
        ) { rig in
            try await rig.synced()
            isAway.withLock { $0 = true }
            cluster.compact()
            cluster.order(.error(ServerText.expired))
            try await untilTrue { rig.reflector.status.errors > 20 }
            #expect(rig.received.events == ["+a 10.0.0.1", "+b 10.0.0.1", "synced"])
            cluster.delete("b")
            isAway.withLock { $0 = false }
            try await rig.settled()
            #expect(rig.received.events.suffix(3) == ["+a 10.0.0.1", "-b", "synced"])
        }
    }

    @Test("does without an optional kind that is not there, and takes it when it comes", arguments: [403, 404])
    func optional(status: Int) async throws {
        let cluster = FakeCluster("a")
        let isThere = Mutex(false)
        try await withReflector(
            cluster,
            intercept: { _, answer in
                guard !isThere.withLock({ $0 }) else { return false }
                try await answer.full(
                    status, [], status == 404 ? "404 page not found" : ServerText.status(403, "", "no"))
                return true
            },
            configure: {
                $0.isOptional = true
                $0.optionalRetry = .milliseconds(1)
            }
        ) { rig in
            try await rig.synced()
            try await untilTrue { rig.asked.count > 10 }
            #expect(rig.received.events == ["synced"])
            #expect(rig.log.spoken.filter { $0.contains("not there") }.count == 1, "\(rig.log.spoken)")
            isThere.withLock { $0 = true }
            try await rig.settled()
        }
    }

    @Test("waits for a kind that is needed", arguments: [403, 404])
    func needed(status: Int) async throws {
        let cluster = FakeCluster("a")
        let isThere = Mutex(false)
        try await withReflector(
            cluster,
            intercept: { _, answer in
                guard !isThere.withLock({ $0 }) else { return false }
                try await answer.full(status, [], "")
                return true
            }
        ) { rig in
            try await untilTrue { rig.asked.count > 10 }
            #expect(rig.received.events == [])
            isThere.withLock { $0 = true }
            try await rig.synced()
            try await rig.settled()
        }
    }

    /// Where a reflector can be when it is told to end.
    enum Place: CaseIterable {
        case beforeHead, inList, inPage, inWatch, inPause
    }

    @Test("ends at once when it is told to, wherever it is", arguments: Place.allCases)
    func cancellation(place: Place) async throws {
        let cluster = FakeCluster("a")
        let arrived = TestGate()
        let server = try await MisbehavingServer { request, answer in
            switch place {
            case .beforeHead: break
            case .inList:
                try await answer.head()
                try await answer.chunk(#"{"type":"ADDED","#)
            case .inPage:
                guard !request.isWatch else { return try await answer.full(422, [], "") }
                try await answer.head()
                try await answer.chunk(#"{"kind":"ServiceList","items":["#)
            case .inWatch: return try await cluster.serve(request, answer)
            case .inPause: try await answer.full(500, [], "")
            }
            arrived.open()
        }
        let transport = PlainTransport(port: server.port, idleTimeout: .seconds(300))
        let received = ReceivedServices()
        var configuration = ReflectorConfiguration(logger: LogLines().makeLogger())
        configuration.backoff.start = .seconds(300)
        configuration.streamingListIdleTimeout = .seconds(300)
        let reflector = Reflector<Service>(configuration, transport: transport) { received.take($0) }
        let running = Task { await reflector.run() }
        switch place {
        case .inWatch: try await untilTrue { received.syncs == 1 }
        case .inPause: try await untilTrue { reflector.status.errors == 1 }
        default: await arrived.wait()
        }
        running.cancel()
        await running.value
        #expect(!reflector.status.isConnected)
        cluster.finish()
        await server.stop()
        try await transport.shutDown()
    }
}
