import KubeAPI

/// How far a Job is, and what it has to do next.
struct JobProgress {
    private let job: Unstructured
    private let now: Timestamp
    private let active: [PodRecord]
    private let terminating: Int
    private let uncounted: (succeeded: [String], failed: [String])
    private var conditions: StatusConditions
    private var start: Timestamp?
    private var end: Timestamp?

    private(set) var succeeded: Int
    private(set) var failed: Int
    /// How many Pods have failed that were not counted before.
    let newFailures: Int
    private(set) var creations = 0
    private(set) var deletions: [PodRecord] = []
    private(set) var events: [(ControllerEvent.Kind, String, String)] = []
    /// After what time the Job is to be looked at again.
    private(set) var nextCheck: Duration?

    init(_ job: Unstructured, pods: [PodRecord], now: Timestamp) {
        self.job = job
        self.now = now
        active = pods.filter(\.isActive)
        terminating = pods.count(where: \.isTerminating)
        conditions = StatusConditions(job)
        start = job.tree.time(at: "status", "startTime")
        // What is counted, and still has its finalizer, is in these lists: a Pod counts once whatever fails meanwhile.
        func known(_ key: String) -> Set<String> {
            Set(job.tree.texts(at: "status", "uncountedTerminatedPods", key))
        }
        let tracked = pods.filter { $0.isTracked && $0.isTerminal }
        let good = tracked.filter { $0.phase == "Succeeded" }.map(\.uid)
        let bad = tracked.filter { $0.phase == "Failed" }.map(\.uid)
        uncounted = (good.sorted(), bad.sorted())
        succeeded = (job.tree.int(at: "status", "succeeded") ?? 0) + Set(good).subtracting(known("succeeded")).count
        newFailures = Set(bad).subtracting(known("failed")).count
        failed = (job.tree.int(at: "status", "failed") ?? 0) + newFailures
    }

    /// Has come to its end.
    var isFinished: Bool { ["Complete", "Failed"].contains { conditions[$0]?.text(at: "status") == "True" } }

    /// Works out what comes next.
    mutating func decide() {
        let spec = job["spec"] ?? .null
        let parallelism = spec.int(at: "parallelism") ?? 1
        let completions = spec.int(at: "completions")
        if noteSuspension(spec.flag(at: "suspend")) { return }
        if start == nil { start = now.wholeSeconds }
        if let failure = conditions["FailureTarget"], failure.text(at: "status") == "True" {
            fail(failure.text(at: "reason"), failure.text(at: "message"))
        } else if failed > spec.int(at: "backoffLimit") ?? 6 {
            fail("BackoffLimitExceeded", "Job has reached the specified backoff limit")
        } else if isOverDeadline(spec) {
            fail("DeadlineExceeded", "Job was active longer than specified deadline")
        } else if completions.map({ succeeded >= $0 }) ?? (succeeded > 0 && active.isEmpty) {
            complete()
        } else {
            // Without a number of completions, no new Pods come once one has succeeded.
            let wanted = completions.map { min(parallelism, $0 - succeeded) } ?? (succeeded > 0 ? 0 : parallelism)
            if active.count < wanted {
                creations = wanted - active.count - min(terminating, wanted - active.count)
            } else if active.count > wanted, completions != nil || succeeded == 0 {
                deletions = PodRanking(related: active, now: now).victims(of: active, count: active.count - wanted)
            }
        }
    }

    /// - Returns: whether the Job is suspended.
    private mutating func noteSuspension(_ isSuspended: Bool) -> Bool {
        let was = conditions["Suspended"]?.text(at: "status") == "True"
        if isSuspended {
            if !was {
                conditions.set("Suspended", "True", reason: "JobSuspended", message: "Job suspended", now: now)
                events.append((.normal, "Suspended", "Job suspended"))
            }
            start = nil
            deletions = active
        } else if was {
            conditions.set("Suspended", "False", reason: "JobResumed", message: "Job resumed", now: now)
            events.append((.normal, "Resumed", "Job resumed"))
            start = now.wholeSeconds
        }
        return isSuspended
    }

    private mutating func isOverDeadline(_ spec: JSONValue) -> Bool {
        guard let seconds = spec.int(at: "activeDeadlineSeconds"), let start else { return false }
        let left = start + .seconds(seconds) - now
        if left > .zero { nextCheck = left }
        return left <= .zero
    }

    /// The Pods that still run end first.
    private mutating func fail(_ reason: String, _ message: String) {
        conditions.set("FailureTarget", "True", reason: reason, message: message, now: now)
        deletions = active
        guard active.isEmpty, terminating == 0 else { return }
        conditions.set("Failed", "True", reason: reason, message: message, now: now)
        events.append((.warning, reason, message))
    }

    private mutating func complete() {
        let message = "Reached expected number of succeeded pods"
        conditions.set("SuccessCriteriaMet", "True", reason: "CompletionsReached", message: message, now: now)
        deletions = active
        guard active.isEmpty, terminating == 0 else { return }
        conditions.set("Complete", "True", reason: "CompletionsReached", message: message, now: now)
        end = now.wholeSeconds
        events.append((.normal, "Completed", "Job completed"))
    }

    var status: JSONValue {
        var status: JSONValue = [
            "ready": JSONValue(active.count(where: \.isReady)), "terminating": JSONValue(terminating),
        ]
        for (key, count) in [("active", active.count), ("succeeded", succeeded), ("failed", failed)] where count > 0 {
            status[key] = JSONValue(count)
        }
        var lists: JSONValue = .object(JSONObject())
        if !uncounted.succeeded.isEmpty { lists["succeeded"] = JSONValue(uncounted.succeeded) }
        if !uncounted.failed.isEmpty { lists["failed"] = JSONValue(uncounted.failed) }
        status["uncountedTerminatedPods"] = lists
        status["startTime"] = start.map { .string($0.text) }
        status["completionTime"] = end.map { .string($0.text) } ?? job[["status", "completionTime"]]
        status["conditions"] = conditions.json
        return status
    }
}
