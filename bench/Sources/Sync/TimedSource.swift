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
        var last: CommitReport?
        var failure: String?
    }

    let proxy: ServiceProxy
    private let seen = Mutex(Seen())

    init(_ proxy: ServiceProxy) { self.proxy = proxy }

    func takeChanges() -> DesiredChanges? { proxy.takeChanges() }
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

    /// Waits, without giving up the processor, for a commit beyond the first `count`; a run of a minute is an error.
    func commit(after count: Int) throws -> (nanoseconds: UInt64, report: CommitReport) {
        let deadline = MonotonicClock.nanoseconds + 60_000_000_000
        while true {
            let now = seen.withLock { $0 }
            if let failure = now.failure { throw BenchmarkError(description: failure) }
            if now.commits > count, let report = now.last { return (now.acknowledgedNanoseconds, report) }
            if MonotonicClock.nanoseconds > deadline { throw BenchmarkError(description: "no commit in 60 s") }
            sleepThread(until: .now + .microseconds(50))
        }
    }
}

/// Why there is no result.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
}
