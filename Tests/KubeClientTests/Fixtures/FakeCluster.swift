import Synchronization

/// The Services of a cluster with their history, behind the list and watch protocol of an API server.
final class FakeCluster: Sendable {
    struct Stored: Sendable, Equatable {
        var clusterIP: String
        var version: Int
    }

    struct Change: Sendable {
        let version: Int
        /// "ADDED", "MODIFIED" or "DELETED".
        let type: String
        let name: String
        let clusterIP: String
    }

    /// What the server does with a list in a watch (KEP-3157).
    enum Streaming: Sendable {
        case offered
        case refused(Int)
        /// The parameter is one of many that it does not know.
        case ignored
    }

    /// What all open watches are to do.
    enum Order: Sendable {
        case changed
        case bookmark
        case end
        /// Half a line, then the end of the answer.
        case partialLine
        /// Half a chunk, then the end of the connection.
        case partialChunk
        case reset
        case garbage
        /// An ERROR line with this status.
        case error(String)
        /// Nothing more, with the connection open.
        case silence
    }

    struct State: Sendable {
        var version = 100
        var services: [String: Stored] = [:]
        var changes: [Change] = []
        /// Versions before this one are no longer known.
        var compacted = 0
        var streaming = Streaming.offered
        /// Whether an expired version is told in the watch, and not by the HTTP status.
        var tellsExpiryInWatch = false
        /// Services that are sent in a way that cannot be read.
        var unreadable: Set<String> = []
        var snapshots: [Int: [String: Stored]] = [:]
        var watches: [Int: AsyncStream<Order>.Continuation] = [:]
        var nextWatch = 0
    }

    let state = Mutex(State())

    init(_ names: String...) { for name in names { set(name) } }

    var services: [String: String] { state.withLock { $0.services.mapValues(\.clusterIP) } }
    var version: Int { state.withLock(\.version) }
    var openWatches: Int { state.withLock(\.watches.count) }

    func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func set(_ name: String, _ clusterIP: String = "10.0.0.1") {
        state.withLock { state in
            state.version += 1
            let type = state.services[name] == nil ? "ADDED" : "MODIFIED"
            state.services[name] = Stored(clusterIP: clusterIP, version: state.version)
            state.changes.append(Change(version: state.version, type: type, name: name, clusterIP: clusterIP))
        }
        order(.changed)
    }

    func delete(_ name: String) {
        state.withLock { state in
            guard let service = state.services.removeValue(forKey: name) else { return }
            state.version += 1
            state.changes.append(
                Change(version: state.version, type: "DELETED", name: name, clusterIP: service.clusterIP))
        }
        order(.changed)
    }

    /// Lets nobody begin in the history of before any more, as etcd does every few minutes. Watches that are open go on.
    func compact() {
        state.withLock { state in
            state.version += 1
            state.compacted = state.version
        }
    }

    /// The state is one of before, as after a restored backup.
    func restore(_ earlier: State) {
        state.withLock { state in
            state.version = earlier.version
            state.services = earlier.services
            state.changes = earlier.changes
            state.compacted = earlier.compacted
            state.snapshots = [:]
        }
    }

    func order(_ order: Order) {
        for watch in state.withLock({ Array($0.watches.values) }) { watch.yield(order) }
    }

    /// Lets the tasks of all watches end.
    func finish() {
        for watch in state.withLock({ Array($0.watches.values) }) { watch.finish() }
    }
}
