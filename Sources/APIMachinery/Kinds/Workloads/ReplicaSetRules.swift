import KubeAPI

/// ReplicaSets (upstream's pkg/registry/apps/replicaset, pkg/apis/apps/v1/defaults.go).
enum ReplicaSetRules {
    static let rules = KindRules(
        resource: Resource("apps", "ReplicaSet", "replicasets"), singular: "replicaset", shortNames: ["rs"],
        categories: ["all"], subresources: ["status", "scale"], setDefaults: setDefaults,
        prepare: { Preparation.write(&$0, $1, first: ["replicas": 0], wish: .spec) }, failures: failures,
        statusFailures: statusFailures,
        selectableFields: ["status.replicas": { "\($0.status.number("replicas"))" }],
        columns: WorkloadColumns.replicaSet,
        columnFields: FieldMask(
            TableColumn.templateFields() + ["spec.replicas", "status.replicas", "status.readyReplicas"]))

    static func setDefaults(_ set: inout Unstructured) {
        set.edit("spec") { spec in
            PodDefaults.setTemplate(&spec)
            spec.setIfAbsent("replicas", 1)
        }
        // A status always says how many there are: the field is not left out when it is 0.
        set.edit("status") { $0.setIfAbsent("replicas", 0) }
    }
}
