import KubeAPI

/// `ValidatePodDisruptionBudget` (pkg/apis/policy/validation).
extension PodDisruptionBudgetRules {
    static func failures(_ budget: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(budget, old, NameSyntax.pathSegment)
        let spec = budget.spec
        if spec.has("minAvailable"), spec.has("maxUnavailable") {
            failures.append(.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set"))
        }
        for key in ["minAvailable", "maxUnavailable"] {
            failures.checkCountOrPercent("spec.\(key)", spec.field(key))
            failures.checkPercentLimit("spec.\(key)", spec.field(key))
        }
        failures.checkSelector(spec.field("selector"), "spec.selector")
        if let policy = spec.field("unhealthyPodEvictionPolicy")?.string {
            failures.check("spec.unhealthyPodEvictionPolicy", policy, isOneOf: ["AlwaysAllow", "IfHealthyBudget"])
        }
        return failures
    }

    static func statusFailures(_ budget: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        var failures = MetadataRules.failures(budget, old, NameSyntax.pathSegment)
        failures.checkCounts(
            budget.status, ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"])
        return failures
    }
}
