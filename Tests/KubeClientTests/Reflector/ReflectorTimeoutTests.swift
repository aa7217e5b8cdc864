import KubeAPI
import Synchronization
import Testing

@testable import KubeClient

@Suite("A reflector whose server hangs")
struct ReflectorTimeoutTests {
    /// Where the server stops to say anything.
    enum Place: CaseIterable {
        case head, page, streamingList
    }

    @Test("gives up an answer that does not begin or does not go on, and asks again", arguments: Place.allCases)
    func silence(place: Place) async throws {
        let cluster = FakeCluster("a", "b")
        if place == .page { cluster.change { $0.streaming = .refused(422) } }
        let isFirst = Mutex(true)
        try await withReflector(
            cluster, idleTimeout: .milliseconds(400),
            intercept: { request, answer in
                guard place != .page || !request.isWatch else { return false }
                let hangs = isFirst.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
                guard hangs else { return false }
                if place != .head {
                    try await answer.head()
                    try await answer.chunk(place == .page ? #"{"kind":"ServiceList","it"# : #"{"type":"AD"#)
                }
                try await answer.silence()
                return true
            }
        ) { rig in
            try await rig.synced()
            try await rig.settled()
            #expect(rig.reflector.status.errors > 0)
        }
    }

    @Test("asks for limits to the time of every kind of answer")
    func limits() async throws {
        let cluster = FakeCluster("a")
        cluster.change { $0.streaming = .refused(422) }
        try await withReflector(cluster) { rig in
            try await rig.synced()
            try await untilTrue { rig.transport.requests.count == 3 }
            let requests = rig.transport.requests
            #expect(requests.map(\.headTimeout) == [30, 70, 30].map { Duration.seconds($0) })
            #expect(requests.map(\.idleTimeout) == [150, 30, 150].map { Duration.seconds($0) })
        }
    }
}
