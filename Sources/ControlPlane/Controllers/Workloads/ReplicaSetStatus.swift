import KubeAPI

/// What a ReplicaSet has (upstream's `calculateStatus`, pkg/controller/replicaset/replica_set_utils.go).
struct ReplicaSetStatus {
    private let replicas: Int
    private let fullyLabeled: Int
    private let ready: Int
    private let available: Int
    private let terminating: Int
    private let conditions: StatusConditions
    /// After what time a Pod that is ready becomes available; nil where none does.
    let nextCheck: Duration?

    /// - Parameter failure: why Pods could not be made, or could not be deleted.
    init(of set: Unstructured, pods: [PodRecord], failure: (message: String, isOfCreation: Bool)?, now: Timestamp) {
        let active = pods.filter(\.isActive)
        let minReady = set.tree.int(at: "spec", "minReadySeconds") ?? 0
        let template = set.tree.map(at: "spec", "template", "metadata", "labels")
        replicas = active.count
        fullyLabeled = active.count { pod in template.allSatisfy { pod.labels[$0.key] == $0.value } }
        ready = active.count(where: \.isReady)
        available = active.count { $0.isAvailable(minReadySeconds: minReady, now: now) }
        terminating = pods.count(where: \.isTerminating)
        var conditions = StatusConditions(set)
        if let failure, conditions["ReplicaFailure"] == nil {
            conditions.set(
                "ReplicaFailure", "True", reason: failure.isOfCreation ? "FailedCreate" : "FailedDelete",
                message: failure.message, now: now)
        } else if failure == nil {
            conditions.remove("ReplicaFailure")
        }
        self.conditions = conditions
        nextCheck = AvailabilityCheck.next(active, minReadySeconds: minReady, now: now)
    }

    func json(over set: Unstructured) -> JSONValue {
        var status: JSONValue = [
            "replicas": JSONValue(replicas), "observedGeneration": JSONValue(set.generation),
            "terminatingReplicas": JSONValue(terminating),
        ]
        for (key, count) in [
            ("fullyLabeledReplicas", fullyLabeled), ("readyReplicas", ready), ("availableReplicas", available),
        ] where count > 0 { status[key] = JSONValue(count) }
        status["conditions"] = conditions.json
        return status
    }
}

/// When Pods that are ready become available.
enum AvailabilityCheck {
    static func next(_ pods: [PodRecord], minReadySeconds: Int, now: Timestamp) -> Duration? {
        guard minReadySeconds > 0 else { return nil }
        return pods.compactMap(\.readySince).map { $0 + .seconds(minReadySeconds) - now }.filter { $0 > .zero }.min()
    }
}
