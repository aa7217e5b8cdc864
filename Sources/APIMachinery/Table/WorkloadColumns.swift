import KubeAPI

/// What `kubectl get` prints of the kinds that make pods.
enum WorkloadColumns {
    static let deployment: [TableColumn] =
        [
            .name,
            .text("Ready", "Number of the pod with ready state") {
                "\($0.status.number("readyReplicas"))/\($0.spec.number("replicas"))"
            },
            .count("Up-to-date", type: "string", "Pods of the current template.") {
                $0.status.number("updatedReplicas")
            },
            .count("Available", type: "string", "Pods that have been ready for long enough.") {
                $0.status.number("availableReplicas")
            },
            .age,
        ] + TableColumn.containers("spec", "template") + [
            .text("Selector", priority: 1, "What selects the pods.") {
                SelectorText.text(of: $0.spec.field("selector")) ?? "<invalid>"
            }
        ]

    static let replicaSet: [TableColumn] =
        [
            .name,
            .count("Desired", "The number of pods that are wished.") { $0.spec.number("replicas") },
            .count("Current", "The number of pods that there are.") { $0.status.number("replicas") },
            .count("Ready", "The number of pods that are ready.") { $0.status.number("readyReplicas") },
            .age,
        ] + TableColumn.containers("spec", "template") + [.selector("spec", "selector")]

    static let daemonSet: [TableColumn] =
        [
            .name,
            .count("Desired", "Nodes that should run the pod.") { $0.status.number("desiredNumberScheduled") },
            .count("Current", "Nodes that run the pod and should.") { $0.status.number("currentNumberScheduled") },
            .count("Ready", "Nodes whose pod is ready.") { $0.status.number("numberReady") },
            .count("Up-to-date", "Nodes whose pod is of the current template.") {
                $0.status.number("updatedNumberScheduled")
            },
            .count("Available", "Nodes whose pod has been ready for long enough.") {
                $0.status.number("numberAvailable")
            },
            .text("Node Selector", "The labels of the nodes that run the pod.") {
                SelectorText.labels($0.spec.part("template").part("spec").pairs("nodeSelector"))
            },
            .age,
        ] + TableColumn.containers("spec", "template") + [.selector("spec", "selector")]

    static let statefulSet: [TableColumn] =
        [
            .name,
            .text("Ready", "Number of the pod with ready state") {
                "\($0.status.number("readyReplicas"))/\($0.spec.number("replicas"))"
            },
            .age,
        ] + TableColumn.containers("spec", "template")

    static let controllerRevision: [TableColumn] = [
        .name,
        .text("Controller", "Controller of the object") { revision in
            guard let owner = revision.controllerReference else { return "<none>" }
            let group = owner.text("apiVersion").split(separator: "/").dropLast().first ?? ""
            let kind = group.isEmpty ? owner.text("kind") : "\(owner.text("kind")).\(group)"
            return "\(kind.lowercased())/\(owner.text("name"))"
        },
        .count("Revision", type: "string", "The number of the revision.") { $0["revision"]?.integer ?? 0 },
        .age,
    ]

    static let job: [TableColumn] =
        [
            .name,
            .text("Status", "Status of the job.", jobStatus),
            .text("Completions", "Pods that have come to their end with success.", completions),
            TableColumn("Duration", documentation: "Time required to complete the job.") { job, now in
                guard let start = job.status.time("startTime") else { return "" }
                return .string(HumanDuration.text(since: start, now: job.status.time("completionTime") ?? now))
            },
            .age,
        ] + TableColumn.containers("spec", "template") + [.selector("spec", "selector")]

    static let cronJob: [TableColumn] =
        [
            .name,
            .text("Schedule", "When jobs are made, in the notation of cron.") { $0.spec.text("schedule") },
            .text("Timezone", "The time zone of the schedule.") { $0.spec.field("timeZone")?.string ?? "<none>" },
            TableColumn("Suspend", type: "boolean", documentation: "Whether no jobs are made.") { job, _ in
                guard let isSuspended = job.spec.field("suspend") else { return "<unset>" }
                return isSuspended.bool == true ? "True" : "False"
            },
            .count("Active", "Jobs that run.") { $0.status.list("active").count },
            TableColumn("Last Schedule", documentation: "When the last job was made.") { job, now in
                guard let time = job.status.time("lastScheduleTime") else { return "<none>" }
                return .string(HumanDuration.text(since: time, now: now))
            },
            .age,
        ] + TableColumn.containers("spec", "jobTemplate", "spec", "template") + [
            .selector("spec", "jobTemplate", "spec", "selector")
        ]

    static let disruptionBudget: [TableColumn] = [
        .name,
        .text("Min Available", "The minimum number of pods that must be available.") { quota($0, "minAvailable") },
        .text("Max Unavailable", "The maximum number of pods that may be unavailable.") { quota($0, "maxUnavailable") },
        .count("Allowed Disruptions", "Calculated number of pods that may be disrupted at this time.") {
            $0.status.number("disruptionsAllowed")
        },
        .age,
    ]

    private static func quota(_ budget: Unstructured, _ key: String) -> String {
        guard let value = budget.spec.field(key) else { return "N/A" }
        return value.integer.map { "\($0)" } ?? value.string ?? ""
    }

    private static func completions(_ job: Unstructured) -> String {
        let done = job.status.number("succeeded")
        if let wished = job.spec.field("completions")?.integer { return "\(done)/\(wished)" }
        let parallelism = job.spec.number("parallelism")
        return parallelism > 1 ? "\(done)/1 of \(parallelism)" : "\(done)/1"
    }

    private static func jobStatus(_ job: Unstructured) -> String {
        let conditions = job.status.list("conditions")
        func has(_ type: String) -> Bool { conditions.first { $0.text("type") == type }?.text("status") == "True" }
        if has("Complete") { return "Complete" }
        if has("Failed") { return "Failed" }
        if job.metadata.has("deletionTimestamp") { return "Terminating" }
        return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].first(where: has) ?? "Running"
    }
}
