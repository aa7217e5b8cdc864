import Net
import Netlink
import Synchronization
import TestSupport
import Testing

@testable import Dataplane

@Suite("When the sync thread may commit again")
struct SyncTimingTests {
    @Test("without a period a commit may follow at once, and after a refusal its pause")
    func noPeriod() {
        var gate = CommitGate(SyncTiming())
        #expect(gate.isOpen(at: 0) && gate.opensAtNanoseconds == nil)
        gate.committed(at: 5)
        #expect(gate.isOpen(at: 5) && gate.opensAtNanoseconds == nil)
        gate.refused(at: 10, retryMilliseconds: 100)
        #expect(!gate.isOpen(at: 100_000_009))
        #expect(gate.isOpen(at: 100_000_010))
        gate.committed(at: 200_000_000)
        #expect(gate.opensAtNanoseconds == nil)
    }

    @Test("the first commit does not wait; the next waits from the end of the last, also after a refusal")
    func period() {
        var gate = CommitGate(SyncTiming(minSyncPeriodMilliseconds: 1000))
        #expect(gate.isOpen(at: 0))
        gate.committed(at: 50)
        #expect(gate.opensAtNanoseconds == 1_000_000_050)
        #expect(!gate.isOpen(at: 1_000_000_049) && gate.isOpen(at: 1_000_000_050))
        gate.refused(at: 0, retryMilliseconds: 100)
        #expect(gate.opensAtNanoseconds == 1_000_000_000)
        gate.refused(at: 0, retryMilliseconds: 3000)
        #expect(gate.opensAtNanoseconds == 3_000_000_000)
    }

    @Test("pauses after refusals grow up to the sync period")
    func retryBound() {
        var reconciler = Reconciler(RefusingBackend(), maximumRetryMilliseconds: 500)
        reconciler.accept(DesiredChanges(node: NodeState()))
        var pauses: [Int] = []
        for _ in 0..<5 {
            do throws(CommitFailure) {
                _ = try reconciler.commit { _ in }
            } catch {
                pauses.append(error.retryMilliseconds)
            }
        }
        #expect(pauses == [100, 200, 400, 500, 500])
    }

    @Test("what comes within the period is one commit, that begins after it")
    func thread() async throws {
        let source = CountingSource()
        let log = CommitLog()
        let sync = try SyncThread.start(
            source: source, backend: LoggingBackend(log: log), verifyIntervalSeconds: 0,
            timing: SyncTiming(minSyncPeriodMilliseconds: 300))
        await sync.settled()
        // These come one by one, and all before the period is over, or in several periods on a machine that stands still.
        for number in 1...20 {
            source.set(UInt16(number))
            sync.wake()
        }
        await sync.settled()
        sync.stop()
        let commits = log.commits.withLock { $0 }
        #expect(commits.last?.ports == [20])
        #expect(commits.count >= 2)
        for (former, next) in zip(commits, commits.dropFirst()) {
            #expect(next.began >= former.ended + 300_000_000)
        }
    }

    @Test("while the kernel refuses, the thread sleeps until the next attempt, also when a look at all is due")
    func sleepsAfterARefusal() async throws {
        let source = CountingSource()
        let calls = CallCounts()
        let sync = try SyncThread.start(
            source: source, backend: FullBackend(calls: calls), verifyIntervalSeconds: 1,
            timing: SyncTiming(syncPeriodMilliseconds: 800))
        defer { sync.stop() }
        await sync.settled()
        source.set(80)
        sync.wake()
        // Attempts are 100, 200, 400, 800, 800 ms apart: the look at all is due a second after the first commit.
        try await eventually { calls.refusals.withLock { $0 } >= 5 }
        let looks = calls.looks.withLock { $0 }
        try await eventually { calls.refusals.withLock { $0 } >= 6 }
        #expect(calls.looks.withLock { $0 } - looks < 50)
    }
}

private struct RefusingBackend: ~Copyable, Sendable, DataplaneBackend {
    mutating func commit(_ dirty: Dirty, desired: borrowing DesiredState) throws(CommitFailure) -> CommitReport {
        throw CommitFailure(servicePort: nil, description: "no memory", retryMilliseconds: 0)
    }
}

private final class CallCounts: Sendable {
    let refusals = Mutex(0)
    /// Rounds of the thread: each looks at what others have done.
    let looks = Mutex(0)
}

/// Takes one commit.
private struct FullBackend: ~Copyable, Sendable, DataplaneBackend {
    let calls: CallCounts
    private var hasCommitted = false

    init(calls: CallCounts) { self.calls = calls }

    mutating func commit(_ dirty: Dirty, desired: borrowing DesiredState) throws(CommitFailure) -> CommitReport {
        guard hasCommitted else {
            hasCommitted = true
            return CommitReport(isFull: true, servicePorts: 0, elements: 1, bytes: 1)
        }
        calls.refusals.withLock { $0 += 1 }
        throw CommitFailure(servicePort: nil, description: "no memory", retryMilliseconds: 0)
    }

    mutating func heal() -> RepairOutcome {
        calls.looks.withLock { $0 += 1 }
        return .nothing
    }
}

private final class CommitLog: Sendable {
    struct Commit {
        var began: UInt64
        var ended: UInt64
        var ports: [UInt16]
    }

    let commits = Mutex<[Commit]>([])
}

private struct LoggingBackend: ~Copyable, Sendable, DataplaneBackend {
    let log: CommitLog

    mutating func commit(_ dirty: Dirty, desired: borrowing DesiredState) throws(CommitFailure) -> CommitReport {
        let began = MonotonicClock.nanoseconds
        let ports = desired.servicePorts.values.map(\.port)
        log.commits.withLock { $0.append(.init(began: began, ended: MonotonicClock.nanoseconds, ports: ports)) }
        return CommitReport(isFull: dirty.everything, servicePorts: 1, elements: 1, bytes: 1)
    }
}

private final class CountingSource: ChangeSource {
    private let pending = Mutex<DesiredChanges>(DesiredChanges(node: NodeState()))
    private let name = ServicePortName(
        namespace: "default", service: "web", port: "", protocol: .tcp, family: .ipv4)

    func set(_ port: UInt16) {
        pending.withLock { $0.servicePorts[name] = ServicePort(clusterIP: nil, port: port) }
    }

    func takeChanges() -> DesiredChanges? {
        pending.withLock { pending in
            defer { pending = DesiredChanges() }
            return pending
        }
    }

    func localAddressesChanged(_ addresses: [LocalAddress]) {}
    func committed(_ report: CommitReport) {}
    func commitFailed(_ failure: CommitFailure) {}
}
