import BenchReport
import Dataplane
import Netlink
import Proxy
import Synchronization
import TestSupport

/// The proxy, with the time of each acknowledgement taken on the sync thread itself.
final class TimedSource: ChangeSource {
    private struct Seen {
        var commits = 0
        var acknowledgedNanoseconds: UInt64 = 0
        var awokenNanoseconds: UInt64 = 0
        var startedNanoseconds: UInt64 = 0
        var last: CommitReport?
        var failure: String?
    }

    let proxy: ServiceProxy
    private let seen = Mutex(Seen())

    private let waitSeconds: Int

    /// - Parameter waitSeconds: how long a commit may take.
    init(_ proxy: ServiceProxy, waitSeconds: Int) {
        self.proxy = proxy
        self.waitSeconds = waitSeconds
    }

    func takeChanges() -> DesiredChanges? {
        let awoken = MonotonicClock.nanoseconds
        guard let changes = proxy.takeChanges() else { return nil }
        let started = MonotonicClock.nanoseconds
        // A wake-up that brings nothing leaves the times of the one before.
        guard !changes.isEmpty else { return changes }
        seen.withLock { ($0.awokenNanoseconds, $0.startedNanoseconds) = (awoken, started) }
        return changes
    }

    func localAddressesChanged(_ addresses: [LocalAddress]) { proxy.localAddressesChanged(addresses) }

    func committed(_ report: CommitReport) {
        let now = MonotonicClock.nanoseconds
        proxy.committed(report)
        seen.withLock { seen in
            seen.commits += 1
            seen.acknowledgedNanoseconds = now
            seen.last = report
        }
    }

    func commitFailed(_ failure: CommitFailure) { seen.withLock { $0.failure = failure.description } }

    /// How many commits there have been.
    var commits: Int { seen.withLock { $0.commits } }

    /// A commit, and when the sync thread did what.
    struct Commit {
        /// Came to take the changes.
        let awokenNanoseconds: UInt64
        /// Had them, resolved, and went on to commit them.
        let startedNanoseconds: UInt64
        /// Told the proxy of the acknowledgement.
        let nanoseconds: UInt64
        let report: CommitReport
    }

    /// Waits for a commit beyond the first `count`; none in the time that it may take is an error.
    func commit(after count: Int) throws -> Commit {
        let deadline = MonotonicClock.nanoseconds + UInt64(waitSeconds) * 1_000_000_000
        while true {
            let now = seen.withLock { $0 }
            if let failure = now.failure { throw BenchmarkError(description: failure) }
            if now.commits > count, let report = now.last {
                return Commit(
                    awokenNanoseconds: now.awokenNanoseconds, startedNanoseconds: now.startedNanoseconds,
                    nanoseconds: now.acknowledgedNanoseconds, report: report)
            }
            if MonotonicClock.nanoseconds > deadline {
                throw BenchmarkError(description: "no commit in \(waitSeconds) s")
            }
            sleepThread(until: .now + .microseconds(50))
        }
    }
}
