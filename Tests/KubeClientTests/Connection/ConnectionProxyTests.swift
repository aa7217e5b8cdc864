import Testing

@testable import KubeClient

@Suite struct ConnectionProxyTests {
    /// Runs a test behind a proxy, which is closed at the end.
    private func run(
        status: String = "200 OK", certificate: TestCertificates.Pair, host: String = "127.0.0.1",
        login: ProxyServer.Login? = nil, _ body: (KubeConnection, TestAPIServer, TestProxy) async throws -> Void
    ) async throws {
        let proxy = try await TestProxy(status: status)
        do {
            try await ConnectionFixture.run(certificate: certificate, host: host) {
                $0.proxy = .http(host: "127.0.0.1", port: proxy.port, login: login)
                $0.credentials = .token(Secret("hidden"))
            } body: { connection, server in
                try await body(connection, server, proxy)
            }
        } catch {
            await proxy.stop()
            throw error
        }
        await proxy.stop()
    }

    @Test func theServerIsReachedThroughATunnel() async throws {
        let login = ProxyServer.Login(username: "jane", password: Secret("secret"))
        try await run(certificate: try TestCertificates.shared.server, login: login) { connection, server, proxy in
            try await connection.expect(status: 200)
            let head = try #require(proxy.requests.first)
            #expect(head.hasPrefix("CONNECT 127.0.0.1:\(server.port) HTTP/1.1\r\n"))
            #expect(head.lowercased().contains("proxy-authorization: basic amfuztpzzwnyzxq="))
            #expect(!head.contains("hidden"))
            #expect(server.requests.first?.header("Proxy-Authorization") == nil)
        }
    }

    /// It is the server's address that the certificate has to be for, not the proxy's.
    @Test(arguments: [true, false]) func theServersAddressIsVerifiedBehindTheProxy(isRight: Bool) async throws {
        let certificates = try TestCertificates.shared
        let certificate = isRight ? certificates.secondAddress : certificates.server
        try await run(certificate: certificate, host: "127.0.0.2") { connection, server, _ in
            if isRight {
                try await connection.expect(status: 200)
            } else {
                let cause = try await ConnectionFixture.unreachable(connection)
                #expect(cause == "TLS: the server's certificate is not for 127.0.0.2")
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test(arguments: [
        ("407 Proxy Authentication Required", "the proxy wants a user and a password, or others"),
        ("403 Forbidden", "the proxy refused the connection"),
    ])
    func aProxyThatRefusesIsTold(status: String, cause: String) async throws {
        try await run(status: status, certificate: try TestCertificates.shared.server) { connection, server, _ in
            let found = try await ConnectionFixture.unreachable(connection)
            #expect(found == cause)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func theServerIsReachedThroughSOCKS() async throws {
        let proxy = try await TestProxy(status: nil)
        try await ConnectionFixture.run(certificate: try TestCertificates.shared.secondAddress, host: "127.0.0.2") {
            $0.proxy = .socks5(host: "127.0.0.1", port: proxy.port)
        } body: { connection, server in
            try await connection.expect(status: 200)
            #expect(proxy.requests == ["127.0.0.2:\(server.port)"])
        }
        await proxy.stop()
    }
}
