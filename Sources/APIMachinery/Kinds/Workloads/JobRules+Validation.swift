import KubeAPI

/// `ValidateJob`, `ValidateJobUpdate`, `ValidateJobUpdateStatus` (pkg/apis/batch/validation). Of the policies for failure and
/// success only that they fit the mode of completion.
extension JobRules {
    private static let parallelismLimit = 100_000

    static func failures(_ job: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(job, old, NameSyntax.dns1123Subdomain)
        let spec = job.spec
        if old == nil { failures += generatedFailures(job) }
        failures += specFailures(spec, "spec")
        if let selector = spec.field("selector") {
            failures.checkSelector(selector, "spec.selector")
            if let query = LabelQuery(tree: selector) { failures += PodTemplateRules.fitFailures(query, spec) }
        } else {
            failures.append(.required("spec.selector"))
        }
        guard let old else { return failures + hostnameFailures(job) }
        return failures + changeFailures(job, old)
    }

    /// `validateJobSpec`: of a Job, or of a CronJob's template.
    static func specFailures(_ spec: JSONValue, _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        let counts = [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
            "backoffLimitPerIndex", "maxFailedIndexes",
        ]
        for key in counts { failures.checkNotNegative("\(path).\(key)", spec.field(key)?.integer) }
        if spec.has("maxFailedIndexes"), !spec.has("backoffLimitPerIndex") {
            failures.append(.required("\(path).backoffLimitPerIndex", "when maxFailedIndexes is specified"))
        }
        failures += modeFailures(spec, path)
        if let policy = spec.field("podReplacementPolicy")?.string {
            failures.check(
                "\(path).podReplacementPolicy", policy,
                isOneOf: spec.has("podFailurePolicy") ? ["Failed"] : ["Failed", "TerminatingOrFailed"])
        }
        failures += PodTemplateRules.failures(spec.part("template"), "\(path).template")
        let restart = spec.part("template").part("spec").text("restartPolicy")
        let place = "\(path).template.spec.restartPolicy"
        if restart == "Always" || restart.isEmpty {
            failures.append(.required(place, #"valid values: "OnFailure", "Never""#))
        } else if restart != "OnFailure", restart != "Never" {
            failures.append(.unsupported(place, .string(restart), ["OnFailure", "Never"]))
        } else if spec.has("podFailurePolicy"), restart != "Never" {
            failures.append(
                .invalid(place, .string(restart), #"only "Never" is supported when podFailurePolicy is specified"#))
        }
        return failures
    }

    private static func modeFailures(_ spec: JSONValue, _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        let mode = spec.text("completionMode")
        if !mode.isEmpty { failures.check("\(path).completionMode", mode, isOneOf: ["NonIndexed", "Indexed"]) }
        guard mode == "Indexed" else {
            for key in ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"] {
                guard let value = spec.field(key) else { continue }
                failures.append(.invalid("\(path).\(key)", value, "requires indexed completion mode"))
            }
            return failures
        }
        if !spec.has("completions") {
            failures.append(.required("\(path).completions", "when completion mode is Indexed"))
        }
        if spec.number("parallelism") > parallelismLimit {
            failures.append(
                .invalid(
                    "\(path).parallelism", JSONValue(spec.number("parallelism")),
                    "must be less than or equal to \(parallelismLimit) when completion mode is Indexed"))
        }
        if let most = spec.field("maxFailedIndexes")?.integer, spec.has("completions"),
            most > spec.number("completions")
        {
            failures.append(
                .invalid("\(path).maxFailedIndexes", JSONValue(most), "must be less than or equal to completions"))
        }
        return failures
    }

    /// `validateGeneratedSelector`: what the server has added was not written by the client in another way.
    private static func generatedFailures(_ job: Unstructured) -> [FieldFailure] {
        guard !job.spec.flag("manualSelector"), let selector = job.spec.field("selector") else { return [] }
        let labels = job.spec.part("template").part("metadata").map("labels")
        let expected = [
            ("controller-uid", job.uid), ("job-name", job.name), ("batch.kubernetes.io/controller-uid", job.uid),
            ("batch.kubernetes.io/job-name", job.name),
        ]
        var failures: [FieldFailure] = []
        let path = "spec.template.metadata.labels"
        for (key, value) in expected {
            if labels[key] == nil {
                failures.append(.required("\(path)[\(key)]", "must be '\(value)'"))
            } else if labels[key] != value {
                failures.append(.invalid("\(path)[\(key)]", JSONValue(labels), "must be '\(value)'"))
            }
        }
        if let query = LabelQuery(tree: selector), !query.matches(Dictionary(expected) { $1 }) {
            failures.append(.invalid("spec.selector", selector, "`selector` not auto-generated"))
        }
        return failures
    }

    private static func hostnameFailures(_ job: Unstructured) -> [FieldFailure] {
        let count = job.spec.number("completions")
        guard job.spec.text("completionMode") == "Indexed", count > 0 else { return [] }
        let last = "\(job.name)-\(count - 1)"
        guard !NameSyntax.dns1123Label(last).isEmpty else { return [] }
        return [
            .invalid(
                "metadata.name", .string(job.name), "will not able to create pod with invalid DNS label: \(last)")
        ]
    }

    private static func changeFailures(_ job: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        let (spec, before) = (job.spec, old.spec)
        var failures: [FieldFailure] = []
        if spec.text("completionMode") != "Indexed" {
            failures.checkUnchanged("spec.completions", spec["completions"], before["completions"])
        } else if let count = spec.field("completions"), count != before["completions"], count != spec["parallelism"] {
            failures.append(
                .invalid("spec.completions", count, "can only be modified in tandem with spec.parallelism"))
        }
        failures.checkUnchanged("spec.selector", spec["selector"], before["selector"])
        // A job that waits and has not begun may still be placed elsewhere.
        if !before.flag("suspend") || old.status.has("startTime") {
            failures.checkUnchanged("spec.template", spec["template"], before["template"])
        }
        for key in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
            failures.checkUnchanged("spec.\(key)", spec[key], before[key])
        }
        return failures
    }

    static func statusFailures(_ job: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        var failures = MetadataRules.failures(job, old, NameSyntax.dns1123Subdomain)
        failures.checkCounts(job.status, ["active", "succeeded", "failed", "ready", "terminating"])
        return failures
    }
}
