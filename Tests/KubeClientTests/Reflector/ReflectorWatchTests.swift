import KubeAPI
import Synchronization
import Testing

@testable import KubeClient

@Suite("A reflector watches")
struct ReflectorWatchTests {
    /// Changes while no watch can be open.
    private static func changeEverything(_ cluster: FakeCluster) {
        cluster.delete("a")
        cluster.set("b", "10.0.0.2")
        cluster.set("c")
    }

    private static let afterwards = ["b": "10.0.0.2", "c": "10.0.0.1"]

    @Test(
        "on from the last version after any end",
        arguments: [FakeCluster.Order.end, .partialLine, .partialChunk, .reset])
    func resumption(order: FakeCluster.Order) async throws {
        let cluster = FakeCluster("a", "b")
        try await withReflector(cluster) { rig in
            try await rig.synced()
            cluster.set("d")
            try await rig.settled()
            cluster.delete("d")
            try await rig.settled()
            let version = cluster.version
            for round in 1...3 {
                cluster.order(order)
                cluster.set("r\(round)")
                try await rig.settled()
            }
            Self.changeEverything(cluster)
            try await rig.settled()
            #expect(rig.asked.first == "stream")
            #expect(rig.asked.dropFirst().allSatisfy { $0.hasPrefix("watch@") })
            #expect(Int(rig.asked[1].dropFirst(6)) ?? 0 >= version)
            #expect(rig.received.syncs == 1)
            // Each change came once.
            #expect(rig.received.events.filter { $0 == "+r1 10.0.0.1" }.count == 1)
        }
    }

    @Test("on from a bookmark's version")
    func bookmark() async throws {
        let cluster = FakeCluster("a")
        try await withReflector(cluster) { rig in
            try await rig.synced()
            // Changes of other kinds: nothing of ours, but the version goes on.
            cluster.change { $0.version += 50 }
            cluster.order(.bookmark)
            try await untilTrue { rig.reflector.status.resourceVersion == "\(cluster.version)" }
            cluster.order(.end)
            try await untilTrue { rig.asked.count == 2 }
            #expect(rig.asked == ["stream", "watch@\(cluster.version)"])
        }
    }

    @Test("on when the connection is open on this side only")
    func halfOpen() async throws {
        let cluster = FakeCluster("a", "b")
        try await withReflector(cluster, idleTimeout: .milliseconds(300)) { rig in
            try await rig.synced()
            cluster.order(.silence)
            Self.changeEverything(cluster)
            try await rig.settled()
            #expect(rig.received.services == Self.afterwards)
            #expect(rig.asked.allSatisfy { $0 == "stream" || $0.hasPrefix("watch@") })
        }
    }

    @Test("with a limit to the time in which nothing comes")
    func idleTimeout() async throws {
        try await withReflector(
            FakeCluster("a"), configure: { $0.watchIdleTimeout = .seconds(77) }
        ) { rig in
            try await rig.synced()
            #expect(rig.transport.requests.allSatisfy { $0.idleTimeout == .seconds(77) })
        }
    }

    @Test("on, with a new list, when its version has expired", arguments: [false, true], [false, true])
    func expired(tellsInWatch: Bool, isPaged: Bool) async throws {
        let cluster = FakeCluster("a", "b")
        cluster.change {
            $0.tellsExpiryInWatch = tellsInWatch
            if isPaged { $0.streaming = .refused(400) }
        }
        let gate = TestGate()
        let isShut = Mutex(false)
        try await withReflector(
            cluster,
            intercept: { request, _ in
                if request.isWatch, !request.isStreamingList, isShut.withLock({ $0 }) { await gate.wait() }
                return false
            }
        ) { rig in
            try await rig.synced()
            try await rig.watching()
            isShut.withLock { $0 = true }
            cluster.order(.end)
            try await untilTrue { gate.arrivals > 0 }
            Self.changeEverything(cluster)
            cluster.compact()
            gate.open()
            try await rig.synced(times: 2)
            #expect(rig.received.services == Self.afterwards)
            // The deletion comes last, so that no state in between has less than is there.
            #expect(rig.received.events.suffix(4) == ["+b 10.0.0.2", "+c 10.0.0.1", "-a", "synced"])
        }
    }

    @Test("on after a restart of the server, with what happened meanwhile")
    func restart() async throws {
        let cluster = FakeCluster("a", "b")
        try await withReflector(cluster) { rig in
            try await rig.synced()
            await rig.server.stop()
            try await untilTrue { rig.reflector.status.errors >= 3 }
            #expect(!rig.reflector.status.isConnected)
            #expect(rig.received.names == ["a", "b"])
            Self.changeEverything(cluster)
            try await rig.server.listen()
            try await rig.settled()
            #expect(rig.received.services == Self.afterwards)
            #expect(rig.received.syncs == 1)
            try await untilTrue { rig.reflector.status.isConnected }
            // Many attempts, one line; and one that it is over.
            let spoken = rig.log.spoken
            #expect(spoken.filter { $0.hasPrefix("warning") }.count <= 3, "\(spoken)")
            #expect(spoken.filter { $0.contains("is back after") }.count == 1, "\(spoken)")
        }
    }

    @Test("on after a restart with a state of before, that of a backup", arguments: [false, true])
    func olderState(isTold: Bool) async throws {
        let cluster = FakeCluster("a", "b")
        let backup = cluster.state.withLock { $0 }
        for name in ["x", "y", "z"] { cluster.set(name) }
        let idleTimeout = isTold ? Duration.seconds(120) : .milliseconds(200)
        try await withReflector(
            cluster, idleTimeout: idleTimeout, configure: { $0.watchIdleTimeout = idleTimeout }
        ) { rig in
            try await untilTrue { rig.received.names == ["a", "b", "x", "y", "z"] && rig.received.syncs > 0 }
            await rig.server.stop()
            cluster.restore(backup)
            cluster.set("c")
            try await rig.server.listen()
            // As upstream, the server says nothing to a watch of a version that it does not have yet; an error is what
            // others do.
            try await untilTrue {
                if isTold { cluster.order(.error(ServerText.tooNew)) }
                return rig.received.names == ["a", "b", "c"]
            }
        }
    }

    @Test("on after garbage")
    func garbage() async throws {
        let cluster = FakeCluster("a", "b")
        try await withReflector(cluster) { rig in
            try await rig.synced()
            cluster.order(.garbage)
            try await rig.synced(times: 2)
            Self.changeEverything(cluster)
            try await rig.settled()
            #expect(rig.log.spoken.contains { $0.hasPrefix("warning: services: ") })
        }
    }

    @Test("on after an error in the watch", arguments: [500, 429, 403])
    func errorLine(code: Int) async throws {
        let cluster = FakeCluster("a", "b")
        try await withReflector(cluster) { rig in
            try await rig.synced()
            cluster.order(.error(ServerText.status(code, "Whatever", "no")))
            Self.changeEverything(cluster)
            try await rig.settled()
            #expect(rig.received.services == Self.afterwards)
        }
    }

    @Test("the good objects beside one that cannot be read, whose last good state stays")
    func unreadable() async throws {
        let cluster = FakeCluster("a", "b", "c")
        try await withReflector(cluster) { rig in
            try await rig.synced()
            cluster.change { $0.unreadable = ["b"] }
            cluster.set("b", "10.0.0.2")
            cluster.set("c", "10.0.0.3")
            try await untilTrue { rig.received.services["c"] == "10.0.0.3" }
            #expect(rig.received.services["b"] == "10.0.0.1")
            // Over a new list, too.
            cluster.order(.error(ServerText.expired))
            try await rig.synced(times: 2)
            cluster.set("d")
            try await untilTrue { rig.received.names == ["a", "b", "c", "d"] }
            #expect(!rig.received.events.contains("-b"))
            #expect(rig.log.spoken.filter { $0.contains("Service default/b") }.count == 1, "\(rig.log.spoken)")
            cluster.change { $0.unreadable = [] }
            cluster.set("b", "10.0.0.4")
            try await rig.settled()
            cluster.delete("b")
            try await rig.settled()
        }
    }
}
