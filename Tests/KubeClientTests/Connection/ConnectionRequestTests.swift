import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import TestSupport
import Testing

@testable import KubeClient

@Suite struct ConnectionRequestTests {
    @Test func whatARequestHoldsComesToTheServer() async throws {
        try await ConnectionFixture.run(certificate: try TestCertificates.shared.server) {
            $0 = $0.with(pathPrefix: "/k8s/c-1")
            $0.credentials = .token(Secret("abc"))
            $0.userAgent = KubeClientConfiguration.userAgent(version: "1.2")
            $0.impersonation = Impersonation(user: "jane")
            $0.impersonation?.groups = ["a", "b"]
            $0.impersonation?.uid = "7"
            $0.impersonation?.extra = ["example.org/scope": ["x"]]
        } body: { connection, server in
            var request = KubeRequest("/api/v1/events")
            request.method = "POST"
            request.query = [("labelSelector", "!a/b,c=d e"), ("watch", "1")]
            request.headers = [("X-Test", "1")]
            request.body = Array(#"{"a":1}"#.utf8)
            _ = try await connection.send(request)
            let received = try #require(server.requests.first)
            #expect(received.head.method == .POST)
            #expect(received.head.uri == "/k8s/c-1/api/v1/events?labelSelector=%21a%2Fb%2Cc%3Dd%20e&watch=1")
            #expect(received.header("Authorization") == "Bearer abc")
            #expect(received.header("User-Agent")?.hasPrefix("fairlead/1.2 (linux/") == true)
            #expect(received.header("Accept") == "application/json")
            #expect(received.header("Accept-Encoding") == "gzip")
            #expect(received.header("Content-Type") == "application/json")
            #expect(received.header("X-Test") == "1")
            #expect(received.header("Impersonate-User") == "jane")
            #expect(received.head.headers["Impersonate-Group"] == ["a", "b"])
            #expect(received.header("Impersonate-Uid") == "7")
            #expect(received.header("Impersonate-Extra-example.org%2Fscope") == "x")
            #expect(received.body == request.body)
        }
    }

    @Test func aUserAndAPasswordAreSentAsBasicAuthentication() async throws {
        try await ConnectionFixture.run(certificate: try TestCertificates.shared.server) {
            $0.credentials = .basic(username: "jane", password: Secret("s:ecret"))
        } body: { connection, server in
            _ = try await connection.send(KubeRequest("/version"))
            #expect(server.requests.first?.header("Authorization") == "Basic amFuZTpzOmVjcmV0")
        }
    }

    /// HTTP allows a date, too; client-go takes seconds only (rest/request.go `retryAfterSeconds`).
    @Test(arguments: ["Fri, 31 Dec 2027 23:59:59 GMT", "soon", "", "1.5"])
    func aRetryAfterThatIsNoNumberOfSecondsIsNone(value: String) async throws {
        try await ConnectionFixture.run(
            certificate: nil, reply: { _ in .answer(503, headers: [("Retry-After", value)], body: []) }
        ) { connection, _ in
            let response = try await connection.send(KubeRequest("/version"))
            #expect(response.status == 503)
            #expect(response.retryAfterSeconds == nil)
        }
    }

    @Test func statusAndRetryAfterAreHandedOut() async throws {
        try await ConnectionFixture.run(
            certificate: nil,
            reply: { _ in .answer(429, headers: [("Retry-After", "7")], body: Array("slow".utf8)) }
        ) { connection, _ in
            let response = try await connection.send(KubeRequest("/version"))
            #expect(response.status == 429)
            #expect(response.retryAfterSeconds == 7)
            #expect(try await response.text == "slow")
        }
    }

    @Test func compressedAnswersAreReadable() async throws {
        let text = String(repeating: "EndpointSlice ", count: 1000)
        try await ConnectionFixture.run(
            certificate: nil,
            reply: { request in
                request.header("Accept-Encoding") == "gzip"
                    ? .answer(200, headers: [("Content-Encoding", "gzip")], body: Self.gzip(Array(text.utf8)))
                    : .ok("not asked for")
            }
        ) { connection, _ in
            let response = try await connection.send(KubeRequest("/version"))
            #expect(try await response.text == text)
        }
    }

    @Test func compressionIsNotAskedForWhereItIsDisabled() async throws {
        try await ConnectionFixture.run(certificate: nil) {
            $0.disablesCompression = true
        } body: { connection, server in
            _ = try await connection.send(KubeRequest("/version"))
            #expect(server.requests.first?.header("Accept-Encoding") == nil)
        }
    }

    @Test func aConnectionIsUsedAgain() async throws {
        try await ConnectionFixture.run(certificate: try TestCertificates.shared.server) { connection, server in
            for _ in 0..<3 {
                let text = try await connection.send(KubeRequest("/version")).text
                #expect(text == "{}")
            }
            #expect(server.requests.count == 3 && server.closedConnections == 0)
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        let other = try await TestAPIServer { _ in .ok() }
        let port = other.port
        try await ConnectionFixture.run(
            certificate: nil,
            reply: { _ in .answer(302, headers: [("Location", "http://127.0.0.1:\(port)/version")]) }
        ) { connection, _ in
            try await connection.expect(status: 302)
            #expect(other.requests.isEmpty)
        }
        await other.stop()
    }

    @Test func aBodyThatIsDroppedEndsItsConnection() async throws {
        try await ConnectionFixture.run(certificate: nil, reply: { _ in .stall(after: [0x20]) }) { connection, server in
            for _ in 0..<3 { _ = try await connection.send(KubeRequest("/watch")) }
            try await ConnectionFixture.wait { server.closedConnections == 3 }
        }
    }

    @Test func aRequestThatIsCancelledEnds() async throws {
        try await ConnectionFixture.run(certificate: nil, reply: { _ in .silence }) { connection, server in
            let request = Task { _ = try await connection.send(KubeRequest("/version")) }
            try await ConnectionFixture.wait { server.requests.count == 1 }
            request.cancel()
            await #expect(throws: CancellationError.self) { try await request.value }
            try await ConnectionFixture.wait { server.closedConnections == 1 }
        }
    }

    @Test func closingEndsRequestsAndRefusesLaterOnes() async throws {
        try await ConnectionFixture.run(certificate: nil, reply: { _ in .stall(after: [0x20]) }) { connection, _ in
            let response = try await connection.send(KubeRequest("/watch"))
            var body = response.body.makeAsyncIterator()
            #expect(try await body.next()?.readableBytes == 1)
            await connection.close()
            await #expect(throws: KubeError.self) { _ = try await body.next() }
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(cause == "the client was closed")
        }
    }

    @Test func aServerThatIsNotThereIsNamed() async throws {
        let server = try await TestAPIServer { _ in .ok() }
        var configuration = try ConnectionFixture.configuration(server, usesTLS: false)
        await server.stop()
        configuration.credentials = .token(Secret("hidden"))
        let connection = try KubeConnection(configuration, logger: ConnectionFixture.logger)
        // A program that another test starts just then holds the closed socket for a moment.
        try await eventually {
            let error = await #expect(throws: KubeError.self) { _ = try await connection.send(KubeRequest("/version")) }
            return error.map { "\($0)" } == "API server http://127.0.0.1:\(server.port): connection refused"
        }
        await connection.close()
    }

    @Test func aConnectionThatIsNotClosedIsNoLeak() async throws {
        let server = try await TestAPIServer { _ in .ok() }
        do {
            let connection = try KubeConnection(
                try ConnectionFixture.configuration(server, usesTLS: false), logger: ConnectionFixture.logger)
            let response = try await connection.send(KubeRequest("/version"))
            #expect(try await response.text == "{}")
        }
        try await ConnectionFixture.wait { server.closedConnections == 1 }
        await server.stop()
    }

    /// The bytes in gzip's format (RFC 1952), in one block that is stored as it is (RFC 1951, 3.2.4).
    private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        func littleEndian(_ number: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
        }
        var checksum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
        }
        let length = littleEndian(UInt32(bytes.count), 2)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + [1] + length + length.map { ~$0 } + bytes
            + littleEndian(~checksum, 4) + littleEndian(UInt32(bytes.count), 4)
    }
}

extension KubeClientConfiguration {
    fileprivate func with(pathPrefix: String) -> KubeClientConfiguration {
        var copy = self
        copy.server = KubeServer(
            usesTLS: server.usesTLS, host: server.host, port: server.port, pathPrefix: pathPrefix)
        return copy
    }
}
