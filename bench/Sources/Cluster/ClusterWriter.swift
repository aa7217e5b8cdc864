import AsyncHTTPClient
import BenchReport
import FoundationEssentials
import KubeAPI
import NIOCore
import NIOPosix
import NIOSSL
import Netlink
import TestSupport

/// Writes objects to an API server, many at a time.
final class ClusterWriter: Sendable {
    private static let concurrency = 64
    private let group: MultiThreadedEventLoopGroup
    private let client: HTTPClient

    /// In the network namespace of the server.
    init(_ namespace: NetworkNamespace) throws {
        let group = try namespace.run { MultiThreadedEventLoopGroup(numberOfThreads: 1) }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.concurrency
        configuration.httpVersion = .http1Only
        self.group = group
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    /// - Returns: when the answer was there.
    /// - Throws: `BenchmarkError` when it is none of success.
    @discardableResult
    func write(_ object: some KubernetesObject, _ method: String) async throws -> ContinuousClock.Instant {
        let resource = type(of: object).resource
        let root = resource.group.isEmpty ? "/api/v1" : "/apis/\(resource.apiVersion)"
        let collection =
            resource.isNamespaced ? "\(root)/namespaces/default/\(resource.plural)" : "\(root)/\(resource.plural)"
        let path = method == "POST" ? collection : "\(collection)/\(object.metadata.name)"
        var request = HTTPClientRequest(url: KubeAPIServer.url + path)
        request.method = .RAW(value: method)
        request.headers.add(name: "Authorization", value: "Bearer admin")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes([UInt8](try JSON.encode(object)))
        let response = try await client.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 1 << 20)
        let now = ContinuousClock.now
        guard (200..<300).contains(response.status.code) else {
            throw BenchmarkError(
                description: "\(method) \(path): \(response.status): \(String(buffer: body).prefix(300))")
        }
        return now
    }

    /// Calls `body` for each number, many at a time.
    func forEach(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= Self.concurrency { try await group.next() }
                group.addTask { try await body(number) }
            }
            try await group.waitForAll()
        }
    }

    func stop() async {
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }
}
