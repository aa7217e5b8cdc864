import KubeAPI

/// `ValidateDaemonSet`, `ValidateDaemonSetUpdate`, `ValidateDaemonSetStatusUpdate` (pkg/apis/apps/validation).
extension DaemonSetRules {
    static func failures(_ set: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(set, old, NameSyntax.dns1123Subdomain)
        let spec = set.spec
        if let old { failures.checkUnchanged("spec.selector", spec["selector"], old.spec["selector"]) }
        let selector = spec.field("selector")
        failures.checkSelector(selector, "spec.selector")
        // Without a selector, nothing is selected.
        if let selector, let query = LabelQuery(tree: selector) {
            failures += PodTemplateRules.fitFailures(query, spec)
        } else if selector == nil {
            failures.append(
                .invalid(
                    "spec.template.metadata.labels", spec.part("template").part("metadata")["labels"] ?? .null,
                    "`selector` does not match template `labels`"))
        }
        if let selector, PodTemplateRules.isEmpty(selector) {
            failures.append(.invalid("spec.selector", selector, "empty selector is invalid for daemonset"))
        }
        failures += PodTemplateRules.failures(spec.part("template"), "spec.template")
        failures += PodTemplateRules.longRunningFailures(spec, kind: "DaemonSet")
        failures.checkNotNegative("spec.minReadySeconds", spec.number("minReadySeconds"))
        failures += strategyFailures(spec.part("updateStrategy"))
        failures.checkNotNegative("spec.revisionHistoryLimit", spec.field("revisionHistoryLimit")?.integer)
        return failures
    }

    private static func strategyFailures(_ strategy: JSONValue) -> [FieldFailure] {
        let path = "spec.updateStrategy.rollingUpdate"
        switch strategy.text("type") {
        case "OnDelete": return []
        case "RollingUpdate": break
        default: return [.unsupported("spec.updateStrategy", strategy, ["RollingUpdate", "OnDelete"])]
        }
        guard let update = strategy.field("rollingUpdate") else { return [.required(path)] }
        let (unavailable, surge) = (update.field("maxUnavailable"), update.field("maxSurge"))
        var failures: [FieldFailure] = []
        failures.checkCountOrPercent("\(path).maxUnavailable", unavailable)
        failures.checkCountOrPercent("\(path).maxSurge", surge)
        failures.checkPercentLimit("\(path).maxUnavailable", unavailable)
        failures.checkPercentLimit("\(path).maxSurge", surge)
        switch (unavailable?.countOrPercent ?? 0 != 0, surge?.countOrPercent ?? 0 != 0) {
        case (true, true):
            failures.append(
                .invalid("\(path).maxSurge", surge ?? 0, "may not be set when maxUnavailable is non-zero"))
        case (false, false):
            failures.append(.required("\(path).maxUnavailable", "cannot be 0 when maxSurge is 0"))
        default: break
        }
        return failures
    }

    static func statusFailures(_ set: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        var failures = MetadataRules.failures(set, old, NameSyntax.dns1123Subdomain)
        failures.checkCounts(
            set.status,
            [
                "currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady",
                "observedGeneration", "updatedNumberScheduled", "numberAvailable", "numberUnavailable",
                "collisionCount",
            ])
        failures.checkCollisions(set.status, old.status)
        return failures
    }
}
