import KubeAPI

/// What a Deployment asks for, with the bounds of its rolling update as numbers (pkg/controller/deployment/util).
struct DeploymentSpec: Equatable {
    let replicas: Int
    let isRolling: Bool
    let isPaused: Bool
    let minReadySeconds: Int
    /// How many Pods there may be beyond the replicas; 0 unless it rolls.
    let maxSurge: Int
    /// How many of the replicas may be away; 0 unless it rolls.
    let maxUnavailable: Int
    /// Nil where no progress is expected.
    let progressDeadlineSeconds: Int?
    /// Nil where every old ReplicaSet stays.
    let revisionHistoryLimit: Int?

    init(_ deployment: Unstructured) {
        let spec = deployment["spec"] ?? .null
        replicas = deployment.wantedReplicas
        isRolling = spec.text(at: "strategy", "type") != "Recreate"
        isPaused = spec.flag(at: "paused")
        minReadySeconds = spec.int(at: "minReadySeconds") ?? 0
        let none = Int(Int32.max)
        progressDeadlineSeconds = spec.int(at: "progressDeadlineSeconds").flatMap { $0 == none ? nil : $0 }
        revisionHistoryLimit = spec.int(at: "revisionHistoryLimit").flatMap { $0 == none ? nil : $0 }
        guard isRolling else {
            maxSurge = 0
            maxUnavailable = 0
            return
        }
        let bounds = spec[["strategy", "rollingUpdate"]] ?? .null
        let surge = ScaledValue.of(bounds["maxSurge"], total: replicas, roundsUp: true)
        let unavailable = ScaledValue.of(bounds["maxUnavailable"], total: replicas, roundsUp: false)
        maxSurge = surge
        // Both may come out as none after rounding; then it could not move.
        let least = surge == 0 && unavailable == 0 ? 1 : unavailable
        maxUnavailable = min(least, replicas)
    }
}

/// A number, or a share of another number: `25%` (k8s.io/apimachinery util/intstr).
enum ScaledValue {
    static func of(_ value: JSONValue?, total: Int, roundsUp: Bool) -> Int {
        if let number = value?.integer { return number }
        guard let text = value?.string, text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return 0 }
        let product = percent * total
        return roundsUp ? (product + 99) / 100 : product / 100
    }
}
