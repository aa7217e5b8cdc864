import FoundationEssentials
import Testing

@testable import KubeClient

@Suite struct ConnectionRotationTests {
    @Test func aNewCAInTheFileIsTrustedAfterTheFailure() async throws {
        let certificates = try TestCertificates.shared
        let folder = try TemporaryFolder()
        try folder.copy(certificates.authority.certificate, as: "ca.crt")
        try await ConnectionFixture.run(certificate: certificates.otherServer) {
            $0.tls.authority = .file("\(folder.path)/ca.crt")
        } body: { connection, _ in
            _ = try await ConnectionFixture.unreachable(connection)
            try folder.copy(certificates.otherAuthority.certificate, as: "ca.crt")
            try await connection.expect(status: 200)
        }
    }

    @Test func aNewClientCertificateIsSentAndLeavesOpenRequestsAlone() async throws {
        let certificates = try TestCertificates.shared
        let folder = try TemporaryFolder()
        try folder.copy(certificates.client.certificate, as: "client.crt")
        try folder.copy(certificates.client.key, as: "client.key")
        let (chunks, sink) = AsyncStream<[UInt8]>.makeStream()
        var limits = ConnectionLimits()
        limits.fileReloadInterval = .zero
        try await ConnectionFixture.run(
            certificate: certificates.server, clientAuthority: certificates.authority.certificate, limits: limits,
            configure: {
                $0.tls.clientCertificate = ClientCertificate(
                    certificate: .file("\(folder.path)/client.crt"), key: .file("\(folder.path)/client.key"))
            },
            reply: { $0.head.uri == "/watch" ? .chunks(chunks) : .ok() }
        ) { connection, _ in
            let watch = try await connection.send(KubeRequest("/watch"))
            var events = watch.body.makeAsyncIterator()
            sink.yield(Array("before".utf8))
            #expect(try await events.next().map { String(buffer: $0) } == "before")

            // A certificate without its key, as in the middle of a rotation: the old pair goes on.
            try folder.copy(certificates.otherClient.certificate, as: "client.crt")
            try await connection.expect(status: 200)
            // The server does not know this one's CA: that it fails shows that it is sent.
            try folder.copy(certificates.otherClient.key, as: "client.key")
            _ = try await ConnectionFixture.unreachable(connection)
            try folder.copy(certificates.client.certificate, as: "client.crt")
            try folder.copy(certificates.client.key, as: "client.key")
            try await connection.expect(status: 200)

            sink.yield(Array("after".utf8))
            #expect(try await events.next().map { String(buffer: $0) } == "after")
            // Closing ends also what was begun with the first certificate.
            await connection.close()
            await #expect(throws: KubeError.self) { _ = try await events.next() }
            sink.finish()
        }
    }

    @Test func filesThatCannotBeUsedAreRefusedAtTheStart() throws {
        let certificates = try TestCertificates.shared
        let folder = try TemporaryFolder()
        let garbage = try folder.write("garbage", "no PEM")
        var configuration = KubeClientConfiguration(server: KubeServer(usesTLS: true, host: "127.0.0.1", port: 1))
        configuration.origin = "kubeconfig test: context 'a'"
        func problem(_ change: (inout TLSOptions) -> Void) -> String {
            var changed = configuration
            change(&changed.tls)
            let error = #expect(throws: KubeConfigError.self) { try changed.validate() }
            let same = #expect(throws: KubeConfigError.self) {
                _ = try KubeConnection(changed, logger: ConnectionFixture.logger)
            }
            #expect(error == same)
            return error.map { "\($0)" } ?? ""
        }
        let start = "kubeconfig test: context 'a': "
        #expect(problem { $0.authority = .file("/none") } == start + "certificate-authority: /none: no such file")
        #expect(
            problem { $0.authority = .file(garbage) } == start
                + "certificate-authority: \(garbage): no certificate in PEM")
        #expect(
            problem { $0.authority = .data(Secret("x")) }
                == start + "certificate-authority: the data: no certificate in PEM")
        let client = certificates.client
        #expect(
            problem {
                $0.clientCertificate = ClientCertificate(certificate: .file(client.certificate), key: .file(garbage))
            }
                == start + "client-key: \(garbage): no private key in PEM")
        #expect(
            problem {
                $0.clientCertificate = ClientCertificate(
                    certificate: .file(client.certificate), key: .file(certificates.server.key))
            } == start + "client-key: is not the key of the client-certificate")
    }
}
