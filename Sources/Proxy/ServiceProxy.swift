import Dataplane
import Logging
import Metrics
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

    private let configuration: ProxyConfiguration
    private let inbox = Mutex(Inbox())
    private let model: Mutex<ProxyModel>
    private let logger: Logger
    private let instruments: SyncInstruments
    /// The arrival of the first event that the kernel has not acknowledged.
    private let waitingSince = Mutex<ContinuousClock.Instant?>(nil)
    /// The failure that was logged last, until a commit succeeds.
    private let lastFailure = Mutex<String?>(nil)
    private let health = Mutex(Health())

    /// - Parameter metrics: where the instruments are made; the process's own factory where nil.
    package init(configuration: ProxyConfiguration, logger: Logger, metrics: (any MetricsFactory)? = nil) {
        self.configuration = configuration
        model = Mutex(ProxyModel(configuration))
        self.logger = logger
        instruments = SyncInstruments(factory: metrics ?? MetricsSystem.factory)
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
        let wake = inbox.withLock { inbox in
            let wasEmpty = inbox.mailbox.isEmpty
            inbox.mailbox.append(event)
            guard wasEmpty else { return nil as (@Sendable () -> Void)? }
            inbox.since = .now
            return inbox.wake
        }
        wake?()
    }

    package func takeChanges() -> DesiredChanges? {
        let (events, since) = inbox.withLock { inbox in
            defer { inbox.since = nil }
            return (inbox.mailbox.take(), inbox.since)
        }
        let (changes, checks, problems) = model.withLock { model in
            for event in events { model.apply(event) }
            model.resolveDirty()
            let changes = model.isSynced ? model.takeChanges() : nil
            return (changes, model.takeHealthChecks(), model.takeProblems())
        }
        if let checks {
            health.withLock { health in
                health.current = checks
                health.isNew = true
            }
        }
        // Events that change nothing wait for no acknowledgement.
        let isWaiting = waitingSince.withLock { waiting in
            if changes?.isEmpty != true, waiting == nil { waiting = since ?? (changes == nil ? nil : .now) }
            return waiting != nil
        }
        if !events.isEmpty { instruments.count(events) }
        for problem in problems { logger.warning("\(problem)") }
        if !isWaiting { handOutHealth() }
        return changes
    }

    package func localAddressesChanged(_ addresses: [LocalAddress]) {
        model.withLock { $0.setLocalAddresses(addresses) }
    }

    package func committed(_ report: CommitReport) {
        instruments.record(report)
        let since = waitingSince.withLock { since in
            defer { since = nil }
            return since
        }
        logger.debug("committed", metadata: Self.metadata(report, since))
        let failure = lastFailure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if failure != nil { logger.notice("the kernel accepts the changes again") }
        handOutHealth()
    }

    /// Whether the kernel keeps up: false when it has not acknowledged for two of `syncPeriod` what was submitted
    /// (kube-proxy's `/livez`). From any thread.
    package func isHealthy(syncPeriod: Duration = .seconds(30), now: ContinuousClock.Instant = .now) -> Bool {
        let oldest = [waitingSince.withLock { $0 }, inbox.withLock(\.since)].compactMap(\.self).min()
        return oldest.map { $0.duration(to: now) <= syncPeriod * 2 } ?? true
    }

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
        instruments.failures.increment()
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
