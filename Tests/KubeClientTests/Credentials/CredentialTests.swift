import FoundationEssentials
import KubeAPI
import Synchronization
import Testing

@testable import KubeClient

@Suite struct CredentialTests {
    /// A server that takes one token only, and tells the tokens that it was shown.
    private func run(
        accepts token: String, method: CredentialMethod, limits: CredentialLimits = CredentialLimits(),
        _ body: (KubeConnection, () -> [String?]) async throws -> Void
    ) async throws {
        var connectionLimits = ConnectionLimits()
        connectionLimits.credentials = limits
        try await ConnectionFixture.run(
            certificate: try TestCertificates.shared.server, limits: connectionLimits,
            configure: { $0.credentials = method },
            reply: { $0.header("Authorization") == "Bearer \(token)" ? .ok() : .answer(401) }
        ) { connection, server in
            try await body(connection) { server.requests.map { $0.header("Authorization") } }
        }
    }

    @Test func aTokenFileIsReadAgainAfterARefusal() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("token", " old\n")
        try await run(accepts: "new", method: .tokenFile(path: file, otherwise: nil)) { connection, shown in
            // Nothing else to show: the refusal is handed out.
            try await connection.expect(status: 401)
            #expect(shown() == ["Bearer old"])
            try folder.write("token", "new\n")
            try await connection.expect(status: 200)
            #expect(shown() == ["Bearer old", "Bearer old", "Bearer new"])
            try await connection.expect(status: 200)
            #expect(shown().last == "Bearer new")
        }
    }

    @Test func aTokenFileIsReadAgainWithTime() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("token", "one")
        let clock = Mutex(Timestamp(microsecondsSinceEpoch: 0))
        let source = CredentialSource(
            .tokenFile(path: file, otherwise: nil), limits: CredentialLimits(), logger: ConnectionFixture.logger,
            now: { clock.withLock { $0 } })
        #expect(try await source.current() == Credentials(bearer: Secret("one")))
        try folder.write("token", "two")
        clock.withLock { $0.microsecondsSinceEpoch = 49_000_000 }
        #expect(try await source.current() == Credentials(bearer: Secret("one")))
        clock.withLock { $0.microsecondsSinceEpoch = 51_000_000 }
        #expect(try await source.current() == Credentials(bearer: Secret("two")))
        // A file that has gone, or is not whole, leaves the token.
        clock.withLock { $0.microsecondsSinceEpoch = 200_000_000 }
        try folder.write("token", " ")
        #expect(try await source.current() == Credentials(bearer: Secret("two")))
        clock.withLock { $0.microsecondsSinceEpoch = 400_000_000 }
        try FileManager.default.removeItem(atPath: file)
        #expect(try await source.current() == Credentials(bearer: Secret("two")))
    }

    @Test func aTokenFileThatCannotBeReadIsNamed() async throws {
        let folder = try TemporaryFolder()
        let files = [
            ("\(folder.path)/none", "no such file"),
            (try folder.write("empty", "\n"), "holds no token"),
            (try folder.write("two-lines", "hid\nden"), "holds a token with characters that no header may have"),
            (folder.path, "not a regular file"),
        ]
        for (file, problem) in files {
            let source = CredentialSource(
                .tokenFile(path: file, otherwise: nil), limits: CredentialLimits(), logger: ConnectionFixture.logger)
            let error = await #expect(throws: KubeError.self) { _ = try await source.current() }
            #expect(error.map { "\($0)" } == "token file \(file): \(problem)")
            let fallback = CredentialSource(
                .tokenFile(path: file, otherwise: Secret("other")), limits: CredentialLimits(),
                logger: ConnectionFixture.logger)
            #expect(try await fallback.current() == Credentials(bearer: Secret("other")))
        }
    }

    @Test func aStaticTokenThatIsRefusedIsShownOnce() async throws {
        try await run(accepts: "new", method: .token(Secret("old"))) { connection, shown in
            try await connection.expect(status: 401)
            #expect(shown() == ["Bearer old"])
        }
    }

    @Test func aPluginRunsAgainAfterARefusal() async throws {
        let plugin = try TestPlugin("n=$(cat count 2>/dev/null || echo 0); echo $((n+1)) > count; token=token-$((n+1))")
        try await run(accepts: "token-2", method: .exec(plugin.exec)) { connection, shown in
            try await connection.expect(status: 200)
            #expect(shown() == ["Bearer token-1", "Bearer token-2"])
            try await connection.expect(status: 200)
            let runs = try plugin.runs
            #expect(runs == 2)
        }
    }

    @Test func aPluginThatFailsAfterARefusalLeavesTheRefusal() async throws {
        let plugin = try TestPlugin("[ -e count ] && exit 3; echo 1 > count; token=old")
        try await run(accepts: "new", method: .exec(plugin.exec)) { connection, shown in
            try await connection.expect(status: 401)
            #expect(shown() == ["Bearer old"])
        }
    }

    @Test func aPluginsCertificateIsSent() async throws {
        let certificates = try TestCertificates.shared
        let plugin = try TestPlugin(
            certificate: try TemporaryFolder.text(certificates.client.certificate),
            key: try TemporaryFolder.text(certificates.client.key))
        try await ConnectionFixture.run(
            certificate: certificates.server, clientAuthority: certificates.authority.certificate
        ) {
            $0.credentials = .exec(plugin.exec)
        } body: { connection, server in
            try await connection.expect(status: 200)
            try await connection.expect(status: 200)
            #expect(server.requests.allSatisfy { $0.header("Authorization") == nil })
        }
    }

    @Test func secretsAreNotShown() {
        let secret = Secret("hidden")
        let credentials = Credentials(username: "jane", password: secret)
        var shown = "\(secret) \(String(reflecting: secret)) \(credentials) \(CredentialMethod.token(secret))"
        dump(credentials, to: &shown)
        dump(PEMSource.data(secret), to: &shown)
        #expect(!shown.contains("hidden"))
        #expect(!shown.contains("Basic"))
        #expect(!shown.contains("104"))
    }
}
