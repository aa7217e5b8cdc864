import KubeAPI

/// `ValidateStatefulSet`, `ValidateStatefulSetUpdate`, `ValidateStatefulSetStatusUpdate` (pkg/apis/apps/validation).
extension StatefulSetRules {
    static func failures(_ set: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(set, old, NameSyntax.dns1123Label)
        let spec = set.spec
        let management = spec.text("podManagementPolicy")
        if management.isEmpty {
            failures.append(.required("spec.podManagementPolicy"))
        } else if management != "OrderedReady", management != "Parallel" {
            failures.append(
                .invalid("spec.podManagementPolicy", .string(management), "must be 'OrderedReady' or 'Parallel'"))
        }
        failures += strategyFailures(spec.part("updateStrategy"))
        if let policy = spec.field("persistentVolumeClaimRetentionPolicy") {
            for key in ["whenDeleted", "whenScaled"] {
                failures.check(
                    "spec.persistentVolumeClaimRetentionPolicy.\(key)", policy.text(key), isOneOf: ["Retain", "Delete"])
            }
        }
        failures.checkNotNegative("spec.replicas", spec.number("replicas"))
        failures.checkNotNegative("spec.minReadySeconds", spec.number("minReadySeconds"))
        failures.checkNotNegative("spec.ordinals.start", spec.part("ordinals").number("start"))
        let service = spec.text("serviceName")
        if old == nil, !service.isEmpty { failures.check("spec.serviceName", service, NameSyntax.dns1123Label) }
        failures += PodTemplateRules.selectorFailures(spec, kind: "statefulset")
        failures += PodTemplateRules.failures(withClaims(spec), "spec.template")
        failures += PodTemplateRules.longRunningFailures(spec, kind: "StatefulSet")
        if let old { failures += changeFailures(spec, old.spec) }
        return failures
    }

    /// The template as its pods have it: with the volumes that the claims make, and names of the set's own.
    private static func withClaims(_ spec: JSONValue) -> JSONValue {
        var template = spec.part("template")
        let claims = spec.list("volumeClaimTemplates").map { $0.part("metadata").text("name") }
        template.edit("spec") { pod in
            pod["hostname"] = nil
            pod["subdomain"] = nil
            guard !claims.isEmpty else { return }
            let volumes: [JSONValue] = claims.map {
                ["name": .string($0), "persistentVolumeClaim": ["claimName": .string($0)]]
            }
            pod["volumes"] = .array(volumes + pod.list("volumes").filter { !claims.contains($0.text("name")) })
        }
        return template
    }

    private static func strategyFailures(_ strategy: JSONValue) -> [FieldFailure] {
        let path = "spec.updateStrategy"
        var failures: [FieldFailure] = []
        let update = strategy.field("rollingUpdate")
        switch strategy.text("type") {
        case "": failures.append(.required(path))
        case "OnDelete":
            if let update {
                failures.append(
                    .invalid("\(path).rollingUpdate", update, "only allowed for updateStrategy 'RollingUpdate'"))
            }
        case "RollingUpdate":
            failures.checkNotNegative("\(path).rollingUpdate.partition", update?.number("partition"))
            guard let most = update?.field("maxUnavailable") else { break }
            failures.checkCountOrPercent("\(path).rollingUpdate.maxUnavailable", most)
            if most.countOrPercent == 0 {
                failures.append(.invalid("\(path).rollingUpdate.maxUnavailable", most, "cannot be 0"))
            }
            failures.checkPercentLimit("\(path).rollingUpdate.maxUnavailable", most)
        default: failures.append(.invalid(path, strategy, "must be 'RollingUpdate' or 'OnDelete'"))
        }
        return failures
    }

    private static func changeFailures(_ spec: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        var munged = spec
        let changeable = [
            "replicas", "template", "updateStrategy", "minReadySeconds", "ordinals", "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
        ]
        for key in changeable { munged[key] = old[key] }
        guard !munged.says(theSameAs: old) else { return [] }
        return [
            .forbidden(
                "spec",
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
                    + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
            )
        ]
    }

    static func statusFailures(_ set: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        failures.checkCounts(
            set.status,
            [
                "replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas",
                "observedGeneration", "collisionCount",
            ])
        failures.checkParts(
            set.status, ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"],
            ready: "status.readyReplicas")
        failures += MetadataRules.failures(set, old, NameSyntax.dns1123Label)
        failures.checkCollisions(set.status, old.status)
        return failures
    }
}
