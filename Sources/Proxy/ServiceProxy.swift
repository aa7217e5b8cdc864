import Dataplane
import Logging
import Metrics
import Synchronization

/// The proxy: takes events about Services, EndpointSlices and Nodes from any thread, and tells the sync thread what
/// the data plane should do.
///
/// Two locks, never held together: one for the mailbox, held for as long as it takes to append an event; one for the
/// model, which only the sync thread takes.
package final class ServiceProxy: ChangeSource {
    private struct Inbox {
        var mailbox = Mailbox()
        var wake: (@Sendable () -> Void)?
        /// When the mailbox turned from empty to not empty.
        var since: ContinuousClock.Instant?
    }

    private let inbox = Mutex(Inbox())
    let model: Mutex<ProxyModel>
    private let logger: Logger
    private let instruments: SyncInstruments
    /// The arrival of the first event that the kernel has not acknowledged.
    private let waitingSince = Mutex<ContinuousClock.Instant?>(nil)
    /// The failure that was logged last, until a commit succeeds.
    private let lastFailure = Mutex<String?>(nil)

    /// - Parameter metrics: where the instruments are made; the process's own factory where nil.
    package init(configuration: ProxyConfiguration, logger: Logger, metrics: (any MetricsFactory)? = nil) {
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

    /// Takes an event, from any thread. Never blocks on the sync thread.
    package func submit(_ event: ProxyEvent) {
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
        let (changes, problems) = model.withLock { model in
            for event in events { model.apply(event) }
            return (model.isSynced ? model.takeChanges() : nil, model.takeProblems())
        }
        // Events that change nothing wait for no acknowledgement.
        if let since, changes?.isEmpty != true { waitingSince.withLock { $0 = $0 ?? since } }
        instruments.count(events)
        for problem in problems { logger.warning("\(problem)") }
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
