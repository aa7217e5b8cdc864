import AsyncHTTPClient
import KubeAPI
import NIOCore
import NIOHTTP1
import Synchronization

@testable import KubeClient

/// Requests without TLS and credentials to a server at 127.0.0.1.
final class PlainTransport: KubeTransport {
    let port: Int
    private let client: HTTPClient
    private let sent = Mutex<[KubeRequest]>([])

    /// - Parameter idleTimeout: in place of what requests ask for, so that tests need not wait.
    init(port: Int, idleTimeout: Duration) {
        self.port = port
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(10)
        // As the real one: a server that is not there is told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.read = .init(idleTimeout)
        configuration.decompression = .enabled(limit: .none)
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    var requests: [KubeRequest] { sent.withLock { $0 } }

    func send(_ request: KubeRequest) async throws -> KubeResponse {
        sent.withLock { $0.append(request) }
        let query = request.query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        var message = HTTPClientRequest(
            url: "http://127.0.0.1:\(port)\(request.path)" + (query.isEmpty ? "" : "?\(query.joined(separator: "&"))"))
        message.method = HTTPMethod(rawValue: request.method)
        for header in request.headers { message.headers.add(name: header.name, value: header.value) }
        if let body = request.body { message.body = .bytes(body) }
        do {
            let response = try await client.execute(message, deadline: .distantFuture)
            return KubeResponse(
                status: Int(response.status.code),
                retryAfterSeconds: response.headers.first(name: "Retry-After").flatMap { Int($0) },
                body: response.body)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw KubeError.unreachable(server: "127.0.0.1", cause: "\(error)")
        }
    }

    func shutDown() async throws { try await client.shutdown() }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            guard byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) else {
                return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
            return String(character)
        }.joined()
    }
}
