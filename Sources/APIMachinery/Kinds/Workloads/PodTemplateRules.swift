import KubeAPI

/// The rules for pod templates and for the selectors that must fit them (`ValidatePodTemplateSpec` in
/// pkg/apis/core/validation, `ValidatePodTemplateSpecForReplicaSet` in pkg/apis/apps/validation).
enum PodTemplateRules {
    static func failures(_ template: JSONValue, _ path: String) -> [FieldFailure] {
        let metadata = template.part("metadata")
        var failures = MetadataRules.labelFailures(metadata.pairs("labels"), "\(path).labels")
        failures += MetadataRules.annotationFailures(metadata, "\(path).annotations")
        failures += PodSpecRules.failures(template.part("spec"), "\(path).spec", isPod: false)
        if !template.part("spec").list("ephemeralContainers").isEmpty {
            failures.append(
                .forbidden("\(path).spec.ephemeralContainers", "ephemeral containers not allowed in pod template"))
        }
        return failures
    }

    /// A selector that is there, says something, and fits the labels of the template.
    ///
    /// - Parameter kind: the word in which upstream complains of an empty selector.
    static func selectorFailures(_ spec: JSONValue, kind: String) -> [FieldFailure] {
        guard let selector = spec.field("selector") else { return [.required("spec.selector")] }
        var failures: [FieldFailure] = []
        failures.checkSelector(selector, "spec.selector")
        if isEmpty(selector) {
            failures.append(.invalid("spec.selector", selector, "empty selector is invalid for \(kind)"))
        }
        guard let query = LabelQuery(tree: selector) else {
            return failures + [.invalid("spec.selector", selector, "invalid label selector")]
        }
        return failures + (isEmpty(selector) ? [] : fitFailures(query, spec))
    }

    static func fitFailures(_ query: LabelQuery, _ spec: JSONValue) -> [FieldFailure] {
        let metadata = spec.part("template").part("metadata")
        guard !query.matches(metadata.map("labels")) else { return [] }
        return [
            .invalid(
                "spec.template.metadata.labels", metadata["labels"] ?? .null,
                "`selector` does not match template `labels`")
        ]
    }

    static func isEmpty(_ selector: JSONValue) -> Bool {
        selector.pairs("matchLabels").isEmpty && selector.list("matchExpressions").isEmpty
    }

    /// The template of something that keeps its pods running.
    static func longRunningFailures(_ spec: JSONValue, kind: String) -> [FieldFailure] {
        let pod = spec.part("template").part("spec")
        var failures: [FieldFailure] = []
        failures.check("spec.template.spec.restartPolicy", pod.text("restartPolicy"), isOneOf: ["Always"])
        if pod.has("activeDeadlineSeconds") {
            failures.append(
                .forbidden(
                    "spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in \(kind) is not Supported"))
        }
        return failures
    }
}

extension [FieldFailure] {
    /// `ValidatePositiveIntOrPercent`.
    mutating func checkCountOrPercent(_ path: String, _ value: JSONValue?) {
        guard let value else { return }
        if let text = value.string {
            check(path, value, NameSyntax.percent(text))
        } else {
            checkNotNegative(path, value.integer)
        }
    }

    /// `IsNotMoreThan100Percent`.
    mutating func checkPercentLimit(_ path: String, _ value: JSONValue?) {
        guard let value, value.string != nil, let percent = value.countOrPercent, percent > 100 else { return }
        append(.invalid(path, value, "must not be greater than 100%"))
    }

    /// The counts of a status: none is negative.
    mutating func checkCounts(_ status: JSONValue, _ keys: [String]) {
        for key in keys { checkNotNegative("status.\(key)", status.field(key)?.integer) }
    }

    /// The counts of pods of a status: no part is more than all.
    mutating func checkParts(_ status: JSONValue, _ keys: [String], ready: String = "readyReplicas") {
        for key in keys where status.number(key) > status.number("replicas") {
            append(
                .invalid(
                    "status.\(key)", JSONValue(status.number(key)), "cannot be greater than status.replicas"))
        }
        if status.number("availableReplicas") > status.number("readyReplicas") {
            append(
                .invalid(
                    "status.availableReplicas", JSONValue(status.number("availableReplicas")),
                    "cannot be greater than \(ready)"))
        }
    }

    mutating func checkCollisions(_ status: JSONValue, _ old: JSONValue) {
        guard let before = old.field("collisionCount")?.integer, status.number("collisionCount") < before else {
            return
        }
        append(
            .invalid("status.collisionCount", JSONValue(status.number("collisionCount")), "cannot be decremented"))
    }
}

extension JSONValue {
    /// The number of `3` or `25%`; nil for neither.
    var countOrPercent: Int? {
        guard let text = string else { return integer }
        return text.hasSuffix("%") ? Int(text.dropLast()) : nil
    }
}
