import KubeAPI

/// `ValidatePodCreate`, `ValidatePodUpdate` and `ValidatePodStatusUpdate` (pkg/apis/core/validation/validation.go).
extension PodRules {
    static func failures(_ pod: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        guard let old else { return creationFailures(pod) }
        return MetadataRules.failures(pod, old, NameSyntax.dns1123Subdomain) + podFailures(pod)
            + changeFailures(pod.spec, old.spec)
    }

    private static func creationFailures(_ pod: Unstructured) -> [FieldFailure] {
        var failures = podFailures(pod)
        if !pod.spec.list("ephemeralContainers").isEmpty {
            failures.append(.forbidden("spec.ephemeralContainers", "cannot be set on create"))
        }
        if !pod.spec.text("nodeName").isEmpty, !pod.spec.list("schedulingGates").isEmpty {
            failures.append(.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"))
        }
        return failures
    }

    /// `validatePodMetadataAndSpec`.
    private static func podFailures(_ pod: Unstructured) -> [FieldFailure] {
        var failures = MetadataRules.creationFailures(
            pod.metadata, isNamespaced: true, NameSyntax.dns1123Subdomain)
        failures += PodSpecRules.failures(pod.spec, "spec", isPod: true)
        for key in ["containers", "initContainers"] {
            for (index, container) in pod.spec.list(key).enumerated() {
                failures.checkImage("spec.\(key)[\(index)].image", container.text("image"))
            }
        }
        return failures
    }

    // MARK: - Changes

    private static let changeable = [
        "`spec.containers[*].image`", "`spec.initContainers[*].image`", "`spec.activeDeadlineSeconds`",
        "`spec.tolerations` (only additions to existing tolerations)",
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
    ]

    private static func changeFailures(_ spec: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for key in ["containers", "initContainers"] {
            let (now, before) = (spec.list(key), old.list(key))
            guard now.count == before.count else {
                return failures + [.forbidden("spec.\(key)", "pod updates may not add or remove containers")]
            }
            for (index, container) in now.enumerated() {
                let image = container.text("image")
                failures.require("spec.\(key)[\(index)].image", image)
                failures.checkImage("spec.\(key)[\(index)].image", image)
            }
        }
        if let failure = deadlineFailure(spec, old) {
            failures.append(failure)
            // A deadline that is gone is told together with the rest, as upstream does.
            if spec.has("activeDeadlineSeconds") { return failures }
        }
        failures += tolerationFailures(spec, old)
        for (index, gate) in spec.list("schedulingGates").enumerated()
        where !old.list("schedulingGates").contains(where: { $0.text("name") == gate.text("name") }) {
            failures.append(
                .forbidden(
                    "spec.schedulingGates[\(index)].name",
                    "only deletion is allowed, but found new scheduling gate '\(gate.text("name"))'"))
        }
        return failures + otherChanges(spec, old)
    }

    private static func deadlineFailure(_ spec: JSONValue, _ old: JSONValue) -> FieldFailure? {
        let path = "spec.activeDeadlineSeconds"
        let before = old.field("activeDeadlineSeconds")?.integer
        guard let now = spec.field("activeDeadlineSeconds")?.integer else {
            return before == nil
                ? nil : .invalid(path, .null, "must not update from a positive integer to nil value")
        }
        if let cause = NameSyntax.range(now, 0...Int(Int32.max)).first { return .invalid(path, JSONValue(now), cause) }
        if let before, before < now {
            return .invalid(path, JSONValue(now), "must be less than or equal to previous value")
        }
        return nil
    }

    private static func tolerationFailures(_ spec: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        func plain(_ toleration: JSONValue) -> JSONValue {
            var toleration = toleration
            toleration["tolerationSeconds"] = nil
            return toleration
        }
        let now = spec.list("tolerations").map(plain)
        let isMissing = old.list("tolerations").map(plain).contains { before in
            !now.contains { $0.says(theSameAs: before) }
        }
        guard isMissing else { return [] }
        return [
            .forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")
        ]
    }

    /// What is left once all that may change is as it was.
    private static func otherChanges(_ spec: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        var munged = spec
        for key in ["containers", "initContainers"] {
            let images = old.list(key).map { $0["image"] }
            var index = 0
            munged.editEach(key) { container in
                if index < images.count { container["image"] = images[index] }
                index += 1
            }
        }
        for key in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] { munged[key] = old[key] }
        if old.number("terminationGracePeriodSeconds") < 0, spec.number("terminationGracePeriodSeconds") == 1 {
            munged["terminationGracePeriodSeconds"] = old["terminationGracePeriodSeconds"]
        }
        if !old.list("schedulingGates").isEmpty { failures += gatedChanges(of: &munged, old) }
        guard !munged.says(theSameAs: old) else { return failures }
        let fields = changeable.joined(separator: ",")
        // Upstream shows its own types, with each field that is not set: here stands what the object says.
        return failures + [
            .forbidden(
                "spec",
                "pod updates may not change fields other than \(fields)\n\(UnifiedDifference.text(from: old, to: munged))"
            )
        ]
    }

    /// What a pod that waits for its gates may change beside: where it can go becomes narrower. That is then as it was.
    private static func gatedChanges(of spec: inout JSONValue, _ old: JSONValue) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        let (now, before) = (spec.map("nodeSelector"), old.map("nodeSelector"))
        if before.contains(where: { now[$0.key] != $0.value }) {
            failures.append(
                .invalid(
                    "spec.nodeSelector", spec["nodeSelector"] ?? .null,
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)"))
        }
        spec["nodeSelector"] = old["nodeSelector"]
        let (affinity, oldAffinity) = (spec.part("affinity"), old.part("affinity"))
        guard !affinity.part("nodeAffinity").says(theSameAs: oldAffinity.field("nodeAffinity")) else { return failures }
        failures += termFailures(affinity.part("nodeAffinity"), oldAffinity.part("nodeAffinity"))
        if !old.has("affinity"), affinity.object?.fields.allSatisfy({ $0.key == "nodeAffinity" }) ?? true {
            spec["affinity"] = old["affinity"]
        } else {
            var munged = affinity
            munged["nodeAffinity"] = oldAffinity["nodeAffinity"]
            spec["affinity"] = munged
        }
        return failures
    }

    /// `validateNodeAffinityMutation`.
    private static func termFailures(_ affinity: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        let path = "spec.affinity.nodeAffinity.\(required).nodeSelectorTerms"
        let terms = affinity.part(required).list("nodeSelectorTerms")
        let before = old.part(required).list("nodeSelectorTerms")
        guard !before.isEmpty else { return [] }
        guard terms.count == before.count else {
            return [
                .invalid(
                    path, .array(terms), "no additions/deletions to non-empty NodeSelectorTerms list are allowed")
            ]
        }
        var failures: [FieldFailure] = []
        for (index, (term, old)) in zip(terms, before).enumerated() {
            let keys = ["matchExpressions", "matchFields"]
            let isEmpty = keys.allSatisfy { old.list($0).isEmpty }
            let hasOnlyAdditions = keys.allSatisfy { key in
                let (now, before) = (term.list(key), old.list(key))
                if isEmpty { return now.isEmpty }
                return now.count >= before.count && zip(now, before).allSatisfy { $0.says(theSameAs: $1) }
            }
            guard !hasOnlyAdditions else { continue }
            failures.append(
                .invalid("\(path)[\(index)]", term, "only additions are allowed (no mutations or deletions)"))
        }
        return failures
    }

    // MARK: - Status

    static func statusFailures(_ pod: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        var failures = MetadataRules.failures(pod, old, NameSyntax.dns1123Subdomain)
        let (status, before) = (pod.status, old.status)
        for (index, condition) in status.list("conditions").enumerated()
        where !["PodScheduled", "Ready", "Initialized"].contains(condition.text("type")) {
            failures.check("status.conditions[\(index)].Type", condition.text("type"), NameSyntax.qualifiedName)
        }
        let nominated = status.text("nominatedNodeName")
        if !nominated.isEmpty, nominated != before.text("nominatedNodeName") {
            failures.check("status.nominatedNodeName", nominated, NameSyntax.dns1123Subdomain)
            if !old.spec.text("nodeName").isEmpty {
                failures.append(
                    .forbidden(
                        "status.nominatedNodeName", "may not be set on pods that are already bound to a node"))
            }
        }
        failures.checkUnchanged("status.qosClass", status["qosClass"], before["qosClass"])
        failures += restartFailures(status, before, old.spec)
        failures += addressFailures(status, before, "podIPs")
        let hosts = status.list("hostIPs")
        if let first = hosts.first?.text("ip"), first != status.text("hostIP") {
            failures.append(.invalid("status.hostIPs[0].ip", .string(first), "must be equal to `hostIP`"))
        }
        return failures + addressFailures(status, before, "hostIPs")
    }

    /// A container that has come to its end stays there, unless the pod's policy starts it again.
    private static func restartFailures(_ status: JSONValue, _ old: JSONValue, _ spec: JSONValue) -> [FieldFailure] {
        let policy = spec.text("restartPolicy")
        guard policy != "Always" else { return [] }
        let policies = Dictionary(spec.list("containers").map { ($0.text("name"), $0.text("restartPolicy")) }) { $1 }
        var failures: [FieldFailure] = []
        for (index, before) in old.list("containerStatuses").enumerated() {
            guard let end = before.part("state").field("terminated") else { continue }
            let name = before.text("name")
            let own = policies[name].flatMap { $0.isEmpty ? nil : $0 } ?? policy
            if own == "Always" || own == "OnFailure" && end.number("exitCode") != 0 { continue }
            let now = status.list("containerStatuses").first { $0.text("name") == name }
            guard let now, !now.part("state").has("terminated") else { continue }
            failures.append(
                .forbidden(
                    "status.containerStatuses[\(index)].state", "may not be transitioned to non-terminated state"))
        }
        return failures
    }

    private static func addressFailures(_ status: JSONValue, _ old: JSONValue, _ key: String) -> [FieldFailure] {
        let addresses = status.list(key).map { $0.text("ip") }
        let known = old.list(key).map { $0.text("ip") }
        var failures: [FieldFailure] = []
        for (index, address) in addresses.enumerated() where !known.contains(address) {
            failures.check("status.\(key)[\(index)]", address, AddressSyntax.address)
        }
        if addresses.count > 2 || !AddressSyntax.isOnePerFamily(addresses) {
            failures.append(
                .invalid(
                    "status.\(key)", status[key] ?? .null, "may specify no more than one IP for each IP family"))
        }
        return failures
    }
}

extension [FieldFailure] {
    fileprivate mutating func checkImage(_ path: String, _ image: String) {
        guard image.first?.isWhitespace == true || image.last?.isWhitespace == true else { return }
        append(.invalid(path, .string(image), "must not have leading or trailing whitespace"))
    }
}
