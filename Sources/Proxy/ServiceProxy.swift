import Dataplane
import KubeAPI
import Logging
import Metrics
import Net
import Synchronization

/// The proxy: takes events about Services, EndpointSlices and Nodes from any thread, and tells the sync thread what
/// the data plane should do.
///
/// Two locks, never held together: one for the mailbox, held for as long as it takes to append an event; one for the
/// model, which only the sync thread takes. Small ones beside them guard single values.
package final class ServiceProxy: ChangeSource {
    private struct Inbox {
        var mailbox = Mailbox()
        var wake: (@Sendable () -> Void)?
        /// When the mailbox turned from empty to not empty.
        var since: ContinuousClock.Instant?
        var pending = ChangeCount()
        /// Of this node's Node object, which load balancers must hear of without waiting for the kernel.
        var isNodeEligible = false
    }

    private struct Health {
        var sink: (@Sendable (HealthChecks) -> Void)?
        /// The last that is known.
        var current: HealthChecks?
        /// `sink` has not got it.
        var isNew = false

        /// What `sink` has to be given now.
        mutating func take() -> (sink: @Sendable (HealthChecks) -> Void, checks: HealthChecks)? {
            guard isNew, let sink, let current else { return nil }
            isNew = false
            return (sink, current)
        }
    }

    let configuration: ProxyConfiguration
    private let inbox = Mutex(Inbox())
    let model: Mutex<ProxyModel>
    private let logger: Logger
    private let instruments: SyncInstruments
    private let progress: Mutex<SyncProgress>
    /// What time it is.
    private let clock: @Sendable () -> Timestamp
    /// The failure that was logged last, until a commit succeeds.
    private let lastFailure = Mutex<String?>(nil)
    private let health = Mutex(Health())

    /// - Parameters:
    ///   - metrics: where the instruments are made; the process's own factory where nil.
    ///   - clock: the wall clock. What endpoints were changed by before its first time is not measured.
    package init(
        configuration: ProxyConfiguration, logger: Logger, metrics: (any MetricsFactory)? = nil,
        clock: @escaping @Sendable () -> Timestamp = { .now }
    ) {
        let start = clock()
        self.configuration = configuration
        self.clock = clock
        model = Mutex(ProxyModel(configuration, trackerStart: start))
        self.logger = logger
        instruments = SyncInstruments(factory: metrics ?? MetricsSystem.factory, families: configuration.families)
        progress = Mutex(SyncProgress(start: start))
        instruments.queued(at: start)
    }

    /// Sets what announces work to the sync thread. It is called from the submitting thread, with no lock held, when
    /// the mailbox turns from empty to not empty; at once when there are events already. It must not block.
    package func connect(wake: @escaping @Sendable () -> Void) {
        let hasEvents = inbox.withLock { inbox in
            inbox.wake = wake
            return !inbox.mailbox.isEmpty
        }
        if hasEvents { wake() }
    }

    /// Sets what is told how health checks are to be answered. It is called from the sync thread, with no lock held, when
    /// that has changed and the kernel has acknowledged what goes with it. It must not block.
    package func connect(health sink: @escaping @Sendable (HealthChecks) -> Void) {
        health.withLock { health in
            health.sink = sink
            health.isNew = health.current != nil
        }
        // What was known before is handed out by the sync thread, too: never an older one after a newer one.
        inbox.withLock(\.wake)?()
    }

    /// Takes an event, from any thread, which also reads it: the sync thread never waits for that. Never blocks on the
    /// sync thread.
    package func submit(_ event: ProxyEvent) {
        guard let event = ParsedEvent(event, configuration) else { return }
        let changes = ChangeCount(event)
        instruments.saw(changes)
        let (wasEmpty, wake) = inbox.withLock { inbox in
            let wasEmpty = inbox.mailbox.isEmpty
            inbox.mailbox.append(event)
            if changes != ChangeCount() {
                inbox.pending.add(changes)
                instruments.pending(inbox.pending)
            }
            if let own = event.node { inbox.isNodeEligible = own.value?.isEligible ?? false }
            if wasEmpty { inbox.since = .now }
            return (wasEmpty, inbox.wake)
        }
        guard wasEmpty else { return }
        instruments.queued(at: clock())
        wake?()
    }

    package func takeChanges() -> DesiredChanges? {
        let (events, since) = inbox.withLock { inbox in
            defer { inbox.since = nil }
            if inbox.pending != ChangeCount() {
                inbox.pending = ChangeCount()
                instruments.pending(inbox.pending)
            }
            return (inbox.mailbox.take(), inbox.since)
        }
        let (changes, checks, problems, problemCount) = model.withLock { model in
            for event in events { model.apply(event) }
            model.resolveDirty()
            let changes = model.isSynced ? model.takeChanges() : nil
            return (changes, model.takeHealthChecks(), model.takeProblems(), model.ledger.current.count)
        }
        if let checks {
            health.withLock { health in
                health.current = checks
                health.isNew = true
            }
        }
        // Events that change nothing wait for no acknowledgement.
        let isWaiting = progress.withLock { $0.taken(changes, since: since) }
        for problem in problems { logger.warning("\(problem)") }
        if !events.isEmpty {
            instruments.setProblems(problemCount)
            if changes != nil, !isWaiting { _ = settled() }
        }
        if !isWaiting { handOutHealth() }
        return changes
    }

    package func localAddressesChanged(_ addresses: [LocalAddress]) {
        model.withLock { $0.setLocalAddresses(addresses) }
    }

    package func committed(_ report: CommitReport) {
        let since = settled()
        instruments.record(report, waited: since.map { $0.duration(to: .now) })
        logger.debug("committed", metadata: Self.metadata(report, since))
        let failure = lastFailure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if failure != nil { logger.notice("the kernel accepts the changes again") }
        handOutHealth()
    }

    /// The kernel has all that was taken.
    ///
    /// - Returns: when the first event came of which that was not yet so.
    private func settled() -> ContinuousClock.Instant? {
        let now = clock()
        let (triggers, tally) = model.withLock { ($0.takeTriggers(), $0.tally) }
        instruments.settled(triggers, tally, at: now)
        return progress.withLock { $0.settled(at: now) }
    }

    /// How it does: whether the kernel keeps up, and whether this node may be sent traffic. From any thread; never waits for the
    /// sync thread.
    ///
    /// Nothing is late before Services and EndpointSlices have been listed, but for events that nobody takes.
    package func health(now: ContinuousClock.Instant = .now) -> ProxyHealth {
        let (unread, isNodeEligible) = inbox.withLock { ($0.since, $0.isNodeEligible) }
        let progress = progress.withLock { $0 }
        var families: [IPFamily: ProxyHealth.Family] = [:]
        for family in configuration.families {
            families[family] = progress.health(
                of: family, unread: unread, now: now, timeout: configuration.syncPeriod * 2)
        }
        return ProxyHealth(currentTime: clock(), isNodeEligible: isNodeEligible, families: families)
    }

    /// Whether the kernel keeps up, in all families: what health check servers ask (kube-proxy's `/livez`).
    package func isHealthy(now: ContinuousClock.Instant = .now) -> Bool { health(now: now).isHealthy }

    private func handOutHealth() {
        if let (sink, checks) = health.withLock({ $0.take() }) { sink(checks) }
    }

    private static func metadata(_ report: CommitReport, _ since: ContinuousClock.Instant?) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "services": "\(report.servicePorts)", "elements": "\(report.elements)", "bytes": "\(report.bytes)",
            "microseconds": "\(report.durationNanoseconds / 1000)", "full": "\(report.isFull)",
        ]
        if let since {
            // From the first event's arrival to the kernel's acknowledgement.
            metadata["event_to_kernel_microseconds"] = "\(Int(since.duration(to: .now) / .microseconds(1)))"
        }
        return metadata
    }

    package func commitFailed(_ failure: CommitFailure) {
        instruments.failed(failure)
        if let name = failure.servicePort { model.withLock { $0.forgetTriggers(of: name) } }
        let isNew = lastFailure.withLock { last in
            defer { last = failure.description }
            return last != failure.description
        }
        // The same refusal comes with every retry: once is enough.
        let place = failure.servicePort.map { "service port \($0): " } ?? ""
        logger.log(
            level: isNew ? .error : .debug, "\(place)\(failure.description)",
            metadata: ["retry_milliseconds": "\(failure.retryMilliseconds)"])
    }

    package func repaired(_ report: RepairReport) {
        instruments.repairs.increment()
        logger.warning("\(report)")
    }
}
