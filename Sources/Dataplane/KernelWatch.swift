import Netlink

/// When the sync thread looks after what is in the kernel already: at once for what others are known to have done, and in
/// the background, in pieces, for all of it.
struct KernelWatch: Sendable {
    /// Between two looks for other work.
    private static let sliceNanoseconds: UInt64 = 200_000
    /// Between two slices when nobody waits, at least; and so many times what the slice took, which may be longer than it should for
    /// a Service of many endpoints: the pass takes a tenth of a processor at most.
    private static let pauseNanoseconds: UInt64 = 2_000_000
    private static let pauseFactor: UInt64 = 9
    private static let firstPassDelayNanoseconds: UInt64 = 5_000_000_000

    private let intervalNanoseconds: UInt64?
    private var healAtNanoseconds: UInt64?
    /// The next slice, or the next pass.
    private var verifyAtNanoseconds: UInt64?
    private var isVerifying = false
    private var verifiers: [CheckedContinuation<VerificationReport, Never>] = []
    /// What a pass found and has yet to be repaired.
    private var finished: VerificationReport?

    init(intervalSeconds: Int) {
        intervalNanoseconds = intervalSeconds > 0 ? UInt64(intervalSeconds) * 1_000_000_000 : nil
    }

    /// When there is something to do, whatever else happens.
    ///
    /// - Parameter hasWork: something waits to be written, which comes before any look at what is written.
    func deadlineNanoseconds(hasWork: Bool) -> UInt64? {
        [healAtNanoseconds, hasWork ? nil : verifyAtNanoseconds].compactMap { $0 }.min()
    }

    mutating func heal<Backend>(
        _ reconciler: inout Reconciler<Backend>, _ report: (RepairReport) -> Void
    ) where Backend: DataplaneBackend & ~Copyable & Sendable {
        healAtNanoseconds = reconciler.heal(report)
    }

    /// Goes on with the pass, or starts one that is due. Called with nothing else to do.
    mutating func verify<Backend>(
        _ reconciler: inout Reconciler<Backend>, _ sync: SyncThread
    ) where Backend: DataplaneBackend & ~Copyable & Sendable {
        let now = MonotonicClock.nanoseconds
        answer()
        let asking = sync.takeVerifiers()
        verifiers += asking
        if !asking.isEmpty {
            reconciler.beginVerification(isUrgent: true)
        } else if !isVerifying, let time = verifyAtNanoseconds, time <= now {
            reconciler.beginVerification(isUrgent: false)
        } else if let time = verifyAtNanoseconds, isVerifying, time > now {
            return
        }
        switch reconciler.verify(forNanoseconds: Self.sliceNanoseconds) {
        case .none:
            isVerifying = false
            // The first pass follows the first sync: an earlier daemon's table was taken over without a look at it.
            if let time = verifyAtNanoseconds {
                if time <= now { verifyAtNanoseconds = intervalNanoseconds.map { now + $0 } }
            } else {
                verifyAtNanoseconds = intervalNanoseconds.map { now + min($0, Self.firstPassDelayNanoseconds) }
            }
        case .more(let isUrgent):
            isVerifying = true
            let end = MonotonicClock.nanoseconds
            let pause = max(Self.pauseNanoseconds, (end - now) * Self.pauseFactor)
            verifyAtNanoseconds = isUrgent ? now : end + pause
        case .done(let report):
            isVerifying = false
            verifyAtNanoseconds = intervalNanoseconds.map { now + $0 }
            finished = report
            // What it found is repaired first.
            healAtNanoseconds = now
        }
    }

    private mutating func answer() {
        guard let report = finished, healAtNanoseconds == nil else { return }
        finished = nil
        for verifier in verifiers { verifier.resume(returning: report) }
        verifiers = []
    }

    consuming func end() {
        for verifier in verifiers { verifier.resume(returning: VerificationReport()) }
    }
}
