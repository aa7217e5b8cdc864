import Net
import Netlink
import Synchronization
import TestSupport

/// Connections to the Services of a soak: some held open, others new, from a pod, the node and outside, until they are stopped.
final class SoakTraffic: Sendable {
    /// What came of them.
    struct Tally: Sendable {
        var held = 0
        var asked = 0
        var made = 0
        /// Held connections that did not get the answer of their server: each once, as it was first.
        var cut: [String] = []
        /// New connections that were not answered.
        var lost: [String] = []

        mutating func add(_ other: Tally) {
            held += other.held
            asked += other.asked
            made += other.made
            cut += other.cut
            lost += other.lost
        }
    }

    private static let pauseMilliseconds = 2
    private static let timeoutMilliseconds = 10_000

    private let isStopped = Atomic(false)
    private let tally = Mutex(Tally())
    private let threads = Mutex<[JoinableThread]>([])
    /// Threads that have all their connections open.
    private let openedCount = Atomic(0)

    /// Opens connections to `served` and begins to ask.
    ///
    /// - Throws: `SocketError` without threads.
    init(lab: Lab, served: [SoakCluster.Served]) throws {
        let places = [("pod", lab.pods[0].namespace), ("node", lab.node.namespace), ("outside", lab.client)]
        for (name, namespace) in places {
            let targets = served.flatMap { service in
                service.frontends.flatMap { frontend in
                    frontend.address.both.map { SocketAddress($0, port: frontend.port) }
                }
            }
            try namespace.run {
                let holding = try JoinableThread { [self] in hold(targets, from: name) }
                let making = try JoinableThread { [self] in make(targets, from: name) }
                threads.withLock { $0 += [holding, making] }
            }
        }
        while openedCount.load(ordering: .acquiring) < places.count { sleepThread(until: .now + .milliseconds(5)) }
    }

    /// Ends all of it; what is held is asked a last time.
    func stop() -> Tally {
        isStopped.store(true, ordering: .releasing)
        for thread in threads.withLock({ $0 }) { thread.join() }
        return tally.withLock { $0 }
    }

    private func hold(_ targets: [SocketAddress], from place: String) {
        struct Held {
            let target: SocketAddress
            var connection: HeldConnection
            var server: Probe.Outcome
        }
        var mine = Tally()
        var connections = targets.compactMap { target -> Held? in
            var connection = HeldConnection(Probe(target, .tcp, timeoutMilliseconds: Self.timeoutMilliseconds))
            let first = connection.ask()
            if case .answered = first { return Held(target: target, connection: connection, server: first) }
            mine.lost.append("\(place) → \(target): \(first)")
            return nil
        }
        mine.held = connections.count
        openedCount.add(1, ordering: .releasing)
        var isLast = false
        while !isLast {
            isLast = isStopped.load(ordering: .acquiring)
            var cut: Set<Int> = []
            for index in connections.indices {
                let outcome = connections[index].connection.ask()
                mine.asked += 1
                if outcome != connections[index].server {
                    mine.cut.append("\(place) → \(connections[index].target): \(outcome)")
                    cut.insert(index)
                }
                if !isLast { sleepThread(until: .now + .milliseconds(Self.pauseMilliseconds)) }
            }
            connections = connections.enumerated().filter { !cut.contains($0.offset) }.map(\.element)
        }
        tally.withLock { $0.add(mine) }
    }

    private func make(_ targets: [SocketAddress], from place: String) {
        var mine = Tally()
        while !isStopped.load(ordering: .acquiring) {
            let target = targets[mine.made % targets.count]
            let outcome = Probe(target, .tcp, timeoutMilliseconds: Self.timeoutMilliseconds).run()
            mine.made += 1
            guard case .answered = outcome else {
                mine.lost.append("\(place) → \(target): \(outcome)")
                continue
            }
            sleepThread(until: .now + .milliseconds(Self.pauseMilliseconds))
        }
        tally.withLock { $0.add(mine) }
    }
}
