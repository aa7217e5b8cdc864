import KubeAPI

/// The Pods of DaemonSets.
enum DaemonPods {
    static let hashLabel = "controller-revision-hash"
    private static let generationLabel = "pod-template-generation"

    /// What every one of them tolerates (pkg/controller/daemon/util).
    static func tolerations(hostNetwork: Bool) -> [JSONValue] {
        func exists(_ key: String, _ effect: String) -> JSONValue {
            ["key": .string(key), "operator": "Exists", "effect": .string(effect)]
        }
        let prefix = "node.kubernetes.io/"
        let pressures = ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"]
        return [exists(Taint.notReady, "NoExecute"), exists(Taint.unreachable, "NoExecute")]
            + (pressures + (hostNetwork ? ["network-unavailable"] : [])).map { exists(prefix + $0, "NoSchedule") }
    }

    /// A Pod that the scheduler can put on one node alone.
    static func pod(of set: Unstructured, on node: String, hash: String) -> Unstructured {
        let template = set.tree[["spec", "template"]] ?? .null
        var pod = PodTemplate.pod(template, owner: set)
        pod[["metadata", "labels", hashLabel]] = .string(hash)
        pod[["metadata", "labels", generationLabel]] = JSONValue(String(max(1, set.generation)))
        pod[["spec", "tolerations"]] = .array(
            template.list(at: "spec", "tolerations")
                + tolerations(hostNetwork: template.flag(at: "spec", "hostNetwork")))
        let term: JSONValue = [
            "matchFields": [["key": "metadata.name", "operator": "In", "values": [.string(node)]]]
        ]
        pod[["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]] = [
            "nodeSelectorTerms": [term]
        ]
        return pod
    }

    /// The node that a Pod is on, or is to be put on.
    static func node(of pod: Unstructured) -> String? {
        let bound = pod.tree.text(at: "spec", "nodeName")
        return bound.isEmpty ? NodeRequirement(pod.tree).nodeNames?.first : bound
    }
}
