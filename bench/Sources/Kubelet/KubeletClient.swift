import AsyncHTTPClient
import BenchReport
import KubeAPI
import KubeClient
import Logging
import NIOCore

/// KubeClient has one of that name, too, for what kubeconfigs hold.
typealias JSONValue = KubeAPI.JSONValue

/// The API, as the kubelet uses it.
struct KubeletClient: Sendable {
    private static let bodyLimitBytes = 64 << 20
    /// A line of a watch.
    private static let lineLimitBytes = 4 << 20

    private let connection: KubeConnection

    /// - Throws: `KubeConfigError`.
    init(kubeconfig: String, logger: Logger) throws {
        var configuration = try KubeClientConfiguration.resolve(kubeconfig: kubeconfig, master: "")
        configuration.requestsPerSecond = 0
        configuration.userAgent = "kubelet"
        connection = try KubeConnection(configuration, logger: logger)
    }

    /// - Returns: what the API answers, with its code.
    func send(
        _ method: String, _ path: String, query: [(name: String, value: String)] = [], _ body: JSONValue? = nil,
        contentType: String = "application/json"
    ) async throws -> (code: Int, body: JSONValue) {
        var request = KubeRequest(path)
        request.method = method
        request.query = query
        request.headers = [("Accept", "application/json")]
        if let body {
            request.headers.append(("Content-Type", contentType))
            request.body = body.json
        }
        let response = try await connection.send(request)
        let bytes = try await response.body.collect(upTo: Self.bodyLimitBytes)
        return (response.status, (try? JSONValue(json: Array(bytes.readableBytesView))) ?? .null)
    }

    /// Sends until the API takes it, which may be away.
    ///
    /// - Returns: false where the object has gone.
    @discardableResult
    func sendUntilTaken(
        _ method: String, _ path: String, _ body: JSONValue?, contentType: String = "application/json"
    ) async throws -> Bool {
        while true {
            let code = try? await send(method, path, body, contentType: contentType).code
            try Task.checkCancellation()
            switch code {
            case .some(200..<300): return true
            case 404?: return false
            // An object that exists, or one of that name and another uid: as it should be, or gone.
            case 409?: return false
            default: try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Calls `take` with the type and the object of each line of a watch, until it ends.
    func watch(
        _ path: String, query: [(name: String, value: String)],
        _ take: @Sendable (String, JSONValue) async throws -> Void
    ) async throws {
        var request = KubeRequest(path)
        request.query = query + [("watch", "true")]
        request.headers = [("Accept", "application/json")]
        request.idleTimeout = .seconds(3600)
        let response = try await connection.send(request)
        guard response.status == 200 else { return }
        var line: [UInt8] = []
        for try await buffer in response.body {
            for byte in buffer.readableBytesView {
                guard byte == UInt8(ascii: "\n") else {
                    line.append(byte)
                    continue
                }
                guard line.count < Self.lineLimitBytes else { throw BenchmarkError(description: "a line without end") }
                let event = try JSONValue(json: line)
                line.removeAll(keepingCapacity: true)
                try await take(event["type"]?.string ?? "", event["object"] ?? .null)
            }
        }
    }
}
