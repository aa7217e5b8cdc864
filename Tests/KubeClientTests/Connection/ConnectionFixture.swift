import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import Testing

@testable import KubeClient

/// Connections to test servers.
enum ConnectionFixture {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A server at loopback, trusted by the CA of the tests.
    static func configuration(
        _ server: TestAPIServer, usesTLS: Bool = true, host: String = "127.0.0.1"
    ) throws -> KubeClientConfiguration {
        var configuration = KubeClientConfiguration(
            server: KubeServer(usesTLS: usesTLS, host: host, port: server.port))
        if usesTLS { configuration.tls.authority = .file(try TestCertificates.shared.authority.certificate) }
        configuration.requestsPerSecond = 0
        return configuration
    }

    /// Runs a test with a server and a connection, and closes both.
    static func run(
        certificate: TestCertificates.Pair?, clientAuthority: String? = nil, host: String = "127.0.0.1",
        limits: ConnectionLimits = ConnectionLimits(),
        configure: (inout KubeClientConfiguration) throws -> Void = { _ in },
        reply: @escaping @Sendable (TestAPIServer.Request) -> TestAPIServer.Reply = { _ in .ok() },
        body: (KubeConnection, TestAPIServer) async throws -> Void
    ) async throws {
        let server = try await TestAPIServer(
            host: host, certificate: certificate, clientAuthority: clientAuthority, reply: reply)
        do {
            var configuration = try configuration(server, usesTLS: certificate != nil, host: host)
            try configure(&configuration)
            let connection = try KubeConnection(configuration, limits: limits, logger: logger)
            do {
                try await body(connection, server)
            } catch {
                await connection.close()
                throw error
            }
            await connection.close()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// The cause of the failure with which a request ends.
    static func unreachable(
        _ connection: KubeConnection, _ request: KubeRequest = KubeRequest("/version"),
        _ location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let error = await #expect(throws: KubeError.self, sourceLocation: location) {
            _ = try await connection.send(request)
        }
        guard case .unreachable(_, let cause)? = error else {
            Issue.record("\(String(describing: error)) is not unreachable", sourceLocation: location)
            return ""
        }
        return cause
    }

    /// Waits for what is to come; there is no hurry.
    static func wait(
        _ location: SourceLocation = #_sourceLocation, until condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                Issue.record("did not happen within 60 s", sourceLocation: location)
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

extension KubeResponse {
    /// The whole body.
    var text: String {
        get async throws { String(buffer: try await body.collect(upTo: 1 << 24)) }
    }
}

extension KubeConnection {
    /// Asks for "/version".
    func expect(status: Int, _ location: SourceLocation = #_sourceLocation) async throws {
        let found = try await send(KubeRequest("/version")).status
        #expect(found == status, sourceLocation: location)
    }
}
