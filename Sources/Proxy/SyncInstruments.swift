import Dataplane
import KubeAPI
import Metrics
import Net

/// The metrics of the sync path, under kube-proxy's names where what they say is the same (k8s.io/kubernetes
/// pkg/proxy/metrics/metrics.go). Made once: making one looks it up by name.
struct SyncInstruments: Sendable {
    private let families: [FamilyInstruments]
    private let serviceChanges: Counter
    private let endpointChanges: Counter
    private let pendingServiceChanges: Meter
    private let pendingEndpointChanges: Meter
    private let programming: Timer
    private let fullCommits: Counter
    private let incrementalCommits: Counter
    private let elements: Counter
    private let bytes: Counter
    private let netlinkErrors: Counter
    private let problems: Meter
    private let refused: Meter
    /// Changes of others that were repaired.
    let repairs: Counter

    init(factory: any MetricsFactory, families: Set<IPFamily>) {
        func counter(_ name: String, _ dimensions: [(String, String)] = []) -> Counter {
            Counter(label: name, dimensions: dimensions, factory: factory)
        }
        func meter(_ name: String) -> Meter { Meter(label: name, factory: factory) }
        self.families = families.sorted().map { FamilyInstruments($0, factory: factory) }
        serviceChanges = counter("kubeproxy_sync_proxy_rules_service_changes_total")
        endpointChanges = counter("kubeproxy_sync_proxy_rules_endpoint_changes_total")
        pendingServiceChanges = meter("kubeproxy_sync_proxy_rules_service_changes_pending")
        pendingEndpointChanges = meter("kubeproxy_sync_proxy_rules_endpoint_changes_pending")
        programming = Timer(label: "fairlead_programming_duration_seconds", factory: factory)
        fullCommits = counter("fairlead_commits_total", [("kind", "full")])
        incrementalCommits = counter("fairlead_commits_total", [("kind", "incremental")])
        elements = counter("fairlead_committed_elements_total")
        bytes = counter("fairlead_committed_bytes_total")
        netlinkErrors = counter("fairlead_netlink_errors_total", [("operation", "commit")])
        problems = meter("fairlead_problems")
        refused = meter("fairlead_refused_service_ports")
        repairs = counter("fairlead_repairs_total")
    }

    /// A change was seen, in whatever state it left the mailbox.
    func saw(_ changes: ChangeCount) {
        if changes.services > 0 { serviceChanges.increment(by: changes.services) }
        if changes.endpointSlices > 0 { endpointChanges.increment(by: changes.endpointSlices) }
    }

    /// So many changes wait in the mailbox.
    func pending(_ changes: ChangeCount) {
        pendingServiceChanges.set(Int64(changes.services))
        pendingEndpointChanges.set(Int64(changes.endpointSlices))
    }

    /// There is something to do.
    func queued(at time: Timestamp) {
        for family in families { family.lastQueued.set(time.secondsSinceEpoch) }
    }

    /// The kernel acknowledged a commit.
    ///
    /// - Parameter waited: since the arrival of its oldest change.
    func record(_ report: CommitReport, waited: Duration?) {
        for family in families { family.record(report) }
        (report.isFull ? fullCommits : incrementalCommits).increment()
        elements.increment(by: report.elements)
        bytes.increment(by: report.bytes)
        refused.set(Int64(report.refusedServicePorts))
        if let waited { programming.recordNanoseconds(Int64(clamping: Int(waited / .nanoseconds(1)))) }
    }

    /// The kernel has all that is known.
    func settled(_ triggers: [PendingTrigger], _ tally: ServicePortTally, at time: Timestamp) {
        for family in families {
            family.lastSynced.set(time.secondsSinceEpoch)
            family.set(tally.families[family.family])
            for trigger in triggers where trigger.family == family.family { family.programmed(trigger, at: time) }
        }
    }

    func failed(_ failure: CommitFailure) {
        netlinkErrors.increment()
        // What cannot be said to be one family's keeps both from the kernel.
        for family in families where failure.servicePort.map({ $0.family == family.family }) ?? true {
            family.syncFailures.increment()
        }
    }

    /// So many objects have a part that had to be left out.
    func setProblems(_ count: Int) { problems.set(Int64(count)) }
}

extension Timestamp {
    fileprivate var secondsSinceEpoch: Double { Double(microsecondsSinceEpoch) / 1_000_000 }
}
