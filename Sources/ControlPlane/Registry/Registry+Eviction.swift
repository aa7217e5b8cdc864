import APIMachinery
import KubeAPI

/// Evictions (pkg/registry/core/pod/storage/eviction.go): deletions of Pods that their disruption budgets allow.
extension Registry {
    private static let budgets = Resource(
        group: "policy", version: "v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets",
        isNamespaced: true)
    /// More evictions that nobody has confirmed are refused.
    private static let disruptedPodLimit = 2000

    /// Deletes a Pod unless its disruption budget is used up.
    ///
    /// - Throws: 404 NotFound, 409 Conflict, 429 TooManyRequests, 500 for a Pod with several budgets.
    package func evict(
        _ name: ObjectName, _ options: DeletionOptions, _ write: WriteOptions = WriteOptions()
    ) async throws(Status) {
        let pods = try kind(.pods)
        let pod = try pods.decode(try await record(pods, name))
        var deletion = options
        var budget = ""
        if pod.canIgnoreBudgets {
            let isPending = pod[["status", "phase"]] == "Pending" && pod.deletionTimestamp == nil
            if isPending, options.resourceVersion == nil { deletion.resourceVersion = pod.resourceVersion }
        } else if let found = try await disruptionBudget(of: pod) {
            budget = found.name
            if found.allowsUnhealthy(pod) {
                deletion.resourceVersion = pod.resourceVersion
            } else {
                try await takeDisruption(of: found.objectName, for: pod, write)
            }
        }
        do throws(Status) {
            try await markAndDelete(pods, name, deletion, write)
        } catch {
            guard error.reason == "Conflict", options.resourceVersion == nil, deletion.resourceVersion != nil,
                !budget.isEmpty
            else { throw error }
            throw .budgetIsBehind(budget)
        }
    }

    /// The budget that covers a Pod; nil where none does.
    private func disruptionBudget(of pod: Unstructured) async throws(Status) -> Unstructured? {
        let labels = pod.labels
        let found = try await list(Self.budgets, namespace: pod.namespace).filter { budget in
            guard let selector = budget[["spec", "selector"]], let query = try? LabelQuery(selector: selector) else {
                return false
            }
            return query.matches(labels)
        }
        guard found.count <= 1 else {
            throw Status(
                code: 500, reason: "",
                message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not "
                    + "support.")
        }
        return found.first
    }

    /// Counts a disruption against the budget (`checkAndDecrement`).
    private func takeDisruption(
        of name: ObjectName, for pod: Unstructured, _ write: WriteOptions
    ) async throws(Status) {
        let kind = try kind(Self.budgets)
        _ = try await update(kind, name, .status, write) { (old) throws(Status) in
            guard var budget = old else { throw .notFound(Self.budgets, name: name.name) }
            try budget.checkDisruption(limit: Self.disruptedPodLimit)
            let allowed = (budget[["status", "disruptionsAllowed"]]?.integer ?? 0) - 1
            budget[["status", "disruptionsAllowed"]] = JSONValue(allowed)
            if allowed == 0 {
                budget.setCondition([
                    "type": "DisruptionAllowed", "status": "False", "reason": "InsufficientPods",
                    "observedGeneration": JSONValue(budget.generation), "message": "",
                ])
            }
            budget[["status", "disruptedPods", pod.name]] = .string(Timestamp.now.wholeSeconds.text)
            return budget
        }
    }

    private func markAndDelete(
        _ pods: ServedKind, _ name: ObjectName, _ options: DeletionOptions, _ write: WriteOptions
    ) async throws(Status) {
        var options = options
        if !write.isDryRun {
            let wanted = options
            let marked = try await update(pods, name, .binding, write) { (old) throws(Status) in
                guard var pod = old else { throw .notFound(.pods, name: name.name) }
                try Self.checkPreconditions(wanted, against: pod, pods)
                pod.setCondition([
                    "type": "DisruptionTarget", "status": "True", "reason": "EvictionByEvictionAPI",
                    "message": "Eviction API: evicting",
                ])
                return pod
            }
            if options.resourceVersion != nil { options.resourceVersion = marked.record.resourceVersion }
        }
        _ = try await delete(pods, name, options, write)
    }
}

extension Unstructured {
    fileprivate var canIgnoreBudgets: Bool {
        ["Succeeded", "Failed", "Pending"].contains(self[["status", "phase"]]?.string ?? "")
            || deletionTimestamp != nil
    }

    fileprivate var isReadyPod: Bool {
        self[["status", "conditions"]]?.array?.contains { $0["type"] == "Ready" && $0["status"] == "True" } ?? false
    }

    fileprivate func count(_ key: String) -> Int { self[["status", key]]?.integer ?? 0 }

    /// Of a budget: whether a Pod that is not ready may go without being counted.
    fileprivate func allowsUnhealthy(_ pod: Unstructured) -> Bool {
        guard !pod.isReadyPod else { return false }
        if self[["spec", "unhealthyPodEvictionPolicy"]] == "AlwaysAllow" { return true }
        return count("currentHealthy") >= count("desiredHealthy") && count("desiredHealthy") > 0
    }

    /// Of a budget: whether it allows one more disruption.
    ///
    /// - Throws: 403, 429.
    fileprivate func checkDisruption(limit: Int) throws(Status) {
        if count("observedGeneration") < generation { throw .budgetIsBehind(name) }
        let resource = Resource(
            group: "policy", version: "v1", kind: "", plural: "poddisruptionbudget", isNamespaced: true)
        if count("disruptionsAllowed") < 0 {
            throw .forbidden(resource, name: name, "pdb disruptions allowed is negative")
        }
        if (self[["status", "disruptedPods"]]?.object?.count ?? 0) > limit {
            throw .forbidden(
                resource, name: name,
                "DisruptedPods map too big - too many evictions not confirmed by PDB controller")
        }
        guard count("disruptionsAllowed") == 0 else { return }
        var status = Status.tooManyRequests(
            "Cannot evict pod as it would violate the pod's disruption budget.", retryAfterSeconds: 0)
        status.details?.causes = [
            Status.Cause(field: "", message: refusal, reason: "DisruptionBudget")
        ]
        throw status
    }

    /// Why a budget allows none, in upstream's words.
    private var refusal: String {
        let condition = self[["status", "conditions"]]?.array?.first { $0["type"] == "DisruptionAllowed" }
        let message = condition?["status"] == "False" ? condition?["message"]?.string ?? "" : ""
        let reason = condition?["reason"]?.string ?? ""
        if !message.isEmpty, reason == "SyncFailed" {
            return "The disruption budget \(name) does not allow evicting pods currently because it failed sync: "
                + message
        }
        if count("currentHealthy") <= count("desiredHealthy") {
            return "The disruption budget \(name) needs \(count("desiredHealthy")) healthy pods and has "
                + "\(count("currentHealthy")) currently"
        }
        return message.isEmpty
            ? "The disruption budget \(name) does not allow evicting pods currently"
            : "The disruption budget \(name) does not allow evicting pods currently (\(reason)): \(message)"
    }
}

extension Status {
    /// The budget's controller has not seen the latest of it.
    fileprivate static func budgetIsBehind(_ name: String) -> Status {
        var status = Status.tooManyRequests(
            "Cannot evict pod as it would violate the pod's disruption budget.", retryAfterSeconds: 10)
        status.details?.causes = [
            Cause(
                field: "", message: "The disruption budget \(name) is still being processed by the server.",
                reason: "DisruptionBudget")
        ]
        return status
    }
}

extension LabelQuery {
    /// A `LabelSelector` as it stands in an object; empty, it matches everything.
    ///
    /// - Throws: `SelectorError`.
    package init(selector: JSONValue) throws(SelectorError) {
        var typed = LabelSelector()
        for field in selector["matchLabels"]?.object?.fields ?? [] {
            typed.matchLabels[field.key] = field.value.string ?? ""
        }
        typed.matchExpressions = (selector["matchExpressions"]?.array ?? []).map { expression in
            LabelSelector.Expression(
                key: expression["key"]?.string ?? "", operator: expression["operator"]?.string ?? "",
                values: expression["values"]?.array?.compactMap(\.string) ?? [])
        }
        try self.init(typed)
    }
}
