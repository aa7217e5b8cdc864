import Testing

@testable import KubeClient

@Suite struct ConnectionProxyTests {
    private static let jane = ProxyServer.Login(username: "jane", password: Secret("secret"))

    /// Runs a test behind a proxy, which is closed at the end.
    private func run(
        _ kind: TestProxy.Kind = .connect(status: "200 OK"), scheme: ProxyServer.Scheme = .http,
        proxyCertificate: TestCertificates.Pair? = nil, certificate: TestCertificates.Pair?,
        host: String = "127.0.0.1", login: ProxyServer.Login? = nil, limits: ConnectionLimits = ConnectionLimits(),
        configure: (inout KubeClientConfiguration) -> Void = { _ in },
        reply: @escaping @Sendable (TestAPIServer.Request) -> TestAPIServer.Reply = { _ in .ok() },
        _ body: (KubeConnection, TestAPIServer, TestProxy) async throws -> Void
    ) async throws {
        let certificates = try TestCertificates.shared
        let proxy = try await TestProxy(
            kind, certificate: scheme == .https ? proxyCertificate ?? certificates.server : nil)
        do {
            try await ConnectionFixture.run(
                certificate: certificate, host: host, limits: limits,
                configure: {
                    $0.proxy = ProxyServer(scheme, host: "127.0.0.1", port: proxy.port, login: login)
                    $0.credentials = .token(Secret("hidden"))
                    configure(&$0)
                },
                reply: reply
            ) { connection, server in
                try await body(connection, server, proxy)
            }
        } catch {
            await proxy.stop()
            throw error
        }
        await proxy.stop()
    }

    @Test(arguments: [ProxyServer.Scheme.http, .https])
    func theServerIsReachedThroughATunnel(scheme: ProxyServer.Scheme) async throws {
        let certificate = try TestCertificates.shared.server
        try await run(scheme: scheme, certificate: certificate, login: Self.jane) { connection, server, proxy in
            for _ in 0..<2 {
                // A body that is not read ends its connection.
                let text = try await connection.send(KubeRequest("/version")).text
                #expect(text == "{}")
            }
            #expect(proxy.requests.count == 1)
            let head = try #require(proxy.requests.first)
            #expect(head.hasPrefix("CONNECT 127.0.0.1:\(server.port) HTTP/1.1\r\n"))
            #expect(head.lowercased().contains("proxy-authorization: basic amfuztpzzwnyzxq="))
            #expect(!head.contains("hidden"))
            #expect(server.requests.count == 2)
            #expect(server.requests.first?.header("Proxy-Authorization") == nil)
            #expect(server.requests.first?.header("Authorization") == "Bearer hidden")
            #expect(server.requests.first?.header("Host") == "127.0.0.1:\(server.port)")
        }
    }

    /// It is the server's address that the certificate has to be for, not the proxy's.
    @Test(arguments: [ProxyServer.Scheme.http, .https], [true, false])
    func theServersAddressIsVerifiedBehindTheProxy(scheme: ProxyServer.Scheme, isRight: Bool) async throws {
        let certificates = try TestCertificates.shared
        let certificate = isRight ? certificates.secondAddress : certificates.server
        try await run(scheme: scheme, certificate: certificate, host: "127.0.0.2") { connection, server, _ in
            if isRight {
                try await connection.expect(status: 200)
            } else {
                let cause = try await ConnectionFixture.unreachable(connection)
                #expect(cause == "TLS: the server's certificate is not for 127.0.0.2")
                #expect(server.requests.isEmpty)
            }
        }
    }

    /// The proxy resolves the name, and the certificate has to be for it.
    @Test(arguments: [ProxyServer.Scheme.http, .https, .socks5], [true, false])
    func theServersNameIsVerifiedBehindTheProxy(scheme: ProxyServer.Scheme, isRight: Bool) async throws {
        let certificates = try TestCertificates.shared
        try await run(
            scheme == .socks5 ? .socks(login: nil) : .connect(status: "200 OK"), scheme: scheme,
            certificate: isRight ? certificates.named : certificates.server,
            configure: { $0.server = KubeServer(usesTLS: true, host: "kube.test", port: $0.server.port) }
        ) { connection, server, proxy in
            if isRight {
                try await connection.expect(status: 200)
                #expect(server.requests.first?.header("Host") == "kube.test:\(server.port)")
            } else {
                let cause = try await ConnectionFixture.unreachable(connection)
                #expect(cause == "TLS: the server's certificate is not for kube.test")
                #expect(server.requests.isEmpty)
            }
            #expect(proxy.requests.first?.contains("kube.test:\(server.port)") == true)
        }
    }

    @Test func theConfiguredNameIsVerifiedBehindTheProxy() async throws {
        try await run(
            scheme: .https, certificate: try TestCertificates.shared.named,
            configure: { $0.tls.serverName = "kube.test" }
        ) { connection, server, proxy in
            try await connection.expect(status: 200)
            #expect(proxy.requests.first?.hasPrefix("CONNECT 127.0.0.1:\(server.port) ") == true)
        }
    }

    @Test func plainHTTPGoesThroughATunnelToo() async throws {
        let authority = try TestCertificates.shared.authority.certificate
        try await run(
            scheme: .https, certificate: nil, configure: { $0.tls.authority = .file(authority) }
        ) { connection, server, proxy in
            try await connection.expect(status: 200)
            #expect(proxy.requests.first?.hasPrefix("CONNECT 127.0.0.1:\(server.port) ") == true)
            #expect(server.requests.first?.header("Host") == "127.0.0.1:\(server.port)")
        }
    }

    @Test func aLargeAnswerComesThroughBothLayersOfTLS() async throws {
        let text = String(repeating: "0123456789abcdef", count: 1 << 18)
        try await run(
            scheme: .https, certificate: try TestCertificates.shared.server, reply: { _ in .ok(text) }
        ) { connection, _, _ in
            let received = try await connection.send(KubeRequest("/version")).text
            #expect(received == text)
        }
    }

    @Test func aProxyOfAnotherCAIsRefusedBeforeItHearsAnything() async throws {
        let certificates = try TestCertificates.shared
        try await run(
            scheme: .https, proxyCertificate: certificates.otherServer, certificate: certificates.server,
            login: Self.jane
        ) { connection, server, proxy in
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(
                cause
                    == "on the way to the proxy: TLS: the server's certificate is not one that the trusted CAs vouch for"
            )
            #expect(proxy.requests.isEmpty && server.requests.isEmpty)
        }
    }

    @Test func aProxyWithAnotherNameIsRefusedBeforeItHearsAnything() async throws {
        let certificates = try TestCertificates.shared
        try await run(
            scheme: .https, proxyCertificate: certificates.named, certificate: certificates.server, login: Self.jane
        ) { connection, server, proxy in
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(cause.hasPrefix("on the way to the proxy: TLS: the server's certificate is not for 127.0.0.1"))
            #expect(proxy.requests.isEmpty && server.requests.isEmpty)
        }
    }

    @Test(arguments: [
        (
            ProxyServer.Scheme.http, "407 Proxy Authentication Required",
            "the proxy wants a user and a password, or others"
        ),
        (.http, "403 Forbidden", "the proxy refused the connection: 403 Forbidden"),
        (.https, "502 Bad Gateway", "the proxy refused the connection: 502 Bad Gateway"),
    ])
    func aProxyThatRefusesIsTold(scheme: ProxyServer.Scheme, status: String, cause: String) async throws {
        let certificate = try TestCertificates.shared.server
        try await run(.connect(status: status), scheme: scheme, certificate: certificate) { connection, server, _ in
            let found = try await ConnectionFixture.unreachable(connection)
            #expect(found == cause)
            #expect(server.requests.isEmpty)
        }
    }

    @Test(arguments: [
        ("SSH-2.0-x\r\n\r\n", "what should be a proxy answers with something else"),
        ("HTTP/1.1 200 OK\r\n\r\nmore", "what should be a proxy answers with something else"),
        ("HTTP/1.1 200 OK\r\n", "on the way to the proxy: timed out while connecting"),
    ])
    func whatIsNoProxyIsTold(answer: String, cause: String) async throws {
        var limits = ConnectionLimits()
        limits.connectTimeout = .milliseconds(500)
        try await run(
            .raw(Array(answer.utf8)), certificate: try TestCertificates.shared.server, limits: limits
        ) { connection, server, _ in
            let found = try await ConnectionFixture.unreachable(connection)
            #expect(found == cause || found == "timed out while connecting" && cause.hasSuffix(found))
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aProxyThatIsNotThereIsTold() async throws {
        var limits = ConnectionLimits()
        // What is at stake is not how fast a busy machine is.
        limits.connectTimeout = .seconds(60)
        // No test listens at port 1, as one may at a port that another one has left.
        try await run(
            scheme: .https, certificate: try TestCertificates.shared.server, limits: limits,
            configure: { $0.proxy = ProxyServer(.https, host: "127.0.0.1", port: 1) }
        ) { connection, _, _ in
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(cause == "connection refused")
        }
    }

    @Test(arguments: [false, true]) func theServerIsReachedThroughSOCKS(hasLogin: Bool) async throws {
        let login = hasLogin ? Self.jane : nil
        try await run(
            .socks(login: login), scheme: .socks5, certificate: try TestCertificates.shared.secondAddress,
            host: "127.0.0.2", login: Self.jane
        ) { connection, server, proxy in
            try await connection.expect(status: 200)
            #expect(proxy.requests == ["127.0.0.2:\(server.port)"])
        }
    }

    @Test(arguments: [nil, ProxyServer.Login(username: "jane", password: Secret("secreT"))])
    func aSOCKSProxyThatWantsAnotherLoginIsTold(login: ProxyServer.Login?) async throws {
        try await run(
            .socks(login: Self.jane), scheme: .socks5, certificate: try TestCertificates.shared.server, login: login
        ) { connection, _, proxy in
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(cause == "the proxy wants a user and a password, or others")
            #expect(proxy.requests.isEmpty)
        }
    }
}
