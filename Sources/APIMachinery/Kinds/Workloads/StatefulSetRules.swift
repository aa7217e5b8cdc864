import KubeAPI

/// StatefulSets (upstream's pkg/registry/apps/statefulset, pkg/apis/apps/v1/defaults.go).
enum StatefulSetRules {
    static let rules = KindRules(
        resource: Resource("apps", "StatefulSet", "statefulsets"), singular: "statefulset", shortNames: ["sts"],
        categories: ["all"], subresources: ["status", "scale"], setDefaults: setDefaults,
        prepare: { Preparation.write(&$0, $1, first: ["replicas": 0, "availableReplicas": 0], wish: .spec) },
        failures: failures, statusFailures: statusFailures,
        columns: WorkloadColumns.statefulSet,
        columnFields: FieldMask(TableColumn.templateFields() + ["spec.replicas", "status.readyReplicas"]))

    static func setDefaults(_ set: inout Unstructured) {
        set.edit("spec") { spec in
            PodDefaults.setTemplate(&spec)
            spec.setIfZero("podManagementPolicy", "OrderedReady")
            setUpdateStrategy(&spec)
            spec.setIfAbsent("persistentVolumeClaimRetentionPolicy", .object(JSONObject()))
            spec.edit("persistentVolumeClaimRetentionPolicy") { policy in
                policy.setIfZero("whenDeleted", "Retain")
                policy.setIfZero("whenScaled", "Retain")
            }
            spec.setIfAbsent("replicas", 1)
            spec.setIfAbsent("revisionHistoryLimit", 10)
            spec.editEach("volumeClaimTemplates") { claim in
                claim.setIfAbsent("apiVersion", "v1")
                claim.setIfAbsent("kind", "PersistentVolumeClaim")
                claim.edit("spec") { $0.setIfAbsent("volumeMode", "Filesystem") }
                claim.setIfAbsent("status", .object(JSONObject()))
                claim.edit("status") { $0.setIfZero("phase", "Pending") }
            }
        }
        set.edit("status") { status in
            for key in ["replicas", "availableReplicas"] { status.setIfAbsent(key, 0) }
        }
    }

    private static func setUpdateStrategy(_ spec: inout JSONValue) {
        spec.setIfAbsent("updateStrategy", .object(JSONObject()))
        spec.edit("updateStrategy") { strategy in
            if strategy.text("type").isEmpty {
                strategy["type"] = "RollingUpdate"
                strategy.setIfAbsent("rollingUpdate", .object(JSONObject()))
            }
            guard strategy.text("type") == "RollingUpdate" else { return }
            strategy.edit("rollingUpdate") { $0.setIfAbsent("partition", 0) }
        }
    }
}
