/// The metrics of kube-proxy's nftables mode, with its names, types, labels, help texts and buckets
/// (k8s.io/kubernetes 1.36, pkg/proxy/metrics/metrics.go).
package enum KubeProxyMetrics {
    package static var declarations: [MetricDeclaration] { syncs + changes + endpoints }

    private static let family = ["ip_family"]

    private static var syncs: [MetricDeclaration] {
        [
            declaration("sync_proxy_rules_duration_seconds", .histogram, "SyncProxyRules latency in seconds", family),
            declaration(
                "sync_full_proxy_rules_duration_seconds", .histogram,
                "SyncProxyRules latency in seconds for full resyncs", family),
            declaration(
                "sync_partial_proxy_rules_duration_seconds", .histogram,
                "SyncProxyRules latency in seconds for partial resyncs", family),
            declaration(
                "sync_proxy_rules_last_timestamp_seconds", .gauge,
                "The last time proxy rules were successfully synced", family),
            declaration(
                "sync_proxy_rules_last_queued_timestamp_seconds", .gauge,
                "The last time a sync of proxy rules was queued", family),
            MetricDeclaration(
                "kubeproxy_network_programming_duration_seconds", .histogram,
                help: "In Cluster Network Programming Latency in seconds", labels: family,
                buckets: networkProgrammingBuckets),
            declaration(
                "sync_proxy_rules_nftables_sync_failures_total", .counter, "Cumulative proxy nftables sync failures",
                family),
            declaration(
                "sync_proxy_rules_nftables_cleanup_failures_total", .counter,
                "Cumulative proxy nftables cleanup failures", family),
        ]
    }

    private static var changes: [MetricDeclaration] {
        [
            declaration("sync_proxy_rules_endpoint_changes_pending", .gauge, "Pending proxy rules Endpoint changes"),
            declaration("sync_proxy_rules_endpoint_changes_total", .counter, "Cumulative proxy rules Endpoint changes"),
            declaration("sync_proxy_rules_service_changes_pending", .gauge, "Pending proxy rules Service changes"),
            declaration("sync_proxy_rules_service_changes_total", .counter, "Cumulative proxy rules Service changes"),
            // A gauge with a counter's name, as it is upstream.
            declaration(
                "sync_proxy_rules_no_local_endpoints_total", .gauge,
                "Number of services with a Local traffic policy and no endpoints", ["traffic_policy"] + family),
            declaration(
                "conntrack_reconciler_sync_duration_seconds", .histogram,
                "ReconcileConntrackFlowsLatency latency in seconds", family),
            declaration(
                "conntrack_reconciler_deleted_entries_total", .counter,
                "Cumulative conntrack flows deleted by conntrack reconciler", family),
        ]
    }

    private static var endpoints: [MetricDeclaration] {
        [
            declaration("proxy_healthz_total", .counter, "Cumulative proxy healthz HTTP status", ["code"]),
            declaration("proxy_livez_total", .counter, "Cumulative proxy livez HTTP status", ["code"]),
        ]
    }

    /// 0.25 s, 0.5 s, then every second up to 59, every 5 up to 115, every 30 up to 300.
    private static var networkProgrammingBuckets: [Double] {
        [0.25, 0.5] + (1...59).map(Double.init) + stride(from: 60.0, through: 115, by: 5)
            + stride(from: 120.0, through: 300, by: 30)
    }

    private static func declaration(
        _ name: String, _ kind: MetricDeclaration.Kind, _ help: String, _ labels: [String] = []
    ) -> MetricDeclaration {
        MetricDeclaration("kubeproxy_\(name)", kind, help: help, labels: labels)
    }
}
