import AsyncHTTPClient
import Logging
import NIOCore
import Net
import ServiceLifecycle
import Storage

@testable import ControlPlane

/// A store that is served on loopback, on a port that the kernel chooses, with a client beside it.
struct ServedStore: Sendable {
    let store: EmbeddedStore
    let registry: Registry
    let port: UInt16
    let http: HTTPClient
    /// Opened when the server has ended.
    let ended: Gate
    /// Shuts the server down as the daemon's end does.
    let shutDown: @Sendable () async -> Void

    /// Serves while `body` runs. The server has ended, gracefully, when this returns.
    static func run(
        _ store: EmbeddedStore = EmbeddedStore(), _ configuration: APIServerConfiguration = APIServerConfiguration(),
        isReady: @escaping @Sendable () -> Bool = { true }, _ body: (ServedStore) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let allocator = try ClusterAllocator(
            serviceCIDRs: [try IPPrefix("10.96.0.0/16"), try IPPrefix("fd00:96::/108")],
            nodePorts: try PortRange("30000-32767"))
        let registry = Registry(store: store, allocator: allocator)
        let server = APIServer(registry, configuration, logger: logger, isReady: isReady)
        let group = ServiceGroup(services: [server], logger: logger)
        var client = HTTPClient.Configuration()
        client.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: client)
        do {
            try await withThrowingTaskGroup { tasks in
                let ended = Gate()
                tasks.addTask {
                    defer { ended.open() }
                    try await group.run()
                }
                let served = ServedStore(
                    store: store, registry: registry, port: try await server.port(), http: http, ended: ended
                ) {
                    await group.triggerGracefulShutdown()
                }
                try await body(served)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        } catch {
            try? await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }

    func request(_ path: String) -> HTTPClientRequest { HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)") }
}
