import APIMachinery
import KubeAPI

/// Keeps the Pods of each StatefulSet, which have numbers, in their order (pkg/controller/statefulset). There are no
/// volumes: claims of a template are not made, which an event says.
final class StatefulSetController: Controller {
    private static let indexLabel = "apps.kubernetes.io/pod-index"
    private static let nameLabel = "statefulset.kubernetes.io/pod-name"

    private let context: ControllerContext
    private let sets: ObjectCache<Unstructured>
    private let queue: WorkQueue<ObjectName>
    private let control: PodControl
    private let recorder: EventRecorder

    init(_ context: ControllerContext, sets: ObjectCache<Unstructured>) {
        self.context = context
        self.sets = sets
        let queue = context.queue(of: ObjectName.self)
        self.queue = queue
        let recorder = context.recorder("statefulset-controller")
        self.recorder = recorder
        control = PodControl(client: context.client, recorder: recorder, wording: .stateful)
        context.feed.subscribe(.statefulSets) { queue.add($0.name) }
        context.pods.observe { old, new in
            for pod in [old, new] {
                guard let pod else { continue }
                if let name = pod.owner?.name(of: .statefulSets, in: pod.name.namespace) { queue.add(name) }
            }
        }
    }

    func run() async throws {
        try await context.runner("statefulset", queue) { (name) throws(Status) in
            try await self.reconcile(name)
        }.run()
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        guard let set = sets[name], set.deletionTimestamp == nil else { return }
        if !set.tree.list(at: "spec", "volumeClaimTemplates").isEmpty {
            recorder.warning(
                "VolumesNotSupported", "volumeClaimTemplates are ignored: there are no volumes", about: set)
        }
        let selector = Selector(set.tree[["spec", "selector"]])
        let claim = PodClaim(client: context.client, pods: context.pods)
        let pods = try await claim.claim(for: set, selector: selector)
        let hash = try await ControllerRevisions(context: context).current(of: set)
        let revision = "\(set.name)-\(hash)"
        let plan = StatefulSetPlan(set, revision: revision, pods: pods, now: context.clock.now)
        for number in plan.creations {
            let isOld = number < plan.partition
            let pod = try await pod(of: set, number: number, revision: isOld ? plan.currentRevision : revision)
            if let failure = await control.create(pod, owner: set) {
                if failure.reason == "AlreadyExists" || failure.isAboutEndingNamespace { return }
                throw failure
            }
        }
        try await control.delete(plan.deletions, owner: set)
        let after = context.pods.pods(ownedBy: set.uid).filter { selector.matches($0.labels) }
        let now = StatefulSetPlan(set, revision: revision, pods: after, now: context.clock.now)
        var written = set
        var status = now.status
        status["conditions"] = set[["status", "conditions"]]
        written["status"] = status
        try await context.writeStatus(written, was: set, in: .statefulSets)
        let minReady = set.tree.int(at: "spec", "minReadySeconds") ?? 0
        if let delay = AvailabilityCheck.next(after, minReadySeconds: minReady, now: context.clock.now) {
            queue.add(name, after: delay)
        }
    }

    /// Pod `web-0`, with the template of a revision.
    private func pod(of set: Unstructured, number: Int, revision: String) async throws(Status) -> Unstructured {
        var template = set.tree[["spec", "template"]] ?? .null
        let name = ObjectName(namespace: set.namespace, name: revision)
        if let kept = try await context.client.find(.controllerRevisions, name),
            let earlier = kept[["data", "spec", "template"]]
        {
            template = earlier
            template["$patch"] = nil
        }
        var pod = PodTemplate.pod(template, owner: set)
        pod[["metadata", "generateName"]] = nil
        pod.name = "\(set.name)-\(number)"
        pod[["metadata", "labels", DaemonPods.hashLabel]] = .string(revision)
        pod[["metadata", "labels", Self.nameLabel]] = .string(pod.name)
        pod[["metadata", "labels", Self.indexLabel]] = .string(String(number))
        pod[["spec", "hostname"]] = .string(pod.name)
        let service = set.tree.text(at: "spec", "serviceName")
        if !service.isEmpty { pod[["spec", "subdomain"]] = .string(service) }
        return pod
    }
}
