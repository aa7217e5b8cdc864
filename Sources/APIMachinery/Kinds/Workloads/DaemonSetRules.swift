import KubeAPI

/// DaemonSets (upstream's pkg/registry/apps/daemonset, pkg/apis/apps/v1/defaults.go).
enum DaemonSetRules {
    static let rules = KindRules(
        resource: Resource("apps", "DaemonSet", "daemonsets"), singular: "daemonset", shortNames: ["ds"],
        categories: ["all"], subresources: ["status"], setDefaults: setDefaults, prepare: prepare,
        failures: failures, statusFailures: statusFailures, columns: WorkloadColumns.daemonSet,
        columnFields: FieldMask(TableColumn.templateFields() + ["spec.template.spec.nodeSelector", "status"]))

    private static let counts = [
        "currentNumberScheduled", "desiredNumberScheduled", "numberMisscheduled", "numberReady",
    ]

    private static let generation = ["metadata", "annotations", "deprecated.daemonset.template.generation"]

    /// The number of the template is kept, as upstream, in an annotation: `apps/v1` has no field for it.
    static func prepare(_ set: inout Unstructured, _ old: Unstructured?) {
        let known = old.map { Int($0[generation]?.string ?? "") ?? 1 }
        let template = set.spec.part("template")
        let isChanged = old.map { !template.says(theSameAs: $0.spec["template"]) } ?? false
        let first = max(Int(set[generation]?.string ?? "") ?? 1, 1)
        set[generation] = .string("\(known.map { $0 + (isChanged ? 1 : 0) } ?? first)")
        Preparation.write(&set, old, first: JSONValue.zeros(counts), wish: .spec)
    }

    static func setDefaults(_ set: inout Unstructured) {
        set.edit("spec") { spec in
            PodDefaults.setTemplate(&spec)
            spec.setIfAbsent("updateStrategy", .object(JSONObject()))
            spec.edit("updateStrategy") { strategy in
                strategy.setIfZero("type", "RollingUpdate")
                guard strategy.text("type") == "RollingUpdate" else { return }
                strategy.setIfAbsent("rollingUpdate", .object(JSONObject()))
                strategy.edit("rollingUpdate") { update in
                    update.setIfAbsent("maxUnavailable", 1)
                    update.setIfAbsent("maxSurge", 0)
                }
            }
            spec.setIfAbsent("revisionHistoryLimit", 10)
        }
        set.edit("status") { status in
            for key in counts { status.setIfAbsent(key, 0) }
        }
    }
}
