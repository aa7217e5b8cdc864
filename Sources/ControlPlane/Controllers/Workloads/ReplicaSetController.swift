import APIMachinery
import KubeAPI

/// Keeps as many Pods as each ReplicaSet asks for (pkg/controller/replicaset).
///
/// What it has written is in its caches when the write returns, so that it never makes a Pod twice and needs no
/// expectations.
final class ReplicaSetController: Controller {
    private let context: ControllerContext
    private let replicaSets: ObjectCache<Unstructured>
    private let queue: WorkQueue<ObjectName>
    private let control: PodControl

    init(_ context: ControllerContext, replicaSets: ObjectCache<Unstructured>) {
        self.context = context
        self.replicaSets = replicaSets
        let queue = context.queue(of: ObjectName.self)
        self.queue = queue
        control = PodControl(client: context.client, recorder: context.recorder("replicaset-controller"))
        context.feed.subscribe(.replicaSets) { queue.add($0.name) }
        context.pods.observe { old, new in
            for pod in [old, new] {
                guard let pod else { continue }
                if let owner = pod.owner {
                    if let name = owner.name(of: .replicaSets, in: pod.name.namespace) { queue.add(name) }
                } else if pod.isActive {
                    for set in replicaSets.values(in: pod.name.namespace)
                    where Selector(set.tree[["spec", "selector"]]).matches(pod.labels) { queue.add(set.objectName) }
                }
            }
        }
    }

    func run() async throws {
        try await context.runner("replicaset", queue) { (name) throws(Status) in try await self.reconcile(name) }.run()
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        guard let set = replicaSets[name] else { return }
        let selector = Selector(set.tree[["spec", "selector"]])
        let claim = PodClaim(client: context.client, pods: context.pods)
        var pods = try await claim.claim(for: set, selector: selector)
        var failure: Status?
        let difference = pods.count(where: \.isActive) - set.wantedReplicas
        if set.deletionTimestamp == nil, difference != 0 {
            do throws(Status) {
                try await resize(set, pods: pods, by: -difference)
            } catch {
                failure = error
            }
            pods = context.pods.pods(ownedBy: set.uid).filter { selector.matches($0.labels) }
        }
        let status = ReplicaSetStatus(
            of: set, pods: pods, failure: failure.map { ($0.message, difference < 0) }, now: context.clock.now)
        var written = set
        written["status"] = status.json(over: set)
        try await context.writeStatus(written, was: set, in: .replicaSets)
        if let failure { throw failure }
        if let delay = status.nextCheck { queue.add(name, after: delay) }
    }

    /// Adds so many Pods, or takes so many away where the number is negative.
    private func resize(_ set: Unstructured, pods: [PodRecord], by difference: Int) async throws(Status) {
        if difference > 0 {
            let pod = PodTemplate.pod(set.tree[["spec", "template"]] ?? .null, owner: set)
            try await control.create(
                Array(repeating: pod, count: min(difference, PodControl.burstLimit)), owner: set)
        } else {
            let ranking = PodRanking(related: related(to: set), now: context.clock.now)
            let count = min(-difference, PodControl.burstLimit)
            try await control.delete(ranking.victims(of: pods.filter(\.isActive), count: count), owner: set)
        }
        // The rest is another step.
        if abs(difference) > PodControl.burstLimit { queue.add(set.objectName) }
    }

    /// The Pods of all ReplicaSets that have the same controller.
    private func related(to set: Unstructured) -> [PodRecord] {
        guard let owner = set.controllerOwner else { return context.pods.pods(ownedBy: set.uid) }
        return replicaSets.values(in: set.namespace).filter { $0.controllerOwner?.uid == owner.uid }
            .flatMap { context.pods.pods(ownedBy: $0.uid) }
    }
}

extension Unstructured {
    /// `spec.replicas`, 1 where it is not said.
    var wantedReplicas: Int { tree.int(at: "spec", "replicas") ?? 1 }
}
