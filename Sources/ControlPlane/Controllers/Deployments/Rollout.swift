import APIMachinery
import KubeAPI

/// One step of a Deployment's rollout: what it has is compared with what it asks for, and the difference written.
struct Rollout {
    private let controller: DeploymentController
    private let spec: DeploymentSpec
    private var deployment: Unstructured
    private var old: [OwnedReplicaSet]
    private var new: OwnedReplicaSet?

    private var context: ControllerContext { controller.context }
    private var now: Timestamp { context.clock.now }

    /// - Parameter owned: the Deployment's ReplicaSets, the oldest first.
    init(controller: DeploymentController, deployment: Unstructured, owned: [OwnedReplicaSet]) {
        self.controller = controller
        self.deployment = deployment
        spec = DeploymentSpec(deployment)
        let template = deployment[["spec", "template"]]
        let current = owned.firstIndex { PodTemplate.isEqual($0.template, template) }
        new = current.map { owned[$0] }
        old = owned.enumerated().filter { $0.offset != current }.map(\.element)
    }

    /// - Returns: after what time to look again.
    mutating func run() async throws(Status) -> Duration? {
        if deployment.deletionTimestamp != nil { return try await writeStatus(withProgress: false) }
        try await notePause()
        let isScaled = try await syncScale()
        if isScaled { return try await writeStatus(withProgress: false) }
        if spec.isRolling {
            try await makeNew()
            try await roll()
        } else {
            try await recreate()
        }
        return try await writeStatus(withProgress: true)
    }

    /// A Deployment that is paused, or whose size was changed, is only scaled.
    private mutating func syncScale() async throws(Status) -> Bool {
        let active = (old + (new.map { [$0] } ?? [])).filter { $0.replicas > 0 }
        let isResized = active.contains { set in
            set.annotation(OwnedReplicaSet.desiredReplicas).flatMap { Int($0) }.map { $0 != spec.replicas } ?? false
        }
        guard spec.isPaused || isResized else { return false }
        if new != nil { try await makeNew() }
        try await scale()
        if spec.isPaused { try await cleanUp() }
        return true
    }

    private mutating func scale() async throws(Status) {
        let isSaturated =
            new.map { set in
                set.replicas == spec.replicas && set.available == spec.replicas
                    && set.annotation(OwnedReplicaSet.desiredReplicas) == String(spec.replicas)
            } ?? false
        let active = old.filter { $0.replicas > 0 }
        if isSaturated, !active.isEmpty {
            for set in active { try await resize(set.name, to: 0) }
            return
        }
        let sizes = plan.scaledSizes(new: newMember, old: oldMembers)
        let isProportional = active.count + ((new?.replicas ?? 0) > 0 ? 1 : 0) > 1
        for name in sizes.keys.sorted() {
            try await resize(name, to: sizes[name] ?? 0, always: isProportional)
        }
    }

    private mutating func roll() async throws(Status) {
        guard let newMember else { return }
        if let size = plan.newSize(newMember, old: oldMembers) {
            try await resize(newMember.name, to: size)
            return
        }
        let sizes = plan.oldSizes(new: newMember, old: oldMembers.filter { $0.replicas > 0 })
        for name in sizes.keys.sorted() { try await resize(name, to: sizes[name] ?? 0) }
        if sizes.isEmpty { try await cleanUpWhenComplete() }
    }

    private mutating func recreate() async throws(Status) {
        let running = old.filter { $0.replicas > 0 }
        if !running.isEmpty {
            for set in running { try await resize(set.name, to: 0) }
            return
        }
        if old.contains(where: { $0.actual > 0 || runsPods($0) }) { return }
        try await makeNew()
        guard let newMember else { return }
        if newMember.replicas != spec.replicas { try await resize(newMember.name, to: spec.replicas) }
        try await cleanUpWhenComplete()
    }

    private func runsPods(_ set: OwnedReplicaSet) -> Bool {
        context.pods.pods(ownedBy: set.tree.uid).contains { !$0.isTerminal }
    }

    private var plan: RolloutPlan {
        RolloutPlan(spec: spec, statusReplicas: deployment.tree.int(at: "status", "replicas") ?? 0)
    }

    private var oldMembers: [RolloutPlan.Member] { old.enumerated().map { member($1, age: $0) } }

    private var newMember: RolloutPlan.Member? { new.map { member($0, age: old.count) } }

    private func member(_ set: OwnedReplicaSet, age: Int) -> RolloutPlan.Member {
        RolloutPlan.Member(
            name: set.name, replicas: set.replicas, available: set.available,
            maxReplicas: set.annotation(OwnedReplicaSet.maxReplicas).flatMap { Int($0) }, age: age)
    }

    // MARK: - Writing

    /// `always` renews the annotations of a ReplicaSet whose size stays.
    private mutating func resize(_ name: String, to size: Int, always: Bool = false) async throws(Status) {
        let index = old.firstIndex { $0.name == name }
        guard var set = index.map({ old[$0] }) ?? new else { return }
        let before = set.replicas
        if before == size, !always || set.hasReplicaAnnotations(spec) { return }
        set.replicas = size
        set.setReplicaAnnotations(spec)
        set.tree = try await context.client.update(set.tree, in: .replicaSets, subresource: nil)
        if let index { old[index] = set } else { new = set }
        if before != size {
            let direction = size > before ? "up" : "down"
            controller.recorder.normal(
                "ScalingReplicaSet", "Scaled \(direction) replica set \(name) from \(before) to \(size)",
                about: deployment)
        }
    }

    /// Makes the ReplicaSet of the current template, or brings the one there is up to date.
    private mutating func makeNew() async throws(Status) {
        let revision = (old.map(\.revisionNumber).max() ?? 0) + 1
        guard var set = new else {
            try await create(revision: revision)
            return
        }
        set.setAnnotations(of: deployment, revision: revision, isNew: false, spec: spec)
        set.tree[["spec", "minReadySeconds"]] = spec.minReadySeconds == 0 ? nil : JSONValue(spec.minReadySeconds)
        if set.tree.annotations != new?.tree.annotations
            || set.tree.tree.int(at: "spec", "minReadySeconds") ?? 0
                != new?.tree.tree.int(at: "spec", "minReadySeconds") ?? 0
        {
            set.tree = try await context.client.update(set.tree, in: .replicaSets, subresource: nil)
            new = set
        }
        var conditions = StatusConditions(deployment)
        if spec.progressDeadlineSeconds != nil, conditions["Progressing"] == nil {
            conditions.set(
                "Progressing", "True", reason: "FoundNewReplicaSet",
                message: "Found new replica set \"\(set.name)\"", now: now, hasUpdateTime: true)
        }
        try await note(revision: set.annotation(OwnedReplicaSet.revision) ?? "", conditions)
    }

    private mutating func create(revision: Int) async throws(Status) {
        let template = deployment[["spec", "template"]] ?? .null
        let hash = PodTemplate.hash(template, collisions: deployment.tree.int(at: "status", "collisionCount"))
        let name = "\(deployment.name.prefix(252 - hash.utf8.count))-\(hash)"
        var tree = Unstructured(.replicaSets, namespace: deployment.namespace, name: name)
        tree.ownerReferences = [deployment.asController]
        var labels = template.map(at: "metadata", "labels")
        labels[PodTemplate.hashLabel] = hash
        tree.labels = labels
        var own = template
        own[["metadata", "labels", PodTemplate.hashLabel]] = .string(hash)
        var selector = deployment[["spec", "selector"]] ?? .null
        selector[["matchLabels", PodTemplate.hashLabel]] = .string(hash)
        let size = RolloutPlan.initialSize(spec, current: 0, total: old.total(\.replicas))
        tree["spec"] = ["replicas": JSONValue(size), "selector": selector, "template": own]
        if spec.minReadySeconds > 0 { tree[["spec", "minReadySeconds"]] = JSONValue(spec.minReadySeconds) }
        var set = OwnedReplicaSet(tree)
        set.setAnnotations(of: deployment, revision: revision, isNew: true, spec: spec)
        var isNew = true
        do {
            set.tree = try await context.client.create(set.tree, in: .replicaSets)
        } catch {
            set.tree = try await resolve(error, name: name, template: template)
            isNew = false
        }
        new = set
        if isNew, size > 0 {
            controller.recorder.normal(
                "ScalingReplicaSet", "Scaled up replica set \(name) from 0 to \(size)", about: deployment)
        }
        var conditions = StatusConditions(deployment)
        if isNew, spec.progressDeadlineSeconds != nil {
            conditions.set(
                "Progressing", "True", reason: "NewReplicaSetCreated",
                message: "Created new replica set \"\(name)\"", now: now, hasUpdateTime: true)
        }
        try await note(revision: String(revision), conditions)
    }

    /// The name is taken: by our own ReplicaSet, or by another template with the same hash, for which the next try
    /// hashes with a greater number of collisions.
    ///
    /// - Returns: our own.
    private mutating func resolve(
        _ failure: Status, name: String, template: JSONValue
    ) async throws(Status) -> Unstructured {
        if failure.reason == "AlreadyExists" {
            let taken = try await context.client.get(
                .replicaSets, ObjectName(namespace: deployment.namespace, name: name))
            if taken.controllerOwner?.uid == deployment.uid,
                PodTemplate.isEqual(taken[["spec", "template"]], template)
            {
                return taken
            }
            var written = deployment
            let count = deployment.tree.int(at: "status", "collisionCount") ?? 0
            written.setStatus("collisionCount", JSONValue(count + 1))
            try await context.writeStatus(written, was: deployment, in: .deployments)
        } else if !failure.isAboutEndingNamespace {
            let message = "Failed to create new replica set \"\(name)\": \(failure.message)"
            var conditions = StatusConditions(deployment)
            if spec.progressDeadlineSeconds != nil {
                conditions.set(
                    "Progressing", "False", reason: "ReplicaSetCreateError", message: message, now: now,
                    hasUpdateTime: true)
            }
            var written = deployment
            written.setStatus("conditions", conditions.json)
            _ = try? await context.writeStatus(written, was: deployment, in: .deployments)
            controller.recorder.warning("ReplicaSetCreateError", message, about: deployment)
        }
        throw failure
    }

    /// Writes the revision that the Deployment is at, and what has been said of its progress. A write of the status keeps
    /// annotations, and leaves the generation as it is.
    private mutating func note(revision: String, _ conditions: StatusConditions) async throws(Status) {
        var written = deployment
        written[["metadata", "annotations", OwnedReplicaSet.revision]] = .string(revision)
        written.setStatus("conditions", conditions.json)
        if written == deployment { return }
        deployment = try await context.client.update(written, in: .deployments, subresource: "status")
    }

    /// A pause must not count as a lack of progress.
    private mutating func notePause() async throws(Status) {
        guard spec.progressDeadlineSeconds != nil else { return }
        var conditions = StatusConditions(deployment)
        let reason = conditions["Progressing"]?.text(at: "reason")
        if reason == "ProgressDeadlineExceeded" { return }
        if spec.isPaused, reason != "DeploymentPaused" {
            conditions.set(
                "Progressing", "Unknown", reason: "DeploymentPaused", message: "Deployment is paused", now: now,
                hasUpdateTime: true)
        } else if !spec.isPaused, reason == "DeploymentPaused" {
            conditions.set(
                "Progressing", "Unknown", reason: "DeploymentResumed", message: "Deployment is resumed", now: now,
                hasUpdateTime: true)
        }
        var written = deployment
        written.setStatus("conditions", conditions.json)
        deployment = try await context.writeStatus(written, was: deployment, in: .deployments)
    }

    private func cleanUpWhenComplete() async throws(Status) {
        let status = deployment["status"] ?? .null
        let counts = ["updatedReplicas", "replicas", "availableReplicas"].map { status.int(at: $0) ?? 0 }
        guard counts.allSatisfy({ $0 == spec.replicas }),
            status.int(at: "observedGeneration") ?? 0 >= deployment.generation
        else { return }
        try await cleanUp()
    }

    /// Deletes the old ReplicaSets without Pods that are more than the history may have.
    private func cleanUp() async throws(Status) {
        guard let limit = spec.revisionHistoryLimit else { return }
        let alive = old.filter { $0.tree.deletionTimestamp == nil }
        guard alive.count > limit else { return }
        for set in alive.sorted(by: { $0.revisionNumber < $1.revisionNumber }).prefix(alive.count - limit) {
            if set.actual != 0 || set.replicas != 0 || set.tree.generation > set.observedGeneration { continue }
            try await context.delete(.replicaSets, set.tree.objectName)
        }
    }

    private func writeStatus(withProgress: Bool) async throws(Status) -> Duration? {
        var status = RolloutStatus(of: deployment, spec: spec, new: new, old: old, now: now)
        if withProgress { status.noteProgress(failures: (new.map { [$0] } ?? []) + old) }
        var written = deployment
        written["status"] = status.json
        try await context.writeStatus(written, was: deployment, in: .deployments)
        return withProgress ? status.nextCheck : nil
    }
}
