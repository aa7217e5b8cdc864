import Dataplane
import KubeAPI
import Metrics
import Net

/// The metrics of the sync path that kube-proxy has for each family.
struct FamilyInstruments: Sendable {
    let family: IPFamily
    private let duration: Timer
    private let fullDuration: Timer
    private let partialDuration: Timer
    private let networkProgramming: Timer
    let lastSynced: Meter
    let lastQueued: Meter
    private let internalWithoutLocal: Meter
    private let externalWithoutLocal: Meter
    private let servicePorts: Meter
    private let endpoints: Meter
    let syncFailures: Counter
    private let cleanupFailures: Counter

    init(_ family: IPFamily, factory: any MetricsFactory) {
        let dimensions = [("ip_family", family.description)]
        func timer(_ name: String) -> Timer {
            Timer(label: "kubeproxy_\(name)_duration_seconds", dimensions: dimensions, factory: factory)
        }
        func meter(_ name: String, _ more: [(String, String)] = []) -> Meter {
            Meter(label: name, dimensions: more + dimensions, factory: factory)
        }
        func failures(of what: String) -> Counter {
            Counter(
                label: "kubeproxy_sync_proxy_rules_nftables_\(what)_failures_total", dimensions: dimensions,
                factory: factory)
        }
        self.family = family
        duration = timer("sync_proxy_rules")
        fullDuration = timer("sync_full_proxy_rules")
        partialDuration = timer("sync_partial_proxy_rules")
        networkProgramming = timer("network_programming")
        lastSynced = meter("kubeproxy_sync_proxy_rules_last_timestamp_seconds")
        lastQueued = meter("kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds")
        let withoutLocal = "kubeproxy_sync_proxy_rules_no_local_endpoints_total"
        internalWithoutLocal = meter(withoutLocal, [("traffic_policy", "internal")])
        externalWithoutLocal = meter(withoutLocal, [("traffic_policy", "external")])
        servicePorts = meter("fairlead_service_ports")
        endpoints = meter("fairlead_endpoints")
        syncFailures = failures(of: "sync")
        cleanupFailures = failures(of: "cleanup")
    }

    /// Nothing where the commit was not about this family.
    func record(_ report: CommitReport) {
        if report.cleanupFailures.contains(family) { cleanupFailures.increment() }
        guard report.families.contains(family) else { return }
        let nanoseconds = Int64(clamping: report.durationNanoseconds)
        duration.recordNanoseconds(nanoseconds)
        (report.isFull ? fullDuration : partialDuration).recordNanoseconds(nanoseconds)
    }

    func set(_ counts: ServicePortTally.Counts) {
        internalWithoutLocal.set(Int64(counts.internalWithoutLocal))
        externalWithoutLocal.set(Int64(counts.externalWithoutLocal))
        servicePorts.set(Int64(counts.servicePorts))
        endpoints.set(Int64(counts.endpoints))
    }

    /// The times of controllers are those of another machine's clock: one that is ahead counts as no time.
    func programmed(_ trigger: PendingTrigger, at time: Timestamp) {
        let microseconds = time.microsecondsSinceEpoch - trigger.time.microsecondsSinceEpoch
        networkProgramming.recordNanoseconds(max(0, microseconds) * 1000)
    }
}
