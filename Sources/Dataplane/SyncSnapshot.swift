import Net

/// What the sync thread has, of one moment. Its dictionaries share memory with the sync thread's own until that
/// changes them next, which then costs it a copy of what is still held here: hold it for as long as it takes to read.
package struct SyncSnapshot: Sendable {
    package var desired = DesiredState()
    /// What the kernel refused: set aside, and left out of `desired`.
    package var refused: [ServicePortName: ServicePort] = [:]
    /// What the kernel has acknowledged, with each list of endpoints in the order of its slots.
    package var programmed: [IPFamily: [ServicePortName: ServicePort]] = [:]
    /// Something is desired that the kernel has not acknowledged.
    package var hasUnwrittenChanges = false
    /// Everything there is has been heard of; before, nothing is written.
    package var isSynced = false
    package var record = SyncRecord()

    package init() {}
}

/// What the sync thread has done since its start. Times are of `MonotonicClock`.
package struct SyncRecord: Sendable {
    package struct Commit: Sendable {
        package let report: CommitReport
        package let nanoseconds: UInt64
    }

    package struct Failure: Sendable {
        package let failure: CommitFailure
        package let nanoseconds: UInt64
    }

    package struct Repair: Sendable {
        package let report: RepairReport
        package let nanoseconds: UInt64
    }

    package let startNanoseconds: UInt64
    package private(set) var commits: UInt64 = 0
    package private(set) var fullCommits: UInt64 = 0
    package private(set) var failures: UInt64 = 0
    package private(set) var lastCommit: Commit?
    package private(set) var lastFailure: Failure?
    /// How often what others had changed was put right.
    package private(set) var repairs: UInt64 = 0
    package private(set) var lastRepair: Repair?
    /// Of the failures since the last commit, the last: what keeps changes from the kernel.
    package var currentFailure: Failure? {
        guard let lastFailure, lastFailure.failure.servicePort == nil else { return nil }
        return lastFailure.nanoseconds > lastCommit?.nanoseconds ?? 0 ? lastFailure : nil
    }

    package init(startNanoseconds: UInt64 = 0) { self.startNanoseconds = startNanoseconds }

    package mutating func add(_ report: CommitReport, nanoseconds: UInt64) {
        commits += 1
        if report.isFull { fullCommits += 1 }
        lastCommit = Commit(report: report, nanoseconds: nanoseconds)
    }

    package mutating func add(_ failure: CommitFailure, nanoseconds: UInt64) {
        failures += 1
        lastFailure = Failure(failure: failure, nanoseconds: nanoseconds)
    }

    package mutating func add(_ repair: RepairReport, nanoseconds: UInt64) {
        repairs += 1
        lastRepair = Repair(report: repair, nanoseconds: nanoseconds)
    }
}
