import AsyncHTTPClient
import FoundationEssentials
import KubeAPI
import Logging
import NIOCore
import NIOSSL
import Net
import ServiceLifecycle
import Testing

@testable import ControlPlane

/// The API over TLS on loopback, as a client sees it.
@Suite struct SecuredAPITests {
    private struct Answer {
        let code: Int
        let text: String
    }

    /// A server with its certificates, while `body` runs.
    private struct Server {
        let fixture: PKIFixture
        let contents: PKIDirectory.Contents
        let tokens: ServiceAccountTokens
        let port: UInt16

        /// - Parameter shown: the client's certificate and key, as PEM.
        func get(
            _ path: String, shown: KeyedCertificate? = nil, authorization: String? = nil, method: String = "GET"
        ) async throws -> Answer {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMBytes(Array(try contents.authority.pair.certificatePEM().utf8)))
            if let shown {
                tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(try shown.certificatePEM().utf8))
                    .map { .certificate($0) }
                tls.privateKey = .privateKey(
                    try NIOSSLPrivateKey(bytes: Array(try shown.keyPEM().utf8), format: .pem))
            }
            let http = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(tlsConfiguration: tls))
            do {
                var request = HTTPClientRequest(url: "https://localhost:\(port)\(path)")
                request.method = .RAW(value: method)
                if let authorization { request.headers.add(name: "Authorization", value: authorization) }
                let response = try await http.execute(request, timeout: .seconds(30))
                let body = try await response.body.collect(upTo: 1 << 20)
                try await http.shutdown()
                return Answer(code: Int(response.status.code), text: String(buffer: body))
            } catch {
                try? await http.shutdown()
                throw error
            }
        }
    }

    private func withServer(_ body: (Server) async throws -> Void) async throws {
        let fixture = PKIFixture()
        let contents = try fixture.pki.prepare(PKIFixture.profile())
        try fixture.write("secret,anna,7,dev\n", "tokens")
        let tokens = ServiceAccountTokens(key: contents.serviceAccounts) { _, _, _ in true }
        var configuration = APIServerConfiguration()
        configuration.tls = try ServingTLS.configuration(
            server: contents.server, clientAuthority: contents.authority)
        configuration.security = APISecurity(
            Authenticator(serviceAccounts: tokens, tokens: try StaticTokens(path: fixture.path("tokens"))))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = APIServer(MemoryStore(), configuration, logger: logger)
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            try await body(Server(fixture: fixture, contents: contents, tokens: tokens, port: try await server.port()))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("who is not known gets 401, but for health and version")
    func anonymous() async throws {
        try await withServer { server in
            for path in ["/api/v1/pods", "/", "/apis", "/healthzz", "/metrics"] {
                let answer = try await server.get(path)
                #expect(answer.code == 401, "\(path)")
                let status = try JSON.decode(Status.self, from: Data(answer.text.utf8))
                #expect(status == Status(code: 401, reason: "Unauthorized", message: "Unauthorized"))
            }
            for path in ["/healthz", "/livez", "/readyz", "/version", "/healthz?verbose"] {
                #expect(try await server.get(path).code == 200, "\(path)")
            }
            #expect(try await server.get("/healthz", method: "POST").code == 401)
        }
    }

    @Test("the administrator's certificate opens everything")
    func administrator() async throws {
        try await withServer { server in
            let answer = try await server.get("/api/v1/pods", shown: server.contents.administrator)
            #expect(answer.code == 200 && answer.text.contains("\"PodList\""))
        }
    }

    @Test("a certificate that is for servers, of another authority, or over ends the handshake")
    func badCertificates() async throws {
        try await withServer { server in
            let authority = server.contents.authority
            let stranger = try PKIFixture().pki.prepare(PKIFixture.profile()).administrator
            let over = try authority.issue(.administrator, now: Date(timeIntervalSinceNow: -400 * 86_400))
            for shown in [server.contents.server, stranger, over] {
                await #expect(throws: (any Error).self) { try await server.get("/healthz", shown: shown) }
            }
        }
    }

    @Test("tokens say who it is, whatever the case of their scheme")
    func tokens() async throws {
        try await withServer { server in
            let account = ServiceAccountClaims(
                namespace: "ci", serviceAccount: .init(name: "build", uid: "u"),
                audiences: [ServiceAccountTokens.issuer], lifetimeSeconds: 600)
            let token = try server.tokens.sign(account)
            for header in ["Bearer secret", "bearer secret", "Bearer \(token)"] {
                #expect(try await server.get("/api/v1/pods", authorization: header).code == 200)
            }
            for header in ["Bearer wrong", "secret", "Basic secret", "Bearer", "Bearer \(token)x"] {
                #expect(try await server.get("/api/v1/pods", authorization: header).code == 401, "\(header)")
            }
        }
    }

    @Test("users are told apart by their certificate's names")
    func names() throws {
        let authority = try PKIFixture().pki.prepare(PKIFixture.profile()).authority
        let profile = CertificateProfile(
            use: .client, commonName: "anna", organization: "dev", dnsNames: [], addresses: [])
        let pem = try authority.issue(profile, now: Date()).certificatePEM()
        let certificate = try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)
        #expect(Authenticator.user(of: certificate) == UserInfo(name: "anna", groups: ["dev"]))
    }
}
