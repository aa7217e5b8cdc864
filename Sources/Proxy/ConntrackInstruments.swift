import Dataplane
import Metrics
import Net

/// kube-proxy's metrics of its conntrack cleanup, for a `FlowKeeper`'s callbacks (k8s.io/kubernetes
/// pkg/proxy/conntrack/cleanup.go).
package struct ConntrackInstruments: Sendable {
    private let durations: FamilyPair<Timer>
    private let deleted: FamilyPair<Counter>
    private let errors: Counter

    /// - Parameter factory: the process's own where nil.
    package init(metrics factory: (any MetricsFactory)? = nil) {
        let factory = factory ?? MetricsSystem.factory
        let name = "kubeproxy_conntrack_reconciler"
        func dimensions(_ family: IPFamily) -> [(String, String)] { [("ip_family", family.description)] }
        durations = FamilyPair {
            Timer(label: "\(name)_sync_duration_seconds", dimensions: dimensions($0), factory: factory)
        }
        deleted = FamilyPair {
            Counter(label: "\(name)_deleted_entries_total", dimensions: dimensions($0), factory: factory)
        }
        errors = Counter(
            label: "fairlead_netlink_errors_total", dimensions: [("operation", "conntrack")], factory: factory)
    }

    package func record(_ report: FlowCheckReport) {
        durations[report.family].recordNanoseconds(Int64(clamping: report.durationNanoseconds))
        deleted[report.family].increment(by: report.cleared)
    }

    /// The kernel refused to list or to remove flows.
    package func failed() { errors.increment() }
}
