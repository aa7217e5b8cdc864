import KubeAPI

/// One look at a Job and its Pods: what is to be done, and what its status says (upstream's `syncJob`, without what it
/// does). Pods bear a finalizer until they are counted: a Pod that has ended is listed in
/// `status.uncountedTerminatedPods`, then loses its finalizer, then is counted and taken off the list, so that it counts
/// once whatever fails between.
struct JobTurn {
    /// The Job comes to its end.
    struct End {
        let isFailure: Bool
        let reason: String
        let message: String
    }

    /// How many Pods are listed at a time (upstream's `MaxUncountedPods`).
    private static let listLimit = 500

    let job: Unstructured
    let spec: JobSpec
    let now: Timestamp
    let active: [PodRecord]
    let terminating: [PodRecord]
    let tracked: [PodRecord]
    var conditions: StatusConditions
    var start: Timestamp?
    private var completion: Timestamp?
    private var listedSucceeded: [String]
    private var listedFailed: [String]
    private var countedSucceeded: Int
    private var countedFailed: Int

    /// Of all Pods that have ended, counted or not.
    private(set) var succeeded = 0
    private(set) var failed = 0
    private(set) var succeededIndexes = JobIndexes()
    private(set) var failedIndexes = JobIndexes()
    private(set) var backoff: JobBackoff
    var end: End?
    /// After what time the Job is to be looked at again.
    var nextCheck: Duration?
    var events: [(kind: ControllerEvent.Kind, reason: String, message: String)] = []
    /// The Pods that need not wait any more once the status is written.
    private(set) var released: [PodRecord] = []

    /// - Parameters:
    ///   - pods: all that are the Job's.
    ///   - backoff: what is known of earlier failures.
    init(_ job: Unstructured, pods: [PodRecord], backoff: JobBackoff, now: Timestamp) {
        self.job = job
        self.now = now
        self.backoff = backoff
        spec = JobSpec(job)
        active = pods.filter(\.isActive)
        terminating = pods.filter(\.isTerminating)
        tracked = pods.filter(\.isTracked).sorted { ($0.job?.index ?? -1, $0.name) < ($1.job?.index ?? -1, $1.name) }
        conditions = StatusConditions(job)
        start = job.tree.time(at: "status", "startTime")
        completion = job.tree.time(at: "status", "completionTime")
        let uids = Set(tracked.map(\.uid))
        func listed(_ key: String) -> [String] { job.tree.texts(at: "status", "uncountedTerminatedPods", key) }
        listedSucceeded = listed("succeeded").filter { uids.contains($0) }
        listedFailed = listed("failed").filter { uids.contains($0) }
        countedSucceeded = job.tree.int(at: "status", "succeeded") ?? 0
        if !spec.isIndexed { countedSucceeded += listed("succeeded").count - listedSucceeded.count }
        countedFailed = (job.tree.int(at: "status", "failed") ?? 0) + listed("failed").count - listedFailed.count
        count()
    }

    /// Has come to its end.
    var isFinished: Bool { ["Complete", "Failed"].contains { conditions[$0]?.text(at: "status") == "True" } }

    private func hasIndex(_ pod: PodRecord) -> Bool {
        !spec.isIndexed || pod.job?.index.map { $0 < spec.indexCount } ?? false
    }

    private mutating func count() {
        let valid = tracked.filter(hasIndex)
        let newSucceeded = valid.filter { $0.phase == "Succeeded" && !listedSucceeded.contains($0.uid) }
        let newFailed = valid.filter { spec.isFailed($0) && !listedFailed.contains($0.uid) }
        backoff.note(succeeded: newSucceeded, failed: newFailed)
        succeeded = countedSucceeded + listedSucceeded.count + newSucceeded.count
        failed = countedFailed + listedFailed.count + newFailed.count { spec.action(for: $0) != .ignore }
        guard spec.isIndexed else { return }
        let before = JobIndexes(job.tree.text(at: "status", "completedIndexes"), limit: spec.indexCount)
        succeededIndexes = before.union(
            JobIndexes(valid.filter { $0.phase == "Succeeded" }.compactMap { $0.job?.index }))
        succeeded = succeededIndexes.count
        guard spec.backoffLimitPerIndex != nil else { return }
        let lost = JobIndexes(job.tree.text(at: "status", "failedIndexes"), limit: spec.indexCount)
        failedIndexes = lost.union(JobIndexes(valid.filter { spec.endsIndex($0) }.compactMap { $0.job?.index }))
    }

    /// The Pod of each index that was the last to fail, and that the next one takes its count of failures from.
    var lastFailures: [Int: PodRecord] {
        guard spec.backoffLimitPerIndex != nil else { return [:] }
        let running = Set(active.compactMap { $0.job?.index })
        var last: [Int: PodRecord] = [:]
        for pod in tracked where spec.isFailed(pod) {
            guard let index = pod.job?.index, index < spec.indexCount, !running.contains(index),
                !succeededIndexes.contains(index), !failedIndexes.contains(index)
            else { continue }
            if let other = last[index], pod.failureCount < other.failureCount { continue }
            last[index] = pod
        }
        return last
    }

    // MARK: - What is written

    /// Lists the Pods that have ended, and says how it stands with the Job. After `decide`.
    mutating func note() {
        let kept = Set(lastFailures.values.map(\.uid))
        for pod in tracked {
            let hasFailed = spec.isFailed(pod)
            guard end != nil || pod.phase == "Succeeded" || hasFailed && !kept.contains(pod.uid) else { continue }
            released.append(pod)
            if pod.phase == "Succeeded", !listedFailed.contains(pod.uid) {
                if !spec.isIndexed, !listedSucceeded.contains(pod.uid) { listedSucceeded.append(pod.uid) }
            } else if hasFailed || end?.isFailure == true, !listedFailed.contains(pod.uid), hasIndex(pod) {
                if spec.action(for: pod) != .ignore { listedFailed.append(pod.uid) }
            }
            if listedSucceeded.count + listedFailed.count >= Self.listLimit { break }
        }
        guard let end else { return }
        conditions.set(
            end.isFailure ? "FailureTarget" : "SuccessCriteriaMet", "True", reason: end.reason, message: end.message,
            now: now, hasProbeTime: true)
        // The Pods that still run end first, and are counted.
        guard active.isEmpty, terminating.isEmpty, released.isEmpty else { return }
        conditions.set(
            end.isFailure ? "Failed" : "Complete", "True", reason: end.reason, message: end.message, now: now,
            hasProbeTime: true)
        if end.isFailure {
            events.append((.warning, end.reason, end.message))
        } else {
            completion = now.wholeSeconds
            if let completions = spec.completions, countedSucceeded > completions {
                let message = "Too many succeeded pods running after completion count reached"
                events.append((.warning, "TooManySucceededPods", message))
            }
            events.append((.normal, "Completed", "Job completed"))
        }
    }

    var status: JSONValue {
        var status: JSONValue = [
            "ready": JSONValue(active.count(where: \.isReady)), "terminating": JSONValue(terminating.count),
        ]
        let done = spec.isIndexed ? succeededIndexes.count : countedSucceeded
        for (key, count) in [("active", active.count), ("succeeded", done), ("failed", countedFailed)]
        where count > 0 { status[key] = JSONValue(count) }
        var lists: JSONValue = .object(JSONObject())
        if !listedSucceeded.isEmpty { lists["succeeded"] = JSONValue(listedSucceeded) }
        if !listedFailed.isEmpty { lists["failed"] = JSONValue(listedFailed) }
        status["uncountedTerminatedPods"] = lists
        status["startTime"] = start.map { .string($0.text) }
        status["completionTime"] = completion.map { .string($0.text) }
        status["conditions"] = conditions.json
        if spec.isIndexed {
            let text = succeededIndexes.text
            if !text.isEmpty { status["completedIndexes"] = .string(text) }
            if spec.backoffLimitPerIndex != nil { status["failedIndexes"] = .string(failedIndexes.text) }
        }
        return status
    }
}

extension PodRecord {
    /// How many Pods of its index have failed before it, whether that counts or not.
    var failureCount: Int { (job?.failures ?? 0) + (job?.ignoredFailures ?? 0) }
}
