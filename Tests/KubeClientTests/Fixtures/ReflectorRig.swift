import KubeAPI
import TestSupport
import Testing

@testable import KubeClient

/// A reflector that runs, the server that it follows, and what it has handed out.
struct ReflectorRig: Sendable {
    let cluster: FakeCluster
    let server: MisbehavingServer
    let transport: PlainTransport
    let received: ReceivedServices
    let log: LogLines
    let reflector: Reflector<Service>

    /// What the server was asked for, in order.
    var asked: [String] { server.requests.map(\.summary) }

    func synced(
        _ location: SourceLocation = #_sourceLocation, times: Int = 1
    ) async throws {
        try await untilTrue(location, "synced \(times) times; asked: \(asked); log: \(log.spoken)") {
            received.syncs >= times
        }
    }

    /// Waits until what was handed out is what the server has.
    func settled(_ location: SourceLocation = #_sourceLocation) async throws {
        do {
            try await untilTrue(location, "settled") { received.services == cluster.services }
        } catch {
            Issue.record(
                """
                has \(received.services.sorted { $0.key < $1.key }), and should \(cluster.services.sorted { $0.key < $1.key })
                asked: \(asked.suffix(20)), \(cluster.openWatches) watches open; \(reflector.status)
                \(log.all.suffix(20).joined(separator: "\n"))
                """, sourceLocation: location)
            throw error
        }
    }

    /// Waits until a watch is open, so that what the test does next comes over it.
    func watching(_ location: SourceLocation = #_sourceLocation) async throws {
        try await untilTrue(location, "watching") { cluster.openWatches > 0 }
    }
}

/// Runs a reflector for as long as `body` runs. `intercept` may answer a request in the cluster's place.
func withReflector(
    _ cluster: FakeCluster, idleTimeout: Duration = .seconds(120),
    received: ReceivedServices = ReceivedServices(),
    intercept: @escaping @Sendable (ServedRequest, ServerAnswer) async throws -> Bool = { _, _ in false },
    configure: (inout ReflectorConfiguration) -> Void = { _ in },
    _ body: (ReflectorRig) async throws -> Void
) async throws {
    let server = try await MisbehavingServer { request, answer in
        if try await intercept(request, answer) { return }
        try await cluster.serve(request, answer)
    }
    let transport = PlainTransport(port: server.port, idleTimeout: idleTimeout)
    let log = LogLines()
    var configuration = ReflectorConfiguration(logger: log.makeLogger())
    configuration.backoff = Backoff(start: .milliseconds(1), maximum: .milliseconds(8))
    configuration.streamingListIdleTimeout = .seconds(120)
    configuration.randomness = SeededGenerator(seed: 1)
    configure(&configuration)
    let reflector = Reflector<Service>(configuration, transport: transport) { received.take($0) }
    let running = Task { await reflector.run() }
    let result: Result<Void, any Error>
    do {
        result = .success(
            try await body(
                ReflectorRig(
                    cluster: cluster, server: server, transport: transport, received: received, log: log,
                    reflector: reflector)))
    } catch {
        result = .failure(error)
    }
    running.cancel()
    await running.value
    cluster.finish()
    await server.stop()
    try await transport.shutDown()
    try result.get()
}
