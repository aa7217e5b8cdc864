import Net
import Netlink

private enum Token {
    static let wakeUp: UInt64 = 0
    static let endedFlows: UInt64 = 1
}

/// What runs on a `FlowKeeper`'s thread.
struct FlowLoop: ~Copyable, Sendable {
    private let keeper: FlowKeeper
    private let families: Set<IPFamily>
    private var socket: ConntrackSocket
    private var monitor: ConntrackMonitor?
    private var poller: Poller
    private var table: FlowTable
    private var ledger: TrafficLedger
    private var agenda = CheckAgenda()
    /// What was reported last, until there is no failure any more.
    private var lastFailure: NetlinkError?
    /// So many ended flows are taken before anything else has its turn.
    private static let endedFlowsAtOnce = 4096

    init(_ keeper: FlowKeeper, families: Set<IPFamily>) throws {
        let socket = try ConntrackSocket()
        var poller = try Poller()
        try poller.add(keeper.wakeUp, token: Token.wakeUp)
        if keeper.policy.counting != .off {
            let monitor = try ConntrackMonitor()
            try poller.add(monitor, token: Token.endedFlows)
            self.monitor = consume monitor
        } else {
            monitor = nil
        }
        self.keeper = keeper
        self.families = families
        self.socket = socket
        self.poller = poller
        table = FlowTable(keeper.policy)
        ledger = TrafficLedger(keeper.policy.counting)
    }

    consuming func run() {
        while !keeper.isStopping {
            takeCommits()
            countEndedFlows(limit: Self.endedFlowsAtOnce)
            if let check = agenda.takeDue(at: MonotonicClock.nanoseconds) { carryOut(check) }
            answer(keeper.takeWaiters())
            wait()
        }
        keeper.ended()
    }

    private mutating func wait() {
        let next = agenda.nextNanoseconds
        keeper.setHasChecks(next != nil)
        let timeout = next.map { next in
            let now = MonotonicClock.nanoseconds
            return next > now ? Int((next - now) / 1_000_000) + 1 : 0
        }
        guard let ready = try? poller.wait(timeoutMilliseconds: timeout) else { return }
        if ready.contains(Token.wakeUp) { keeper.wakeUp.drain() }
    }

    private mutating func takeCommits() {
        let commits = keeper.takeCommits()
        guard !commits.isEmpty else { return }
        var removed: [ServicePortName] = []
        agenda.add(table.apply(commits) { removed.append($0) })
        for name in removed { ledger.forget(name) }
    }

    /// Looks for wrong flows and removes them; what failed is tried again.
    private mutating func carryOut(_ check: DueCheck) {
        let start = MonotonicClock.nanoseconds
        let before = socket.receivedCount
        var failure: NetlinkError?
        var reports: [FlowCheckReport] = []
        let filters = check.check.filters(known: table.clearedFrontends)
        do throws(NetlinkError) {
            for family in IPFamily.allCases where filters.contains(where: { $0.family == family }) {
                let began = MonotonicClock.nanoseconds
                var report = FlowCheckReport(family: family)
                defer {
                    report.durationNanoseconds = MonotonicClock.nanoseconds - began
                    reports.append(report)
                }
                for filter in filters where filter.family == family {
                    let stale = try socket.flows(filter) { table.isStale($0, check.check) }
                    guard !stale.isEmpty else { continue }
                    // What was committed while the table was listed has made flows right that were not before.
                    takeCommits()
                    for flow in stale where table.isStale(flow, check.check) {
                        if try socket.delete(flow) { report.cleared += 1 }
                    }
                }
            }
        } catch {
            failure = error
        }
        let cleared = UInt64(reports.reduce(0) { $0 + $1.cleared })
        agenda.finished(check, failed: failure != nil, start: start, end: MonotonicClock.nanoseconds)
        let listed = socket.receivedCount - before
        keeper.report { statistics in
            statistics.checks += 1
            statistics.listed += listed
            statistics.cleared += cleared
        }
        for report in reports { keeper.report(report) }
        report(failure)
    }

    private mutating func countEndedFlows(limit: Int = .max) {
        guard keeper.policy.counting != .off else { return }
        var ended: [ConntrackFlow] = []
        // A socket that cannot be read has lost news as well.
        let overflows = (try? monitor?.drain(limit: limit) { ended.append($0) }) ?? 1
        for flow in ended { ledger.addEnded(flow, of: table.owner(of: flow)) }
        guard overflows > 0 else { return }
        ledger.addOverflows(overflows)
        keeper.report { $0.overflows += UInt64(overflows) }
    }

    private mutating func answer(_ waiters: [CheckedContinuation<TrafficSnapshot?, Never>]) {
        guard !waiters.isEmpty else { return }
        let snapshot = traffic()
        for waiter in waiters { waiter.resume(returning: snapshot) }
    }

    /// What has ended, and what is open. A flow that ends while the open ones are listed is told of before or after
    /// that, and counted once.
    private mutating func traffic() -> TrafficSnapshot? {
        ledger.beginSnapshot()
        takeCommits()
        countEndedFlows()
        let before = socket.receivedCount
        var open: [ConntrackFlow] = []
        var failure: NetlinkError?
        do throws(NetlinkError) {
            for family in families.sorted() {
                open += try socket.flows(ConntrackFilter(family, onlyTranslated: true))
            }
        } catch {
            failure = error
        }
        let listed = socket.receivedCount - before
        keeper.report { $0.listed += listed }
        countEndedFlows()
        let snapshot = ledger.snapshot(open: open, table)
        report(failure)
        return failure == nil ? snapshot : nil
    }

    /// The same failure comes with every attempt: once is enough.
    private mutating func report(_ failure: NetlinkError?) {
        if let failure, failure != lastFailure { keeper.report(failure) }
        lastFailure = failure
    }
}
