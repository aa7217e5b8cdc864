import Net
import Netlink
import Synchronization

/// Keeps flows in step with what the kernel has acknowledged: removes those that go where nothing is any more from the
/// conntrack table, and counts traffic.
///
/// Works on a thread of its own. The sync thread tells it of commits and never waits for it.
package final class FlowKeeper: Sendable {
    private struct Shared {
        var commits = CommittedFlows()
        /// The thread was woken, and has not yet taken what there is.
        var isWoken = false
        /// Looks at the table are due, now or later.
        var hasChecks = false
        var isStopping = false
        var hasEnded = false
        var waiters: [CheckedContinuation<TrafficSnapshot?, Never>] = []
        var statistics = FlowStatistics()
    }

    let wakeUp: EventFD
    let policy: FlowPolicy
    private let failed: @Sendable (NetlinkError) -> Void
    private let checked: @Sendable (FlowCheckReport) -> Void
    private let shared = Mutex(Shared())
    private let thread: Mutex<NamedThread?> = Mutex(nil)

    private init(
        _ policy: FlowPolicy, failed: @escaping @Sendable (NetlinkError) -> Void,
        checked: @escaping @Sendable (FlowCheckReport) -> Void
    ) throws(SystemError) {
        wakeUp = try EventFD()
        self.checked = checked
        self.policy = policy
        self.failed = failed
    }

    /// Starts the thread, for the network namespace of the calling one.
    ///
    /// - Parameters:
    ///   - failed: called on the keeper's thread when the kernel refused to list or to remove flows, once
    ///     for each cause; it is tried again after a second, and then less and less often.
    ///   - checked: called on the keeper's thread after each look at the table, whether it came to its end or not.
    /// - Throws: `NetlinkError` or `SystemError` when a socket, a descriptor or the thread cannot be made.
    package static func start(
        _ configuration: DataplaneConfiguration, counting: TrafficCounting = .off,
        failed: @escaping @Sendable (NetlinkError) -> Void = { _ in },
        checked: @escaping @Sendable (FlowCheckReport) -> Void = { _ in }
    ) throws -> FlowKeeper {
        let keeper = try FlowKeeper(FlowPolicy(configuration, counting: counting), failed: failed, checked: checked)
        let loop = Handover(try FlowLoop(keeper, families: configuration.families))
        try keeper.thread.withLock { $0 = try NamedThread(name: "fairlead-conntrack") { loop.take()?.run() } }
        return keeper
    }

    /// Ends the thread and waits for it. What was still to be looked at is left to the next start.
    package func stop() {
        shared.withLock { $0.isStopping = true }
        wakeUp.signal()
        thread.withLock { $0.take() }?.join()
    }

    /// The traffic up to now, from any thread; nil when it is not counted, cannot be listed, or the thread has ended.
    package func snapshot() async -> TrafficSnapshot? {
        guard policy.counting != .off else { return nil }
        return await withCheckedContinuation { continuation in
            let isLate = shared.withLock { shared in
                if !shared.hasEnded { shared.waiters.append(continuation) }
                return shared.hasEnded
            }
            if isLate { continuation.resume(returning: nil) }
            wakeUp.signal()
        }
    }

    /// The flows are as the kernel's last commit wants them: nothing is left to be looked at.
    package var isSettled: Bool { shared.withLock { !$0.isWoken && !$0.hasChecks } }

    package var statistics: FlowStatistics { shared.withLock { $0.statistics } }

    /// The kernel acknowledged a commit. Called on the sync thread; never blocks.
    func committed(_ dirty: Dirty, _ desired: borrowing DesiredState, refused: [ServicePortName: ServicePort]) {
        let commit = CommittedFlows(dirty, desired, refused: refused, policy)
        guard !commit.isEmpty else { return }
        // What only traffic is counted for can wait until the thread has something to do.
        let isUrgent =
            commit.isFull || commit.node != nil || commit.servicePorts.keys.contains { policy.clears($0.protocol) }
        let wakes = shared.withLock { shared in
            shared.commits.merge(commit)
            guard isUrgent, !shared.isWoken else { return false }
            shared.isWoken = true
            return true
        }
        if wakes { wakeUp.signal() }
    }

    var isStopping: Bool { shared.withLock { $0.isStopping } }

    func takeCommits() -> CommittedFlows {
        shared.withLock { shared in
            defer { shared.commits = CommittedFlows() }
            shared.isWoken = false
            if !shared.commits.isEmpty { shared.hasChecks = true }
            return shared.commits
        }
    }

    func takeWaiters() -> [CheckedContinuation<TrafficSnapshot?, Never>] {
        shared.withLock { shared in
            defer { shared.waiters = [] }
            return shared.waiters
        }
    }

    func setHasChecks(_ hasChecks: Bool) { shared.withLock { $0.hasChecks = hasChecks } }

    func report(_ change: (inout FlowStatistics) -> Void) { shared.withLock { change(&$0.statistics) } }
    func report(_ failure: NetlinkError) { failed(failure) }
    func report(_ check: FlowCheckReport) { checked(check) }

    func ended() {
        shared.withLock { $0.hasEnded = true }
        for waiter in takeWaiters() { waiter.resume(returning: nil) }
    }
}
