import BenchReport
import Net
import Netlink
import Synchronization
import TestSupport

/// Threads that make new connections until there are enough, in the network namespace of the thread that runs it.
final class ConnectionBurst: Sendable {
    struct Result {
        let connectionsPerSecond: Double
        let p50Microseconds: Double
        let p99Microseconds: Double
        let latencies: Histogram
    }

    /// Each connection has a source port of its own, so that conntrack has seen none of them before.
    static let sourcePorts = 2_000...62_000

    private let probe: ConnectionProbe
    private let connections: Int
    private let workers: Int
    private let deadline: ContinuousClock.Instant
    private let next = Atomic(0)
    private let hasFailed = Atomic(false)
    private let failure = Mutex<(any Error)?>(nil)
    private let nanoseconds = Mutex<[UInt64]>([])

    init(_ probe: ConnectionProbe, connections: Int, workers: Int, deadline: ContinuousClock.Instant) {
        (self.probe, self.connections, self.workers, self.deadline) = (probe, connections, workers, deadline)
    }

    func run() throws -> Result {
        let start = MonotonicClock.nanoseconds
        var threads: [JoinableThread] = []
        defer { for thread in threads { thread.join() } }
        for _ in 0..<workers { threads.append(try JoinableThread { [self] in work() }) }
        for thread in threads { thread.join() }
        let duration = MonotonicClock.nanoseconds - start
        if let failure = failure.withLock({ $0 }) { throw failure }
        let sorted = nanoseconds.withLock { $0.sorted() }
        guard sorted.count == connections, duration > 0 else {
            throw BenchmarkError(description: "\(sorted.count) of \(connections) connections were made")
        }
        func percentile(_ percent: Int) -> Double { Double(sorted[(sorted.count * percent + 99) / 100 - 1]) / 1000 }
        return Result(
            connectionsPerSecond: Double(connections) * 1e9 / Double(duration), p50Microseconds: percentile(50),
            p99Microseconds: percentile(99), latencies: Histogram(sorted))
    }

    private func work() {
        var mine: [UInt64] = []
        mine.reserveCapacity(connections)
        do {
            while !hasFailed.load(ordering: .relaxed) {
                let index = next.add(1, ordering: .relaxed).oldValue
                if index >= connections { break }
                if index % 64 == 0, ContinuousClock.now > deadline {
                    throw BenchmarkError(description: "the time that the run may take has ended")
                }
                mine.append(try probe.measure(sourcePort: UInt16(Self.sourcePorts.lowerBound + index)))
            }
        } catch {
            hasFailed.store(true, ordering: .relaxed)
            failure.withLock { $0 = $0 ?? error }
        }
        nanoseconds.withLock { $0 += mine }
    }
}
