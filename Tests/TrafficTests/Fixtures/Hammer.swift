import Net
import Netlink
import Synchronization
import TestSupport

/// Opens one new connection after the other from a network namespace, until it is stopped.
final class Hammer: Sendable {
    private final class Shared: Sendable {
        struct State {
            var outcomes: [Probe.Outcome: Int] = [:]
            var isStopping = false
        }

        let state = Mutex(State())
    }

    private let shared: Shared
    private let thread: JoinableThread

    init(in namespace: NetworkNamespace, _ address: IPAddress, port: UInt16, _ transport: L4Protocol) throws {
        let probe = Probe(SocketAddress(address, port: port), transport, timeoutMilliseconds: 20_000)
        let shared = Shared()
        thread = try namespace.run {
            try JoinableThread {
                while !shared.state.withLock({ $0.isStopping }) {
                    let outcome = probe.run()
                    shared.state.withLock { $0.outcomes[outcome, default: 0] += 1 }
                    sleepThread(until: .now + .milliseconds(1))
                }
            }
        }
        self.shared = shared
    }

    /// How many connections there were so far.
    var count: Int { shared.state.withLock { $0.outcomes.values.reduce(0, +) } }

    /// Ends it, and tells what came of the connections.
    func stop() -> [Probe.Outcome: Int] {
        shared.state.withLock { $0.isStopping = true }
        thread.join()
        return shared.state.withLock { $0.outcomes }
    }
}
