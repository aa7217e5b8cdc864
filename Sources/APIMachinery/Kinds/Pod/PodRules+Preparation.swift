import KubeAPI

extension PodRules {
    /// New pods get what upstream's admission plugins give each pod: the service account, the priority, and five minutes of
    /// tolerance for a node that is lost.
    static func prepare(_ pod: inout Unstructured, _ old: Unstructured?) {
        Preparation.write(&pod, old, wish: .spec)
        guard old == nil else { return }
        pod.edit("spec") { spec in
            if spec.text("serviceAccountName").isEmpty {
                let older = spec.text("serviceAccount")
                spec["serviceAccountName"] = .string(older.isEmpty ? "default" : older)
            }
            spec["serviceAccount"] = spec["serviceAccountName"]
            setPriority(&spec)
            addTolerations(&spec)
        }
        var status: JSONValue = ["phase": "Pending", "qosClass": .string(QualityOfService.name(of: pod.spec))]
        if !pod.spec.list("schedulingGates").isEmpty {
            status["conditions"] = [
                [
                    "type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
                    "message": "Scheduling is blocked due to non-empty scheduling gates",
                ]
            ]
        }
        pod["status"] = status
    }

    /// The owners, the deletion and the class of service are not the node's to write.
    static func prepareStatus(_ pod: inout Unstructured, _ old: Unstructured) {
        Preparation.status(&pod, old)
        pod[["metadata", "deletionTimestamp"]] = old.metadata["deletionTimestamp"]
        pod[["metadata", "deletionGracePeriodSeconds"]] = old.metadata["deletionGracePeriodSeconds"]
        pod[["metadata", "ownerReferences"]] = old.metadata["ownerReferences"]
        if pod.status.text("qosClass").isEmpty { pod[["status", "qosClass"]] = old.status["qosClass"] }
        if pod.status.number("observedGeneration") == 0 {
            pod[["status", "observedGeneration"]] = old.status["observedGeneration"]
        }
    }

    /// As the Priority admission, for the classes that every cluster has.
    private static func setPriority(_ spec: inout JSONValue) {
        guard !spec.has("priority") else { return }
        switch spec.text("priorityClassName") {
        case "": spec["priority"] = 0
        case "system-cluster-critical": spec["priority"] = 2_000_000_000
        case "system-node-critical": spec["priority"] = 2_000_001_000
        default: return
        }
        spec.setIfZero("preemptionPolicy", "PreemptLowerPriority")
    }

    /// As the DefaultTolerationSeconds admission.
    private static func addTolerations(_ spec: inout JSONValue) {
        var tolerations = spec.list("tolerations")
        for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"] {
            let isTolerated = tolerations.contains { toleration in
                ["", key].contains(toleration.text("key")) && ["", "NoExecute"].contains(toleration.text("effect"))
            }
            guard !isTolerated else { continue }
            tolerations.append(
                ["key": .string(key), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300])
        }
        spec["tolerations"] = .array(tolerations)
    }
}
