import BenchReport
import Net
import Netlink
import Synchronization
import TestSupport

/// Asks an address again and again over new connections, on a thread of its own in the client's namespace, until what answers is what
/// is waited for.
final class PathProbe: Sendable {
    /// Between two attempts, so that the probes leave the processor to what is measured.
    static let pauseMicroseconds = 300

    private enum State {
        case asking
        case seen(nanoseconds: UInt64)
        case stopped
    }

    private let state = Mutex(State.asking)
    private let what: String

    /// A packet that is dropped is not sent again before a second: after so long it is another attempt's turn.
    static let timeoutMilliseconds = 4

    /// - Parameter pod: the name of the pod that shall answer; nil for none any more.
    init(_ lab: PathLab, _ address: IPAddress, port: UInt16 = CompareObjects.servicePort, until pod: String?) throws {
        what = "\(address):\(port) \(pod.map { "is answered by \($0)" } ?? "is not answered")"
        let probe = Probe(SocketAddress(address, port: port), timeoutMilliseconds: Self.timeoutMilliseconds)
        try lab.client.run {
            // It ends when it has seen what it waits for, or is told to.
            _ = try JoinableThread { [self] in
                var unanswered: [UInt64] = []
                while case .asking = state.withLock({ $0 }) {
                    let begin = MonotonicClock.nanoseconds
                    let outcome = probe.run()
                    let now = MonotonicClock.nanoseconds
                    if case .answered(let name, _) = outcome {
                        unanswered = []
                        if name == pod { see(now) }
                    } else if pod == nil {
                        // One alone may have been late. The first of them had been sent then.
                        unanswered.append(begin)
                        if unanswered.count == 3 { see(unanswered[0]) }
                    }
                    sleepThread(until: .now + .microseconds(Self.pauseMicroseconds))
                }
            }
        }
    }

    private func see(_ nanoseconds: UInt64) {
        state.withLock { if case .asking = $0 { $0 = .seen(nanoseconds: nanoseconds) } }
    }

    /// When it was seen for the first time.
    ///
    /// - Throws: `BenchmarkError` when it is not within the time.
    func wait(seconds: Double) async throws -> UInt64 {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if case .seen(let nanoseconds) = state.withLock({ $0 }) { return nanoseconds }
            try await Task.sleep(for: .microseconds(500))
        }
        stop()
        throw BenchmarkError(description: "\(what): not within \(seconds.tableText) s")
    }

    /// Asks no more.
    func stop() { state.withLock { if case .asking = $0 { $0 = .stopped } } }
}
