import KubeAPI
import Synchronization
import TestSupport
import Testing

@testable import KubeClient

/// Random misbehaviour of a server, decided by a seed.
@Suite("After any sequence of failures")
struct ReflectorInvariantTests {
    /// A fault for one request; nil for a good answer.
    private static func fail(
        _ request: ServedRequest, _ answer: ServerAnswer, _ cluster: FakeCluster, _ draw: Int
    ) async throws -> Bool {
        switch draw {
        case 0: try await answer.full(500, [], ServerText.status(500, "InternalError", "etcd"))
        case 1: try await answer.full(429, [("Retry-After", "0")], "")
        case 2: try await answer.reset()
        case 3: try await answer.close()
        case 4: try await answer.full(410, [], ServerText.expired)
        case 5: try await answer.full(504, [], ServerText.tooNew)
        case 6:
            let text = request.isWatch ? #"{"type":"ADD"# : String(cluster.list(request).body.prefix(120))
            try await answer.cut(text)
        case 7: try await answer.full(200, [], "")
        case 8: try await answer.full(403, [], ServerText.status(403, "Forbidden", "no"))
        default: return false
        }
        return true
    }

    private static func order(_ draw: Int) -> FakeCluster.Order? {
        switch draw {
        case 0: .end
        case 1: .partialLine
        case 2: .partialChunk
        case 3: .reset
        case 4: .garbage
        case 5: .error(ServerText.expired)
        case 6: .error(ServerText.status(500, "InternalError", "etcd"))
        case 7, 8, 9: .bookmark
        default: nil
        }
    }

    @Test(
        "the sink has what the server has, and never lost what was there all along",
        arguments: (1...12).map(UInt64.init))
    func invariant(seed: UInt64) async throws {
        let permanent = Set((1...5).map { "permanent-\($0)" })
        let cluster = FakeCluster()
        for name in permanent { cluster.set(name) }
        let lost = Mutex<[String]>([])
        let generator = Mutex(SeededGenerator(seed: seed))
        let failing = Mutex(true)
        @Sendable func draw(_ range: Range<Int>) -> Int { generator.withLock { Int.random(in: range, using: &$0) } }
        let streamings = [FakeCluster.Streaming.offered, .offered, .refused(400), .ignored]
        cluster.change { $0.streaming = streamings[draw(0..<4)] }
        let received = ReceivedServices { name in
            if permanent.contains(name) { lost.withLock { $0.append(name) } }
        }
        try await withReflector(
            cluster, received: received,
            intercept: { request, answer in
                guard failing.withLock({ $0 }) else { return false }
                return try await Self.fail(request, answer, cluster, draw(0..<20))
            },
            configure: {
                $0.pageSize = 3
                $0.streamingListIdleTimeout = .milliseconds(50)
                $0.streamingListRetry = .milliseconds(200)
                $0.randomness = SeededGenerator(seed: seed)
            }
        ) { rig in
            try await rig.synced()
            for step in 0..<60 {
                switch draw(0..<10) {
                case 0...3: cluster.set("s\(draw(0..<12))", "10.0.1.\(step)")
                case 4, 5: cluster.delete("s\(draw(0..<12))")
                case 6: cluster.compact()
                case 7: cluster.change { $0.streaming = streamings[draw(0..<4)] }
                case 8 where draw(0..<4) == 0:
                    await rig.server.stop()
                    cluster.set("s\(draw(0..<12))", "10.0.2.\(step)")
                    cluster.delete("s\(draw(0..<12))")
                    try await rig.server.listen()
                default: if let order = Self.order(draw(0..<12)) { cluster.order(order) }
                }
                // Some steps come in one go, some after what they led to.
                if draw(0..<3) == 0 {
                    try await Task.sleep(for: .milliseconds(draw(0..<4)))
                    try await rig.watching()
                }
            }
            failing.withLock { $0 = false }
            cluster.order(.end)
            try await rig.settled()
            #expect(lost.withLock { $0 } == [])
        }
    }
}
