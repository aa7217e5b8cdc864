import KubeAPI

/// What a Job's controller reads of a Pod, beside what its record has.
struct JobPod: Sendable {
    /// A container that has ended with a failure.
    struct Exit: Sendable {
        let container: String
        let code: Int
    }

    static let indexKey = "batch.kubernetes.io/job-completion-index"
    static let failuresKey = "batch.kubernetes.io/job-index-failure-count"
    static let ignoredFailuresKey = "batch.kubernetes.io/job-index-ignored-failure-count"

    /// Nil in a Job without indexes.
    let index: Int?
    /// How many Pods of its index have failed before it.
    let failures: Int
    let ignoredFailures: Int
    let exits: [Exit]
    let conditions: [(type: String, status: String)]
    /// Of all containers together.
    let restarts: Int
    /// When it ended (upstream's `getFinishedTime`).
    let finished: Timestamp?

    init(_ pod: Unstructured) {
        let tree = pod.tree
        func number(_ key: String) -> Int? {
            pod.annotations[key].flatMap { Int32($0) }.flatMap { $0 < 0 ? nil : Int($0) }
        }
        index = number(Self.indexKey)
        failures = number(Self.failuresKey) ?? 0
        ignoredFailures = number(Self.ignoredFailuresKey) ?? 0
        let containers = tree.list(at: "status", "containerStatuses")
        let all = containers + tree.list(at: "status", "initContainerStatuses")
        exits = all.compactMap { status in
            guard let code = status.int(at: "state", "terminated", "exitCode"), code != 0 else { return nil }
            return Exit(container: status.text(at: "name"), code: code)
        }
        let conditions = tree.list(at: "status", "conditions")
        self.conditions = conditions.map { ($0.text(at: "type"), $0.text(at: "status")) }
        restarts = all.reduce(0) { $0 + ($1.int(at: "restartCount") ?? 0) }
        let ends = containers.map { $0.time(at: "state", "terminated", "finishedAt") }
        let last = ends.contains(nil) ? nil : ends.compactMap { $0 }.max()
        let unready = conditions.first { $0.text(at: "type") == "Ready" && $0.text(at: "status") == "False" }
        let deleted = pod.deletionTimestamp.map { $0 + .seconds(-(pod.deletionGracePeriodSeconds ?? 0)) }
        finished = last ?? unready?.time(at: "lastTransitionTime") ?? deleted ?? pod.creationTimestamp
    }
}

/// What happens to a Job when one of its Pods fails in a certain way (pkg/controller/job/pod_failure_policy.go).
struct PodFailurePolicy: Sendable {
    enum Action: Equatable {
        case count
        case ignore
        case failIndex
        /// With the reason in words.
        case failJob(String)
    }

    private let rules: [JSONValue]

    /// - Parameter tree: `spec.podFailurePolicy` of a Job.
    init(_ tree: JSONValue?) { rules = tree?.list(at: "rules") ?? [] }

    /// What the first rule says that is for this failure.
    func action(for pod: PodRecord) -> Action {
        guard let facts = pod.job else { return .count }
        for (index, rule) in rules.enumerated() {
            let action = rule.text(at: "action")
            let failure: String
            if let codes = rule["onExitCodes"], !codes.isNull {
                guard let exit = facts.exits.first(where: { Self.matches($0, codes) }) else { continue }
                failure = "Container \(exit.container) for pod \(pod.name) failed with exit code \(exit.code)"
            } else {
                let patterns = rule.list(at: "onPodConditions")
                let condition = facts.conditions.first { condition in
                    patterns.contains {
                        $0.text(at: "type") == condition.type && $0.text(at: "status") == condition.status
                    }
                }
                guard let condition else { continue }
                failure = "Pod \(pod.name) has condition \(condition.type)"
            }
            switch action {
            case "Ignore": return .ignore
            case "FailIndex": return .failIndex
            case "Count": return .count
            case "FailJob": return .failJob("\(failure) matching \(action) rule at index \(index)")
            default: continue
            }
        }
        return .count
    }

    private static func matches(_ exit: JobPod.Exit, _ codes: JSONValue) -> Bool {
        if let name = codes["containerName"]?.string, name != exit.container { return false }
        let isListed = codes.list(at: "values").contains { $0.integer == exit.code }
        switch codes.text(at: "operator") {
        case "In": return isListed
        case "NotIn": return !isListed
        default: return false
        }
    }
}

/// How long a Job waits before it replaces Pods that have failed (pkg/controller/job/backoff_utils.go).
struct JobBackoff: Sendable {
    private static let firstSeconds = 10
    private static let longestSeconds = 600

    private(set) var failures = 0
    private(set) var lastFailure: Timestamp?

    /// Takes note of Pods that have ended since.
    mutating func note(succeeded: [PodRecord], failed: [PodRecord]) {
        let times = failed.compactMap { $0.job?.finished }
        if succeeded.isEmpty {
            failures += failed.count
            lastFailure = times.max() ?? lastFailure
            return
        }
        let success = succeeded.compactMap { $0.job?.finished }.max()
        let later = times.filter { time in success.map { time > $0 } ?? true }
        (failures, lastFailure) = (later.count, later.max())
    }

    /// Zero where it need not wait.
    func pause(now: Timestamp) -> Duration { Self.pause(failures: failures, last: lastFailure, now: now) }

    static func pause(failures: Int, last: Timestamp?, now: Timestamp) -> Duration {
        guard failures > 0, let last else { return .zero }
        let seconds = min(longestSeconds, firstSeconds << min(failures - 1, 8))
        return max(.zero, last + .seconds(seconds) - now)
    }
}
