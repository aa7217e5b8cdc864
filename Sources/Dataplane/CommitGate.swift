/// Holds commits: after a refusal, and for `minSyncPeriod`. Pure; times are those of `MonotonicClock`.
struct CommitGate: Sendable {
    private let minPeriodNanoseconds: UInt64
    /// Nil where nothing is to be waited for.
    private(set) var opensAtNanoseconds: UInt64?

    init(_ timing: SyncTiming) { minPeriodNanoseconds = UInt64(timing.minSyncPeriodMilliseconds) * 1_000_000 }

    func isOpen(at now: UInt64) -> Bool { opensAtNanoseconds.map { $0 <= now } ?? true }

    mutating func committed(at now: UInt64) {
        opensAtNanoseconds = minPeriodNanoseconds > 0 ? now + minPeriodNanoseconds : nil
    }

    mutating func refused(at now: UInt64, retryMilliseconds: Int) {
        opensAtNanoseconds = now + max(UInt64(max(0, retryMilliseconds)) * 1_000_000, minPeriodNanoseconds)
    }
}
