import APIMachinery
import KubeAPI

/// Says how many of the Pods of each PodDisruptionBudget may be evicted now (pkg/controller/disruption).
final class DisruptionController: Controller {
    /// How long a Pod that was evicted may take to be deleted.
    private static let deletionTimeoutSeconds = 120

    /// What a budget asks for.
    private struct Wanted {
        let expected: Int
        let healthy: Int
    }

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let budgets: ObjectCache<Unstructured>
    private let queue: WorkQueue<ObjectName>
    /// The kinds whose objects say how many Pods they want, by the kind.
    private let scales: [String: ObjectCache<Unstructured>]

    /// - Parameter scales: caches of the kinds that have replicas, by the kind.
    init(_ context: ControllerContext, scales: [String: ObjectCache<Unstructured>]) {
        self.context = context
        self.scales = scales
        recorder = context.recorder("controllermanager")
        let budgets = ObjectCache(context.feed, .disruptionBudgets)
        self.budgets = budgets
        let queue = context.queue(of: ObjectName.self)
        self.queue = queue
        context.feed.subscribe(.disruptionBudgets) { queue.add($0.name) }
        context.pods.observe { old, new in
            guard let namespace = (new ?? old)?.name.namespace else { return }
            for budget in budgets.values(in: namespace) {
                let selector = Self.selector(of: budget)
                if [old, new].contains(where: { $0.map { selector.matches($0.labels) } ?? false }) {
                    queue.add(budget.objectName)
                }
            }
        }
        for resource in [Resource.deployments, .replicaSets, .statefulSets] {
            context.feed.subscribe(resource) { change in
                for budget in budgets.values(in: change.name.namespace) { queue.add(budget.objectName) }
            }
        }
    }

    func run() async throws {
        try await context.runner("disruption", queue) { (name) throws(Status) in try await self.reconcile(name) }.run()
    }

    private static func selector(of budget: Unstructured) -> Selector {
        Selector(budget.tree[["spec", "selector"]], matchesAllIfEmpty: true)
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        guard let budget = budgets[name] else { return }
        let selector = Self.selector(of: budget)
        let pods = context.pods.pods(in: name.namespace).filter { selector.matches($0.labels) && !$0.isTerminal }
        if pods.isEmpty, budget.tree.int(at: "status", "observedGeneration") != budget.generation {
            recorder.normal("NoPods", "No matching pods found", about: budget)
        }
        let now = context.clock.now
        let (disrupted, next) = disruptedPods(of: budget, among: pods, now: now)
        let healthy = pods.count { $0.deleted == nil && $0.isReady && disrupted[$0.name.name] == nil }
        let (wanted, problem) = wanted(by: budget, pods)
        var written = budget
        var conditions = budget.tree.list(at: "status", "conditions")
        if let wanted {
            let allowed = wanted.expected > 0 ? max(0, healthy - wanted.healthy) : 0
            var status: JSONValue = [
                "currentHealthy": JSONValue(healthy), "desiredHealthy": JSONValue(wanted.healthy),
                "expectedPods": JSONValue(wanted.expected), "disruptionsAllowed": JSONValue(allowed),
                "observedGeneration": JSONValue(budget.generation),
            ]
            if !disrupted.isEmpty { status["disruptedPods"] = JSONValue(disrupted.mapValues(\.text)) }
            conditions = Self.noting(
                allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", "", in: conditions, budget, now)
            status["conditions"] = .array(conditions)
            written["status"] = status
        } else {
            written.setStatus("disruptionsAllowed", 0)
            conditions = Self.noting(false, "SyncFailed", problem, in: conditions, budget, now)
            written.setStatus("conditions", .array(conditions))
        }
        try await context.writeStatus(written, was: budget, in: .disruptionBudgets)
        if let next { queue.add(name, after: next - now) }
    }

    /// Condition `DisruptionAllowed`.
    private static func noting(
        _ isAllowed: Bool, _ reason: String, _ message: String, in conditions: [JSONValue], _ budget: Unstructured,
        _ now: Timestamp
    ) -> [JSONValue] {
        let type = "DisruptionAllowed"
        let status = isAllowed ? "True" : "False"
        let old = conditions.first { $0.text(at: "type") == type }
        var condition: JSONValue = [
            "type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message),
            "observedGeneration": JSONValue(budget.generation),
        ]
        condition["lastTransitionTime"] =
            old?.text(at: "status") == status ? old?["lastTransitionTime"] : .string(now.wholeSeconds.text)
        return conditions.filter { $0.text(at: "type") != type } + [condition]
    }

    /// The Pods that an eviction has let go, and that are not deleted yet, with when the first of them is no longer
    /// waited for.
    private func disruptedPods(
        of budget: Unstructured, among pods: [PodRecord], now: Timestamp
    ) -> (pods: [String: Timestamp], next: Timestamp?) {
        let known = budget.tree.map(at: "status", "disruptedPods").compactMapValues { Timestamp($0) }
        if known.isEmpty { return ([:], nil) }
        var (left, next): ([String: Timestamp], Timestamp?) = ([:], nil)
        for pod in pods where pod.deleted == nil {
            guard let time = known[pod.name.name] else { continue }
            let end = time + .seconds(Self.deletionTimeoutSeconds)
            if end < now {
                recorder.record(
                    .warning, "NotDeleted",
                    "Pod was expected by PDB \(budget.objectName) to be deleted but it wasn't",
                    about: .init(.pods, pod.name, uid: pod.uid))
            } else {
                left[pod.name.name] = time
                next = min(end, next ?? end)
            }
        }
        return (left, next)
    }

    /// Nil, with the problem, where the Pods' controllers do not say how many there should be.
    private func wanted(by budget: Unstructured, _ pods: [PodRecord]) -> (Wanted?, problem: String) {
        let most = budget[["spec", "maxUnavailable"]]
        let least = budget[["spec", "minAvailable"]]
        if most == nil, let number = least?.integer { return (Wanted(expected: pods.count, healthy: number), "") }
        guard most != nil || least != nil else { return (Wanted(expected: 0, healthy: 0), "") }
        var counts: [String: Int] = [:]
        var unmanaged: [String] = []
        for pod in pods {
            guard let owner = pod.owner else {
                unmanaged.append(pod.name.name)
                continue
            }
            if counts[owner.uid] != nil { continue }
            guard let scale = scale(of: owner, in: pod.name.namespace) else {
                let problem = "found no controllers for pod \"\(pod.name.name)\""
                recorder.warning(
                    "CalculateExpectedPodCountFailed", "Failed to calculate the number of expected pods: \(problem)",
                    about: budget)
                return (nil, problem)
            }
            counts[scale.uid] = scale.wantedReplicas
            counts[owner.uid] = counts[owner.uid] ?? 0
        }
        if !unmanaged.isEmpty {
            recorder.warning(
                "UnmanagedPods",
                "Pods selected by this PodDisruptionBudget (selector: "
                    + "\(String(decoding: (budget[["spec", "selector"]] ?? .null).json, as: UTF8.self))) were found to be "
                    + "unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in "
                    + "undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB "
                    + "to an integer value.", about: budget)
        }
        let expected = counts.values.reduce(0, +)
        if let most {
            let away = ScaledValue.of(most, total: expected, roundsUp: true)
            return (Wanted(expected: expected, healthy: max(0, expected - away)), "")
        }
        return (Wanted(expected: expected, healthy: ScaledValue.of(least, total: expected, roundsUp: true)), "")
    }

    /// What says how many Pods there should be: a ReplicaSet's Deployment, else the controller itself.
    private func scale(of owner: ControllerOwner, in namespace: String) -> Unstructured? {
        guard let object = scales[owner.kind]?[ObjectName(namespace: namespace, name: owner.name)],
            object.uid == owner.uid
        else { return nil }
        guard owner.kind == "ReplicaSet", let above = object.controllerOwner, above.kind == "Deployment" else {
            return object
        }
        return scales["Deployment"]?[ObjectName(namespace: namespace, name: above.name)] ?? object
    }
}
