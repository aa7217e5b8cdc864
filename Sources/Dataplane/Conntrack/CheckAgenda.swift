/// A check whose time has come.
struct DueCheck: Hashable, Sendable {
    var check: FlowCheck
    /// What of it has to be looked at once more, a while later.
    var again: FlowCheck
}

/// When which flows are looked at: at once after a change, and a second time a while later, for a packet that was on its
/// way through the old rules during the commit makes its entry only afterwards.
///
/// Pure; times are those of `MonotonicClock`.
struct CheckAgenda: Sendable {
    static let secondLookNanoseconds: UInt64 = 100_000_000
    static let retryNanoseconds: UInt64 = 1_000_000_000
    /// Second looks that are so close together are one.
    static let coalescingNanoseconds: UInt64 = 10_000_000

    private var first = FlowCheck()
    /// In the order of their times.
    private var later: [(due: UInt64, check: FlowCheck)] = []
    private var retry: (due: UInt64, check: FlowCheck)?
    /// In a row.
    private var failures: UInt64 = 0
    /// No check before that: a look costs the kernel a walk through its table, and changes may come without a pause.
    private var pauseEnd: UInt64 = 0

    init() {}

    mutating func add(_ check: FlowCheck) { first.formUnion(check) }

    /// When the next check is due; nil for none.
    var nextNanoseconds: UInt64? {
        let due = [first.isEmpty ? nil : 0, later.first?.due, retry?.due].compactMap(\.self).min()
        return due.map { max($0, pauseEnd) }
    }

    /// All that is due, as one.
    mutating func takeDue(at now: UInt64) -> DueCheck? {
        guard let next = nextNanoseconds, next <= now else { return nil }
        var due = DueCheck(check: first, again: first)
        first = FlowCheck()
        while let look = later.first, look.due <= now {
            due.check.formUnion(look.check)
            later.removeFirst()
        }
        if let attempt = retry, attempt.due <= now {
            due.check.formUnion(attempt.check)
            due.again.formUnion(attempt.check)
            retry = nil
        }
        return due
    }

    /// The check was carried out. The next one comes after a pause as long as it took, so that at most half of a
    /// processor goes into them.
    mutating func finished(_ due: DueCheck, failed: Bool, start: UInt64, end: UInt64) {
        pauseEnd = end + (end - start)
        if failed {
            var attempt = due.check
            if let retry { attempt.formUnion(retry.check) }
            // From a second to about a minute.
            retry = (end + Self.retryNanoseconds << min(failures, 6), attempt)
            failures += 1
            return
        }
        failures = 0
        if !due.again.isEmpty {
            let time = end + Self.secondLookNanoseconds
            if let last = later.indices.last, later[last].due + Self.coalescingNanoseconds > time {
                later[last].check.formUnion(due.again)
            } else {
                later.append((time, due.again))
            }
        }
    }
}
