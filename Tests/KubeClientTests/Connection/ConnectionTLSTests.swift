import FoundationEssentials
import Testing

@testable import KubeClient

@Suite struct ConnectionTLSTests {
    private func certificates() throws -> TestCertificates { try TestCertificates.shared }

    @Test func aServerOfTheConfiguredCAIsTrusted() async throws {
        try await ConnectionFixture.run(certificate: try certificates().server, reply: { _ in .ok("hello") }) {
            connection, _ in
            let response = try await connection.send(KubeRequest("/version"))
            #expect(response.status == 200)
            #expect(try await response.text == "hello")
        }
    }

    @Test func theCAMayBeInTheConfigurationItself() async throws {
        let pem = try TemporaryFolder.text(certificates().authority.certificate)
        try await ConnectionFixture.run(certificate: try certificates().server) {
            $0.tls.authority = .data(Secret(pem))
        } body: { connection, _ in
            try await connection.expect(status: 200)
        }
    }

    @Test func aServerOfAnotherCAIsRefused() async throws {
        try await ConnectionFixture.run(certificate: try certificates().otherServer) { connection, server in
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(cause == "TLS: the server's certificate is not one that the trusted CAs vouch for")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func withoutACAThoseOfTheSystemCount() async throws {
        try await ConnectionFixture.run(certificate: try certificates().server) {
            $0.tls.authority = nil
        } body: { connection, server in
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(cause.contains("vouch for"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        try await ConnectionFixture.run(certificate: try certificates().named) { connection, server in
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(cause == "TLS: the server's certificate is not for 127.0.0.1")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aCertificateForAnotherNameIsAcceptedWhereThatNameIsConfigured() async throws {
        try await ConnectionFixture.run(certificate: try certificates().named) {
            $0.tls.serverName = "kube.test"
        } body: { connection, server in
            try await connection.expect(status: 200)
            #expect(server.requests.first?.header("Host") == "127.0.0.1:\(server.port)")
        }
    }

    @Test(arguments: [("127.0.0.2", true), ("127.0.0.3", false), ("127.0.0.1", false)])
    func theConfiguredNameMayBeAnAddress(name: String, isAccepted: Bool) async throws {
        try await ConnectionFixture.run(certificate: try certificates().secondAddress) {
            $0.tls.serverName = name
        } body: { connection, server in
            if isAccepted {
                try await connection.expect(status: 200)
            } else {
                let cause = try await ConnectionFixture.unreachable(connection)
                #expect(cause == "TLS: the server's certificate is not for \(name)")
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test func verificationCanBeSkipped() async throws {
        try await ConnectionFixture.run(certificate: try certificates().otherServer) {
            $0.tls.authority = nil
            $0.tls.skipsVerification = true
        } body: { connection, _ in
            try await connection.expect(status: 200)
        }
    }

    @Test func aServerWithoutTLSIsToldApart() async throws {
        try await ConnectionFixture.run(certificate: nil) {
            $0 = KubeClientConfiguration(server: KubeServer(usesTLS: true, host: "127.0.0.1", port: $0.server.port))
        } body: { connection, _ in
            let cause = try await ConnectionFixture.unreachable(connection)
            #expect(cause == "TLS: the server does not speak TLS")
        }
    }

    @Test func aClientCertificateIsSent() async throws {
        let certificates = try certificates()
        try await ConnectionFixture.run(
            certificate: certificates.server, clientAuthority: certificates.authority.certificate
        ) {
            $0.tls.clientCertificate = ClientCertificate(
                certificate: .file(certificates.client.certificate), key: .file(certificates.client.key))
        } body: { connection, _ in
            try await connection.expect(status: 200)
        }
    }

    @Test func aServerThatWantsAClientCertificateRefusesAConnectionWithoutOne() async throws {
        let certificates = try certificates()
        try await ConnectionFixture.run(
            certificate: certificates.server, clientAuthority: certificates.authority.certificate
        ) { connection, server in
            _ = try await ConnectionFixture.unreachable(connection)
            #expect(server.requests.isEmpty)
        }
    }

    @Test func oneFileMayHoldCertificateAndKey() async throws {
        let certificates = try certificates()
        let folder = try TemporaryFolder()
        let text =
            try TemporaryFolder.text(certificates.client.key) + TemporaryFolder.text(certificates.client.certificate)
        let file = try folder.write("client.pem", text)
        try await ConnectionFixture.run(
            certificate: certificates.server, clientAuthority: certificates.authority.certificate
        ) {
            $0.tls.clientCertificate = ClientCertificate(certificate: .file(file), key: .file(file))
        } body: { connection, _ in
            try await connection.expect(status: 200)
        }
    }

    @Test func anIPv6AddressIsReachedAndVerified() async throws {
        try await ConnectionFixture.run(certificate: try certificates().server, host: "::1") { connection, server in
            try await connection.expect(status: 200)
            #expect(server.requests.first?.header("Host") == "[::1]:\(server.port)")
        }
    }
}
