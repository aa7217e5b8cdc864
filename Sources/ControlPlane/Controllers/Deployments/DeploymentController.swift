import APIMachinery
import KubeAPI

/// Rolls the Pods of each Deployment from one template to the next, by the sizes of its ReplicaSets
/// (pkg/controller/deployment).
final class DeploymentController: Controller {
    let context: ControllerContext
    let recorder: EventRecorder
    let deployments: ObjectCache<Unstructured>
    let replicaSets: ObjectCache<Unstructured>
    private let queue: WorkQueue<ObjectName>

    init(_ context: ControllerContext, deployments: ObjectCache<Unstructured>, replicaSets: ObjectCache<Unstructured>) {
        self.context = context
        self.deployments = deployments
        self.replicaSets = replicaSets
        recorder = context.recorder("deployment-controller")
        let queue = context.queue(of: ObjectName.self)
        self.queue = queue
        context.feed.subscribe(.deployments) { queue.add($0.name) }
        context.feed.subscribe(.replicaSets) { change in
            if let owner = change.object.controllerOwner {
                if let name = owner.name(of: .deployments, in: change.name.namespace) { queue.add(name) }
            } else if !change.isGone {
                let labels = change.object.labels
                for deployment in deployments.values(in: change.name.namespace)
                where Selector(deployment.tree[["spec", "selector"]]).matches(labels) {
                    queue.add(deployment.objectName)
                }
            }
        }
        // `Recreate` waits for the end of the old Pods.
        context.pods.observe { old, new in
            guard let old, new?.isTerminal ?? true, let owner = old.owner,
                let name = owner.name(of: .replicaSets, in: old.name.namespace),
                let deployment = replicaSets[name]?.controllerOwner?.name(of: .deployments, in: name.namespace)
            else { return }
            queue.add(deployment)
        }
    }

    func run() async throws {
        try await context.runner("deployment", queue) { (name) throws(Status) in try await self.reconcile(name) }.run()
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        guard let deployment = deployments[name] else { return }
        let selector = Selector(deployment.tree[["spec", "selector"]], matchesAllIfEmpty: true)
        if selector.isEmpty {
            recorder.warning(
                "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.",
                about: deployment)
            var written = deployment
            written.setStatus("observedGeneration", JSONValue(deployment.generation))
            try await context.writeStatus(written, was: deployment, in: .deployments)
            return
        }
        let owned = try await claim(for: deployment, selector: selector)
        var rollout = Rollout(controller: self, deployment: deployment, owned: owned)
        let delay = try await rollout.run()
        if let delay { queue.add(name, after: delay) }
    }

    /// The ReplicaSets that are the Deployment's, the oldest first, after those that it selects have been made its own.
    private func claim(
        for deployment: Unstructured, selector: Selector
    ) async throws(Status) -> [OwnedReplicaSet] {
        var owned: [OwnedReplicaSet] = []
        for var set in replicaSets.values(in: deployment.namespace) {
            let matches = selector.matches(set.labels)
            let owner = set.controllerOwner
            if owner?.uid == deployment.uid {
                if !matches, deployment.deletionTimestamp == nil {
                    set.ownerReferences = set.ownerReferences.filter { $0.text(at: "uid") != deployment.uid }
                    _ = try await context.client.update(set, in: .replicaSets, subresource: nil)
                } else if matches {
                    owned.append(OwnedReplicaSet(set))
                }
            } else if owner == nil, matches, deployment.deletionTimestamp == nil, set.deletionTimestamp == nil {
                set.ownerReferences.append(deployment.asController)
                owned.append(
                    OwnedReplicaSet(try await context.client.update(set, in: .replicaSets, subresource: nil)))
            }
        }
        return owned.byAge
    }
}
