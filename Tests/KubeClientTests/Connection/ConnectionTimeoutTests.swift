import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix
import Testing

@testable import KubeClient

@Suite struct ConnectionTimeoutTests {
    @Test func anAnswerThatDoesNotStartIsGivenUp() async throws {
        try await ConnectionFixture.run(certificate: nil, reply: { _ in .silence }) { connection, server in
            var request = KubeRequest("/version")
            request.headTimeout = .milliseconds(200)
            let cause = try await ConnectionFixture.unreachable(connection, request)
            #expect(cause == "no answer within 200 ms")
            try await ConnectionFixture.wait { server.closedConnections >= server.requests.count }
        }
    }

    /// A listener whose connections nobody serves, as of a server that hangs.
    @Test func aHandshakeThatDoesNotStartIsGivenUp() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let configuration = KubeClientConfiguration(
            server: KubeServer(usesTLS: true, host: "127.0.0.1", port: listener.localAddress?.port ?? 0))
        var limits = ConnectionLimits()
        limits.connectTimeout = .milliseconds(300)
        let connection = try KubeConnection(configuration, limits: limits, logger: ConnectionFixture.logger)
        let cause = try await ConnectionFixture.unreachable(connection)
        #expect(cause.hasPrefix("timed out"))
        await connection.close()
        try await group.shutdownGracefully()
    }

    @Test func aBodyThatFallsSilentIsGivenUp() async throws {
        try await ConnectionFixture.run(certificate: nil, reply: { _ in .stall(after: Array("event".utf8)) }) {
            connection, server in
            var request = KubeRequest("/watch")
            request.idleTimeout = .milliseconds(1500)
            let response = try await connection.send(request)
            var body = response.body.makeAsyncIterator()
            #expect(try await body.next().map { String(buffer: $0) } == "event")
            let error = await #expect(throws: KubeError.self) { _ = try await body.next() }
            guard case .unreachable(_, let cause)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause == "nothing came for 1500 ms in the middle of an answer")
            try await ConnectionFixture.wait { server.closedConnections == 1 }
        }
    }

    /// A reader that takes its time holds the server back, is not taken for silence, and gets everything afterwards.
    @Test func aSlowReaderHoldsTheServerBack() async throws {
        try await ConnectionFixture.run(certificate: nil, reply: { _ in .flood }) { connection, server in
            var request = KubeRequest("/list")
            request.idleTimeout = .seconds(3)
            let response = try await connection.send(request)
            var body = response.body.makeAsyncIterator()
            var received = try await body.next()?.readableBytes ?? 0
            try await Task.sleep(for: .seconds(4))
            let sent = server.floodedByteCount
            #expect(sent < 64 << 20)
            while received <= sent + (1 << 20) {
                let buffer = try #require(try await body.next())
                #expect(buffer.readableBytes <= 1 << 20)
                received += buffer.readableBytes
            }
        }
    }

    @Test func aConnectionHasKeepAliveAndAUserTimeout() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(listener.localAddress)
        let channel = try await ClientBootstrap(group: group).connect(to: address).get()
        try await ConnectionSetup.apply(to: channel, verifying: nil).get()
        let expected: [(CInt, Int)] = [
            (TCP_KEEPIDLE, 15), (TCP_KEEPINTVL, 10), (TCP_KEEPCNT, 3), (TCP_USER_TIMEOUT, 45_000),
        ]
        for (option, value) in expected {
            #expect(try await channel.getOption(.tcpOption(.init(rawValue: option))).get() == value)
        }
        #expect(try await channel.getOption(.socketOption(.so_keepalive)).get() != 0)
        try await group.shutdownGracefully()
    }
}

@Suite struct TokenBucketTests {
    @Test func aBurstIsFreeAndTheRestComesAtTheRate() {
        let start = ContinuousClock.now
        let bucket = TokenBucket(ratePerSecond: 5, burst: 2, now: start)
        let waits = (0..<4).map { _ in bucket.reserve(at: start) }
        #expect(waits == [.zero, .zero, .milliseconds(200), .milliseconds(400)])
        #expect(bucket.reserve(at: start + .milliseconds(600)) == .zero)
        // However long nothing was asked, no more than the burst is saved up.
        let later = start + .seconds(3600)
        #expect((0..<3).map { _ in bucket.reserve(at: later) } == [.zero, .zero, .milliseconds(200)])
    }

    @Test(arguments: [0.0, -1]) func withoutARateThereIsNoLimit(rate: Double) {
        let bucket = TokenBucket(ratePerSecond: rate, burst: 1)
        #expect((0..<100).allSatisfy { _ in bucket.reserve(at: .now) == .zero })
    }

    @Test func aConnectionKeepsToIt() async throws {
        try await ConnectionFixture.run(certificate: nil) {
            $0.requestsPerSecond = 20
            $0.burst = 1
        } body: { connection, _ in
            let start = ContinuousClock.now
            for _ in 0..<5 { _ = try await connection.send(KubeRequest("/version")).text }
            #expect(start.duration(to: .now) >= .milliseconds(190))
        }
    }

    @Test func furtherPagesOfAListAreNotCounted() async throws {
        try await ConnectionFixture.run(certificate: nil) {
            $0.requestsPerSecond = 1.0 / 3600
            $0.burst = 2
        } body: { connection, _ in
            // Each of them would wait for an hour, and so would the last request, were they counted.
            var page = KubeRequest("/version")
            page.isFurtherPage = true
            _ = try await connection.send(KubeRequest("/version")).text
            for _ in 0..<5 { _ = try await connection.send(page).text }
            _ = try await connection.send(KubeRequest("/version")).text
        }
    }
}
