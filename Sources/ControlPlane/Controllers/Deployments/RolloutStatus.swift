import KubeAPI

/// The status of a Deployment, computed from its ReplicaSets (upstream's `calculateStatus` and `syncRolloutStatus`).
struct RolloutStatus {
    private let deployment: Unstructured
    private let spec: DeploymentSpec
    private let new: OwnedReplicaSet?
    private let now: Timestamp
    private(set) var conditions: StatusConditions

    private let replicas: Int
    private let updated: Int
    private let ready: Int
    private let available: Int
    private let unavailable: Int
    /// Nil while a ReplicaSet does not say it.
    private let terminating: Int?

    init(
        of deployment: Unstructured, spec: DeploymentSpec, new: OwnedReplicaSet?, old: [OwnedReplicaSet],
        now: Timestamp
    ) {
        let all = old + (new.map { [$0] } ?? [])
        self.deployment = deployment
        self.spec = spec
        self.new = new
        self.now = now
        replicas = all.total(\.actual)
        updated = new?.actual ?? 0
        ready = all.total(\.ready)
        available = all.total(\.available)
        unavailable = max(0, all.total(\.replicas) - available)
        let isUnknown = all.contains { $0.terminating == nil && $0.observedGeneration > 0 }
        terminating = isUnknown ? nil : all.total { $0.terminating ?? 0 }
        conditions = StatusConditions(deployment)
        let isEnough = available >= spec.replicas - spec.maxUnavailable
        conditions.set(
            "Available", isEnough ? "True" : "False",
            reason: isEnough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            message: isEnough
                ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
            now: now, hasUpdateTime: true)
    }

    /// All replicas are updated and available, and no old Pod is left.
    var isComplete: Bool { updated == spec.replicas && replicas == spec.replicas && available == spec.replicas }

    /// Says how the rollout gets on, and which failures its ReplicaSets have.
    mutating func noteProgress(failures: [OwnedReplicaSet]) {
        let current = StatusConditions(deployment)["Progressing"]
        let isDone = replicas == updated && current?.text(at: "reason") == "NewReplicaSetAvailable"
        if spec.progressDeadlineSeconds == nil {
            conditions.remove("Progressing")
        } else if !isDone {
            if isComplete {
                setProgress("True", "NewReplicaSetAvailable", "has successfully progressed.")
            } else if isProgressing {
                noteStep(after: current)
            } else if isTimedOut {
                setProgress("False", "ProgressDeadlineExceeded", "has timed out progressing.")
            }
        }
        if var failure = failures.lazy.compactMap({ StatusConditions($0.tree)["ReplicaFailure"] }).first {
            failure["lastUpdateTime"] = failure["lastTransitionTime"]
            let known = conditions["ReplicaFailure"]
            let isKnown = ["status", "reason"].allSatisfy { known?[$0] == failure[$0] }
            if !isKnown { conditions.put(failure) }
        } else {
            conditions.remove("ReplicaFailure")
        }
    }

    private mutating func setProgress(_ status: String, _ reason: String, _ text: String) {
        conditions.set(
            "Progressing", status, reason: reason, message: "\(subject) \(text)", now: now, hasUpdateTime: true)
    }

    /// Each step renews the time of the last update, so that the deadline counts from there.
    private mutating func noteStep(after current: JSONValue?) {
        conditions.remove("Progressing")
        setProgress("True", "ReplicaSetUpdated", "is progressing.")
        if let current, current.text(at: "status") == "True", var renewed = conditions["Progressing"] {
            renewed["lastTransitionTime"] = current["lastTransitionTime"]
            conditions.put(renewed)
        }
    }

    private var subject: String {
        new.map { "ReplicaSet \"\($0.name)\"" } ?? "Deployment \"\(deployment.name)\""
    }

    private var isProgressing: Bool {
        let old = deployment["status"] ?? .null
        func before(_ key: String) -> Int { old.int(at: key) ?? 0 }
        return updated > before("updatedReplicas")
            || replicas - updated < before("replicas") - before("updatedReplicas")
            || ready > before("readyReplicas") || available > before("availableReplicas")
    }

    private var isTimedOut: Bool {
        guard let condition = conditions["Progressing"] else { return false }
        let reason = condition.text(at: "reason")
        if reason == "NewReplicaSetAvailable" { return false }
        return reason == "ProgressDeadlineExceeded" || deadline(of: condition).map { $0 < now } ?? false
    }

    private func deadline(of condition: JSONValue) -> Timestamp? {
        guard let seconds = spec.progressDeadlineSeconds, let time = condition.time(at: "lastUpdateTime") else {
            return nil
        }
        return time + .seconds(seconds)
    }

    /// When the progress is to be looked at again; nil where none is waited for.
    var nextCheck: Duration? {
        guard !isComplete, !spec.isPaused, let condition = conditions["Progressing"],
            let end = deadline(of: condition), condition.text(at: "reason") != "ProgressDeadlineExceeded"
        else { return nil }
        // Times are of whole seconds: a second later it is over for certain.
        return max(.zero, end - now) + .seconds(1)
    }

    var json: JSONValue {
        var status: JSONValue = ["observedGeneration": JSONValue(deployment.generation)]
        for (key, count) in [
            ("replicas", replicas), ("updatedReplicas", updated), ("readyReplicas", ready),
            ("availableReplicas", available), ("unavailableReplicas", unavailable),
        ] where count > 0 { status[key] = JSONValue(count) }
        status["terminatingReplicas"] = terminating.map { JSONValue($0) }
        status["collisionCount"] = deployment[["status", "collisionCount"]]
        status["conditions"] = conditions.json
        return status
    }
}
