import KubeAPI

/// `ValidateDeployment`, `ValidateDeploymentUpdate`, `ValidateDeploymentStatusUpdate` (pkg/apis/apps/validation).
extension DeploymentRules {
    static func failures(_ deployment: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(deployment, old, NameSyntax.dns1123Subdomain)
        let spec = deployment.spec
        failures.checkNotNegative("spec.replicas", spec.number("replicas"))
        failures += PodTemplateRules.selectorFailures(spec, kind: "deployment")
        failures += PodTemplateRules.failures(spec.part("template"), "spec.template")
        failures += PodTemplateRules.longRunningFailures(spec, kind: "ReplicaSet")
        failures += strategyFailures(spec.part("strategy"))
        for key in ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"] {
            failures.checkNotNegative("spec.\(key)", spec.field(key)?.integer)
        }
        if let deadline = spec.field("progressDeadlineSeconds")?.integer, deadline <= spec.number("minReadySeconds") {
            failures.append(
                .invalid("spec.progressDeadlineSeconds", JSONValue(deadline), "must be greater than minReadySeconds"))
        }
        if let old { failures.checkUnchanged("spec.selector", spec["selector"], old.spec["selector"]) }
        return failures
    }

    private static func strategyFailures(_ strategy: JSONValue) -> [FieldFailure] {
        let path = "spec.strategy.rollingUpdate"
        var failures: [FieldFailure] = []
        switch strategy.text("type") {
        case "Recreate":
            if strategy.has("rollingUpdate") {
                failures.append(.forbidden(path, "may not be specified when strategy `type` is 'Recreate'"))
            }
        case "RollingUpdate":
            guard let update = strategy.field("rollingUpdate") else {
                return [.required(path, "this should be defaulted and never be nil")]
            }
            let (unavailable, surge) = (update.field("maxUnavailable"), update.field("maxSurge"))
            failures.checkCountOrPercent("\(path).maxUnavailable", unavailable)
            failures.checkCountOrPercent("\(path).maxSurge", surge)
            if unavailable?.countOrPercent ?? 0 == 0, surge?.countOrPercent ?? 0 == 0 {
                failures.append(
                    .invalid("\(path).maxUnavailable", unavailable ?? 0, "may not be 0 when `maxSurge` is 0"))
            }
            failures.checkPercentLimit("\(path).maxUnavailable", unavailable)
        default: failures.append(.unsupported("spec.strategy", strategy, ["Recreate", "RollingUpdate"]))
        }
        return failures
    }

    static func statusFailures(_ deployment: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        var failures = MetadataRules.failures(deployment, old, NameSyntax.dns1123Subdomain)
        let status = deployment.status
        failures.checkCounts(
            status,
            [
                "observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas",
                "unavailableReplicas", "terminatingReplicas", "collisionCount",
            ])
        failures.checkParts(status, ["updatedReplicas", "readyReplicas", "availableReplicas"])
        failures.checkCollisions(status, old.status)
        return failures
    }
}
