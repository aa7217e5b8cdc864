import KubeAPI

/// Jobs (upstream's pkg/registry/batch/job, pkg/apis/batch/v1/defaults.go).
enum JobRules {
    static let rules = KindRules(
        resource: Resource("batch", "Job", "jobs"), singular: "job", categories: ["all"], subresources: ["status"],
        // Of all kinds, Jobs alone leave their pods behind where a deletion does not say otherwise; `kubectl delete` does.
        strategy: .init(propagation: .orphan), setDefaults: setDefaults, prepare: prepare, failures: failures,
        statusFailures: statusFailures,
        selectableFields: ["status.successful": { "\($0.status.number("succeeded"))" }], columns: WorkloadColumns.job,
        columnFields: FieldMask(TableColumn.templateFields() + ["spec.completions", "spec.parallelism", "status"]))

    static func setDefaults(_ job: inout Unstructured) {
        var labels: JSONValue?
        job.edit("spec") { spec in
            setDefaults(ofSpec: &spec)
            labels = spec.part("template").part("metadata").field("labels")
        }
        if let labels, job.labels.isEmpty, !labels.isEmpty { job[["metadata", "labels"]] = labels }
    }

    private static func setDefaults(ofSpec spec: inout JSONValue) {
        setTemplateDefaults(&spec)
        if !spec.has("completions"), !spec.has("parallelism") { spec["completions"] = 1 }
        spec.setIfAbsent("parallelism", 1)
        spec.setIfAbsent("backoffLimit", spec.has("backoffLimitPerIndex") ? JSONValue(Int(Int32.max)) : 6)
        spec.setIfAbsent("completionMode", "NonIndexed")
        spec.setIfAbsent("suspend", false)
        spec.setIfAbsent("podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed")
        spec.setIfAbsent("manualSelector", false)
    }

    /// What Jobs and the templates of CronJobs share.
    static func setTemplateDefaults(_ spec: inout JSONValue) {
        PodDefaults.setTemplate(&spec)
        spec.edit("podFailurePolicy") { policy in
            policy.editEach("rules") { rule in rule.editEach("onPodConditions") { $0.setIfZero("status", "True") } }
        }
    }

    static func prepare(_ job: inout Unstructured, _ old: Unstructured?) {
        if old == nil, job.spec.field("manualSelector")?.bool != true { addSelector(&job) }
        Preparation.write(&job, old, wish: .spec)
    }

    /// `generateSelector`: the pods of a job bear its name and its uid.
    private static func addSelector(_ job: inout Unstructured) {
        let (name, uid) = (job.name, job.uid)
        job.edit("spec") { spec in
            spec.edit("template") { template in
                template.setIfAbsent("metadata", .object(JSONObject()))
                template.edit("metadata") { metadata in
                    metadata.setIfAbsent("labels", .object(JSONObject()))
                    metadata.edit("labels") { labels in
                        for prefix in ["", "batch.kubernetes.io/"] {
                            labels.setIfAbsent("\(prefix)job-name", .string(name))
                            labels.setIfAbsent("\(prefix)controller-uid", .string(uid))
                        }
                    }
                }
            }
            spec.setIfAbsent("selector", .object(JSONObject()))
            spec.edit("selector") { selector in
                selector.setIfAbsent("matchLabels", .object(JSONObject()))
                selector.edit("matchLabels") { $0.setIfAbsent("batch.kubernetes.io/controller-uid", .string(uid)) }
            }
        }
    }
}
