import KubeAPI

/// What a Job asks for.
struct JobSpec: Sendable {
    let parallelism: Int
    /// Nil where the success of one Pod is enough.
    let completions: Int?
    let isIndexed: Bool
    let backoffLimit: Int
    let backoffLimitPerIndex: Int?
    let maxFailedIndexes: Int?
    let deadlineSeconds: Int?
    let isSuspended: Bool
    /// A Pod that is being deleted counts when it has ended, and not before.
    let replacesOnlyFailed: Bool
    let restartsOnFailure: Bool
    /// Nil where every failure counts.
    let failurePolicy: PodFailurePolicy?
    private let successRules: [JSONValue]

    init(_ job: Unstructured) {
        let spec = job["spec"] ?? .null
        parallelism = spec.int(at: "parallelism") ?? 1
        completions = spec.int(at: "completions")
        isIndexed = spec.text(at: "completionMode") == "Indexed"
        backoffLimit = spec.int(at: "backoffLimit") ?? 6
        backoffLimitPerIndex = spec.int(at: "backoffLimitPerIndex")
        maxFailedIndexes = spec.int(at: "maxFailedIndexes")
        deadlineSeconds = spec.int(at: "activeDeadlineSeconds")
        isSuspended = spec.flag(at: "suspend")
        let policy = spec["podFailurePolicy"].flatMap { $0.isNull ? nil : $0 }
        failurePolicy = policy.map { PodFailurePolicy($0) }
        replacesOnlyFailed = policy != nil || spec.text(at: "podReplacementPolicy") == "Failed"
        restartsOnFailure = spec.text(at: "template", "spec", "restartPolicy") == "OnFailure"
        successRules = spec.list(at: "successPolicy", "rules")
    }

    /// The number of indexes; 0 without any.
    var indexCount: Int { isIndexed ? completions ?? 0 : 0 }

    /// Whether a Pod counts as failed (upstream's `isPodFailed`).
    func isFailed(_ pod: PodRecord) -> Bool {
        pod.phase == "Failed" || !replacesOnlyFailed && pod.deleted != nil && pod.phase != "Succeeded"
    }

    func action(for pod: PodRecord) -> PodFailurePolicy.Action { failurePolicy?.action(for: pod) ?? .count }

    /// Whether the failure of a Pod was the last that its index may have.
    func endsIndex(_ pod: PodRecord) -> Bool {
        guard isFailed(pod), let limit = backoffLimitPerIndex else { return false }
        switch action(for: pod) {
        case .failIndex: return true
        case .ignore: return false
        case .count, .failJob: return (pod.job?.failures ?? 0) >= limit
        }
    }

    /// Which rule for success these indexes satisfy, in words (pkg/controller/job/success_policy.go).
    func success(of indexes: JobIndexes) -> String? {
        if indexes.ranges.isEmpty { return nil }
        for (number, rule) in successRules.enumerated() {
            let count = rule.int(at: "succeededCount")
            let isMet: Bool
            if let text = rule["succeededIndexes"]?.string {
                let wanted = JobIndexes(text, limit: indexCount)
                if wanted.ranges.isEmpty { continue }
                let shared = wanted.countShared(with: indexes)
                isMet = shared == wanted.count || count.map { shared >= $0 } ?? false
            } else {
                isMet = count.map { indexes.count >= $0 } ?? false
            }
            if isMet { return "Matched rules at index \(number)" }
        }
        return nil
    }
}
