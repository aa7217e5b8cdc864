import BenchReport
import KubeAPI
import NIOCore
import NIOPosix
import Netlink

/// Connections to an API server, on event loops in its network namespace.
final class APIClients: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let endpoint: APIEndpoint
    /// For single requests.
    let connection: APIConnection

    /// - Parameter loops: threads; connections are spread over them.
    init(_ server: ServerUnderTest, loops: Int = 1) async throws {
        let group = try server.namespace.run { MultiThreadedEventLoopGroup(numberOfThreads: loops) }
        self.group = group
        endpoint = server.endpoint
        do {
            connection = try await APIConnection.open(server.endpoint, on: group.next())
        } catch {
            try? await group.shutdownGracefully()
            throw BenchmarkError(description: "\(server.endpoint.description): \(Self.description(of: error))")
        }
    }

    /// What an operator can do something about, without the layers around it.
    private static func description(of error: any Error) -> String {
        guard let failure = error as? NIOConnectionError else { return "\(error)" }
        let causes = failure.connectionErrors.map { "\($0.target): \($0.error)" }
        guard causes.isEmpty else { return "cannot connect: \(causes.joined(separator: "; "))" }
        return "no such host: \(failure.dnsAError.map { "\($0)" } ?? failure.host)"
    }

    func open(_ count: Int) async throws -> [APIConnection] {
        var connections: [APIConnection] = []
        for _ in 0..<count { connections.append(try await APIConnection.open(endpoint, on: group.next())) }
        return connections
    }

    /// - Parameter allowing: a further status that is well.
    /// - Throws: `BenchmarkError` when the answer is none of success.
    @discardableResult
    func send(
        _ method: String, _ path: String, _ body: JSONValue? = nil, allowing: Int? = nil
    ) async throws -> APIAnswer {
        let answer = try await connection.send(method, path, body: body?.json).get()
        if answer.status != allowing { try answer.check("\(method) \(path)") }
        return answer
    }

    /// Sends all of them, several at a time.
    func create(
        _ count: Int, clients: Int = 16, deadline: Duration = .seconds(300),
        _ request: @escaping @Sendable (Int) -> ClosedLoop.Request
    ) async throws -> ClosedLoop.Result {
        let connections = try await open(clients)
        defer { for connection in connections { connection.close() } }
        let result = try await ClosedLoop(connections, deadline: deadline) { $0 < count ? request($0) : nil }.run()
        guard result.latencies.count == count else {
            throw BenchmarkError(description: "\(result.latencies.count) of \(count) requests within \(deadline)")
        }
        return result
    }

    func stop() async { try? await group.shutdownGracefully() }
}
