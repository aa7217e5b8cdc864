import Netlink
import Synchronization
import TestSupport

/// What a run has made and has not taken away yet.
final class CoreLeftovers: Sendable {
    private struct State {
        /// In an API server that stays.
        var namespaces: Set<BenchNamespace> = []
        var processIDs: [Int32] = []
        var folder: String?
    }

    private let state = Mutex(State())

    /// Takes note of the processes and the data of a server that was started here.
    func begin(_ server: ServerUnderTest) {
        state.withLock { ($0.processIDs, $0.folder) = (server.processes.map(\.processID), server.folder) }
    }

    /// The server has ended.
    func end() { state.withLock { ($0.processIDs, $0.folder) = ([], nil) } }

    func insert(_ namespace: BenchNamespace) { state.withLock { _ = $0.namespaces.insert(namespace) } }
    func remove(_ namespace: BenchNamespace) { state.withLock { _ = $0.namespaces.remove(namespace) } }

    /// Takes all of it away, before the program ends in the middle.
    ///
    /// - Parameter server: the one that stays.
    func removeAll(from server: ServerUnderTest.Kind) async throws {
        let left = state.withLock(\.self)
        let home = try NetworkNamespace.current()
        for process in left.processIDs { _ = try? Tool.run("kill", "-KILL", "\(process)", in: home) }
        if let folder = left.folder { _ = try? Tool.run("rm", "-rf", folder, in: home) }
        guard !left.namespaces.isEmpty else { return }
        let clients = try await APIClients(ServerUnderTest(server))
        for namespace in left.namespaces { try await namespace.remove(with: clients) }
        await clients.stop()
    }
}
