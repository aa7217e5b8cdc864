import KubeAPI

/// Leases (upstream's pkg/registry/coordination/lease).
enum LeaseRules {
    static let rules = KindRules(
        resource: Resource("coordination.k8s.io", "Lease", "leases"), singular: "lease",
        strategy: .init(createsOnUpdate: true, updatesUnconditionally: false),
        prepare: { Preparation.write(&$0, $1, first: nil) }, failures: failures, columns: ClusterColumns.lease,
        columnFields: FieldMask(["spec.holderIdentity"]))
}
