import KubeAPI

/// `ValidateReplicaSet`, `ValidateReplicaSetUpdate`, `ValidateReplicaSetStatusUpdate` (pkg/apis/apps/validation).
extension ReplicaSetRules {
    static func failures(_ set: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(set, old, NameSyntax.dns1123Subdomain)
        let spec = set.spec
        failures.checkNotNegative("spec.replicas", spec.number("replicas"))
        failures.checkNotNegative("spec.minReadySeconds", spec.number("minReadySeconds"))
        // Upstream speaks of a deployment here, too.
        failures += PodTemplateRules.selectorFailures(spec, kind: "deployment")
        failures += PodTemplateRules.failures(spec.part("template"), "spec.template")
        failures += PodTemplateRules.longRunningFailures(spec, kind: "ReplicaSet")
        if let old { failures.checkUnchanged("spec.selector", spec["selector"], old.spec["selector"]) }
        return failures
    }

    static func statusFailures(_ set: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        var failures = MetadataRules.failures(set, old, NameSyntax.dns1123Subdomain)
        failures.checkCounts(
            set.status,
            [
                "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration",
                "terminatingReplicas",
            ])
        failures.checkParts(set.status, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"])
        return failures
    }
}
