import KubeAPI

extension JobTurn {
    /// What is to be done with a Job's Pods.
    struct Actions {
        /// Pods to be made: their indexes, or nil for each in a Job without any.
        var creations: [Int?] = []
        var deletions: [PodRecord] = []
        /// Those that are deleted do not count.
        var forgetsDeleted = false
    }

    /// Works out whether the Job comes to its end, and what is to be done.
    ///
    /// - Parameter decided: what was decided by the same Pods before something was done to them.
    @discardableResult
    mutating func decide(after decided: End? = nil) -> Actions {
        if start == nil, !spec.isSuspended { start = now.wholeSeconds }
        end = endBefore() ?? decided ?? failure() ?? failureOfIndexes()
        if end == nil, let message = spec.success(of: succeededIndexes) {
            end = End(isFailure: false, reason: "SuccessPolicy", message: message)
        }
        if end != nil { return Actions(deletions: active) }
        let actions = job.deletionTimestamp == nil ? manage() : Actions()
        let left = active.count - actions.deletions.count + actions.creations.count
        if left == 0, spec.completions.map({ succeeded >= $0 }) ?? (succeeded > 0) {
            end = End(
                isFailure: false, reason: "CompletionsReached", message: "Reached expected number of succeeded pods")
        } else {
            noteSuspension()
        }
        return actions
    }

    // MARK: - The end

    /// What was decided before, or a rule for failures decides.
    private func endBefore() -> End? {
        for (type, isFailure) in [("SuccessCriteriaMet", false), ("FailureTarget", true)] {
            guard let known = conditions[type], known.text(at: "status") == "True" else { continue }
            return End(isFailure: isFailure, reason: known.text(at: "reason"), message: known.text(at: "message"))
        }
        guard spec.failurePolicy != nil else { return nil }
        for pod in tracked where spec.isFailed(pod) {
            guard case .failJob(let message) = spec.action(for: pod) else { continue }
            return End(isFailure: true, reason: "PodFailurePolicy", message: message)
        }
        return nil
    }

    private mutating func failure() -> End? {
        if failed > spec.backoffLimit || hasRestartedTooOften {
            return End(
                isFailure: true, reason: "BackoffLimitExceeded",
                message: "Job has reached the specified backoff limit")
        }
        guard let seconds = spec.deadlineSeconds, let start, !spec.isSuspended else { return nil }
        let left = start + .seconds(seconds) - now
        guard left <= .zero else {
            nextCheck = left
            return nil
        }
        return End(
            isFailure: true, reason: "DeadlineExceeded", message: "Job was active longer than specified deadline")
    }

    /// Containers that are restarted in their Pods count by their restarts.
    private var hasRestartedTooOften: Bool {
        guard spec.restartsOnFailure else { return false }
        let alive = (active + terminating).filter { $0.phase == "Running" || $0.phase == "Pending" }
        let restarts = alive.reduce(0) { $0 + ($1.job?.restarts ?? 0) }
        return spec.backoffLimit == 0 ? restarts > 0 : restarts >= spec.backoffLimit
    }

    private func failureOfIndexes() -> End? {
        guard spec.backoffLimitPerIndex != nil, spec.isIndexed else { return nil }
        if let most = spec.maxFailedIndexes, failedIndexes.count > most {
            return End(
                isFailure: true, reason: "MaxFailedIndexesExceeded",
                message: "Job has exceeded the specified maximal number of failed indexes")
        }
        guard failedIndexes.count > 0, failedIndexes.count + succeededIndexes.count >= spec.indexCount else {
            return nil
        }
        return End(isFailure: true, reason: "FailedIndexes", message: "Job has failed indexes")
    }

    // MARK: - Pods

    private mutating func manage() -> Actions {
        if spec.isSuspended { return Actions(deletions: active, forgetsDeleted: true) }
        // Without a number of completions, what runs goes on, and nothing more comes once one has succeeded.
        let wanted =
            spec.completions.map { max(0, min(spec.parallelism, $0 - succeeded)) }
            ?? (succeeded > 0 ? active.count : spec.parallelism)
        let surplus = removals(atLeast: active.count - wanted)
        if !surplus.isEmpty {
            return Actions(
                deletions: Array(surplus.prefix(PodControl.burstLimit)), forgetsDeleted: true)
        }
        let missing = min(
            wanted - active.count - (spec.replacesOnlyFailed ? terminating.count : 0), PodControl.burstLimit)
        guard missing > 0 else { return Actions() }
        if spec.backoffLimitPerIndex == nil {
            let pause = backoff.pause(now: now)
            if pause > .zero {
                check(after: pause)
                return Actions()
            }
        }
        guard spec.isIndexed else { return Actions(creations: Array(repeating: nil, count: missing)) }
        return Actions(creations: pendingIndexes(missing))
    }

    /// More Pods than are wanted: those first whose index another one has, or that is none of the Job's any more.
    private func removals(atLeast count: Int) -> [PodRecord] {
        let ranking = PodRanking(related: active, now: now)
        guard spec.isIndexed else { return count > 0 ? ranking.victims(of: active, count: count) : [] }
        var (surplus, rest): ([PodRecord], [PodRecord]) = ([], [])
        for (index, pods) in Dictionary(grouping: active, by: { $0.job?.index ?? -1 }) {
            let victims = (0..<spec.indexCount).contains(index) ? pods.count - 1 : pods.count
            let gone = ranking.victims(of: pods, count: victims)
            surplus += gone
            rest += pods.filter { pod in !gone.contains { $0.uid == pod.uid } }
        }
        if surplus.count < count { surplus += ranking.victims(of: rest, count: count - surplus.count) }
        return surplus
    }

    /// The least indexes that want a Pod now.
    private mutating func pendingIndexes(_ count: Int) -> [Int] {
        var taken = succeededIndexes.union(failedIndexes).union(JobIndexes(active.compactMap { $0.job?.index }))
        if spec.replacesOnlyFailed { taken = taken.union(JobIndexes(terminating.compactMap { $0.job?.index })) }
        let pending = taken.missing(count, below: spec.indexCount)
        guard spec.backoffLimitPerIndex != nil else { return pending }
        let last = lastFailures
        var ready: [Int] = []
        for index in pending {
            guard let pod = last[index] else {
                ready.append(index)
                continue
            }
            let pause = JobBackoff.pause(failures: pod.failureCount + 1, last: pod.job?.finished, now: now)
            if pause > .zero { check(after: pause) } else { ready.append(index) }
        }
        return ready
    }

    private mutating func check(after delay: Duration) { nextCheck = min(delay, nextCheck ?? delay) }

    // MARK: - Suspension

    private mutating func noteSuspension() {
        let was = conditions["Suspended"]?.text(at: "status")
        if spec.isSuspended, was != "True" {
            conditions.set(
                "Suspended", "True", reason: "JobSuspended", message: "Job suspended", now: now, hasProbeTime: true)
            events.append((.normal, "Suspended", "Job suspended"))
            start = nil
        } else if !spec.isSuspended, was == "True" {
            conditions.set(
                "Suspended", "False", reason: "JobResumed", message: "Job resumed", now: now, hasProbeTime: true)
            events.append((.normal, "Resumed", "Job resumed"))
            // The deadline is for the time that it runs without a pause.
            start = now.wholeSeconds
        }
    }
}
