import Dataplane
import Metrics

/// The metrics of the sync path, under kube-proxy's names where what they say is the same. Made once: making one looks
/// it up by name.
struct SyncInstruments: Sendable {
    private let duration: Timer
    private let fullDuration: Timer
    private let partialDuration: Timer
    private let serviceChanges: Counter
    private let endpointChanges: Counter
    /// Commits that the kernel refused.
    let failures: Counter
    /// Changes of others that were repaired.
    let repairs: Counter

    init(factory: any MetricsFactory) {
        func timer(_ name: String) -> Timer { Timer(label: "kubeproxy_\(name)_duration_seconds", factory: factory) }
        func counter(_ name: String) -> Counter {
            Counter(label: "kubeproxy_sync_proxy_rules_\(name)_total", factory: factory)
        }
        duration = timer("sync_proxy_rules")
        fullDuration = timer("sync_full_proxy_rules")
        partialDuration = timer("sync_partial_proxy_rules")
        serviceChanges = counter("service_changes")
        endpointChanges = counter("endpoint_changes")
        failures = counter("nftables_sync_failures")
        repairs = Counter(label: "fairlead_repairs_total", factory: factory)
    }

    func record(_ report: CommitReport) {
        let nanoseconds = Int64(clamping: report.durationNanoseconds)
        duration.recordNanoseconds(nanoseconds)
        (report.isFull ? fullDuration : partialDuration).recordNanoseconds(nanoseconds)
    }

    /// Counts the changed Services and EndpointSlices.
    func count(_ events: [ParsedEvent]) {
        var services = 0
        var slices = 0
        for event in events {
            switch event {
            case .service: services += 1
            case .endpointSlice: slices += 1
            case .replaceServices(let all): services += all.count
            case .replaceEndpointSlices(let all): slices += all.count
            case .node, .replaceNodes, .serviceCIDR, .replaceServiceCIDRs, .synced: continue
            }
        }
        if services > 0 { serviceChanges.increment(by: services) }
        if slices > 0 { endpointChanges.increment(by: slices) }
    }
}
