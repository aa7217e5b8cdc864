import KubeAPI

/// What a DaemonSet has to do next, and how it is.
struct DaemonSetPlan {
    private(set) var creations: [String] = []
    private(set) var deletions: [PodRecord] = []
    /// Those that have come to their end, and are deleted.
    private(set) var ended: [PodRecord] = []
    private(set) var status: JSONValue

    /// - Parameters:
    ///   - hash: that of the current template, which is a label of its Pods.
    ///   - pods: all that are the set's.
    ///   - held: the nodes whose Pods have failed so often that the next one has to wait.
    init(
        _ set: Unstructured, hash: String, nodes: [Unstructured], pods: [PodRecord], held: Set<String> = [],
        now: Timestamp
    ) {
        let minReady = set.tree.int(at: "spec", "minReadySeconds") ?? 0
        let eligibility = Eligibility(set)
        let byNode = Dictionary(grouping: pods.filter { !$0.targetNode.isEmpty }, by: \.targetNode)
        var (desired, current, misplaced, ready, updated, available) = (0, 0, 0, 0, 0, 0)
        var old: [PodRecord] = []
        // Nodes whose Pod is available, and stays.
        var settled = 0
        for node in nodes {
            let own = (byNode[node.name] ?? []).sorted { ($0.created ?? now, $0.name) < ($1.created ?? now, $1.name) }
            let (shouldRun, mayStay) = eligibility.check(node)
            let running = own.filter { $0.deleted == nil }
            if shouldRun {
                desired += 1
                if own.isEmpty { creations.append(node.name) }
            }
            if !mayStay {
                deletions += running
                if !own.isEmpty, !shouldRun { misplaced += 1 }
                continue
            }
            let broken = running.filter { $0.isTerminal && !($0.phase == "Failed" && held.contains(node.name)) }
            ended += broken
            let alive = running.filter { !$0.isTerminal }
            // The oldest stays where there are several.
            deletions += broken + alive.dropFirst()
            guard shouldRun else {
                if !own.isEmpty { misplaced += 1 }
                continue
            }
            guard let pod = own.first else { continue }
            current += 1
            if pod.isReady { ready += 1 }
            if pod.isAvailable(minReadySeconds: minReady, now: now) { available += 1 }
            if pod.labels[DaemonPods.hashLabel] == hash { updated += 1 }
            if alive.first?.isAvailable(minReadySeconds: minReady, now: now) == true { settled += 1 }
            if let first = alive.first, first.labels[DaemonPods.hashLabel] != hash { old.append(first) }
        }
        // Those that wait for a node that is gone.
        let names = Set(nodes.map(\.name))
        deletions += pods.filter { $0.nodeName.isEmpty && $0.deleted == nil && !names.contains($0.targetNode) }
        status = [
            "desiredNumberScheduled": JSONValue(desired), "currentNumberScheduled": JSONValue(current),
            "numberMisscheduled": JSONValue(misplaced), "numberReady": JSONValue(ready),
            "observedGeneration": JSONValue(set.generation),
        ]
        for (key, count) in [
            ("updatedNumberScheduled", updated), ("numberAvailable", available),
            ("numberUnavailable", desired - available),
        ] where count > 0 { status[key] = JSONValue(count) }
        deletions += Self.replaced(set, old, unavailable: desired - settled, desired: desired, minReady, now)
    }

    /// The Pods of an earlier template that go now: those that are not available anyway, and as many of the others as
    /// may be away.
    private static func replaced(
        _ set: Unstructured, _ old: [PodRecord], unavailable: Int, desired: Int, _ minReady: Int, _ now: Timestamp
    ) -> [PodRecord] {
        guard set.tree.text(at: "spec", "updateStrategy", "type") != "OnDelete" else { return [] }
        let bound = set[["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]] ?? 1
        let limit = max(1, ScaledValue.of(bound, total: desired, roundsUp: true))
        let away = old.filter { !$0.isAvailable(minReadySeconds: minReady, now: now) }
        let others = old.filter { $0.isAvailable(minReadySeconds: minReady, now: now) }
        return away + others.prefix(max(0, limit - unavailable))
    }

    /// Which nodes a DaemonSet is for.
    private struct Eligibility {
        private let requirement: NodeRequirement
        private let nodeName: String
        private let tolerations: [Toleration]

        init(_ set: Unstructured) {
            let template = set.tree[["spec", "template"]] ?? .null
            requirement = NodeRequirement(template)
            nodeName = template.text(at: "spec", "nodeName")
            let all =
                template.list(at: "spec", "tolerations")
                + DaemonPods.tolerations(hostNetwork: template.flag(at: "spec", "hostNetwork"))
            tolerations = all.map { Toleration($0) }
        }

        func check(_ node: Unstructured) -> (shouldRun: Bool, mayStay: Bool) {
            guard nodeName.isEmpty || nodeName == node.name,
                requirement.matches(name: node.name, labels: node.labels)
            else { return (false, false) }
            let taints = node.tree.list(at: "spec", "taints").map { Taint($0) }
                .filter { taint in
                    taint.effect != "PreferNoSchedule" && !tolerations.contains { $0.tolerates(taint) }
                }
            return (taints.isEmpty, !taints.contains { $0.effect == "NoExecute" })
        }
    }
}
