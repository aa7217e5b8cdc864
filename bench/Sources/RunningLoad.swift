import Net
import Synchronization
import TestSupport

/// What a load is to do.
struct LoadPlan: Sendable {
    static let requestLimit = 1_000_000
    static let secondsLimit = 600

    var probe: Probe
    var requests: Int
    var seconds: Int
    /// 0 for as many as go.
    var requestsPerSecond: Int
    var workers: Int
    /// Each worker has one connection for all its requests.
    var keepsConnections: Bool
}

/// Workers that ask, each on a thread of its own, until the plan's end or `stop()`.
final class RunningLoad: Sendable {
    private let plan: LoadPlan
    private let start = ContinuousClock.now
    private let nextRequest = Atomic(0)
    private let isStopped = Atomic(false)
    private let workersAtWork = Atomic(0)
    private let tally = Mutex(LoadTally())
    private let threads = Mutex<[JoinableThread]>([])

    init(_ plan: LoadPlan) throws(SocketError) {
        self.plan = plan
        for _ in 0..<plan.workers {
            workersAtWork.add(1, ordering: .relaxed)
            let thread = try JoinableThread { [self] in work() }
            threads.withLock { $0.append(thread) }
        }
    }

    var hasEnded: Bool { workersAtWork.load(ordering: .acquiring) == 0 }

    /// Lets no new request start.
    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Waits for the workers' end.
    func finish() -> LoadReport {
        for thread in threads.withLock({ $0 }) { thread.join() }
        let duration = ContinuousClock.now - start
        return tally.withLock { LoadReport($0, plan: plan, duration: duration) }
    }

    private func work() {
        var mine = LoadTally()
        var held = HeldConnection(plan.probe)
        while let time = nextTime() {
            sleepThread(until: time)
            if isStopped.load(ordering: .relaxed) { break }
            let begin = ContinuousClock.now
            let outcome = plan.keepsConnections ? held.ask() : plan.probe.run()
            mine.count(outcome, duration: ContinuousClock.now - begin)
        }
        tally.withLock { $0.add(mine) }
        workersAtWork.subtract(1, ordering: .releasing)
    }

    /// When the next request is to start; nil when there is none any more.
    private func nextTime() -> ContinuousClock.Instant? {
        let index = nextRequest.add(1, ordering: .relaxed).oldValue
        let now = ContinuousClock.now
        let end = start + .seconds(plan.seconds)
        let rate = plan.requestsPerSecond
        let time = rate == 0 ? now : start + .nanoseconds(index * 1_000_000_000 / rate)
        let isOver = index >= plan.requests || now >= end || time >= end || isStopped.load(ordering: .relaxed)
        return isOver ? nil : time
    }
}
