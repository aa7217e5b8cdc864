import APIMachinery
import KubeAPI
import Synchronization

/// Runs the Pods of each Job until enough of them have succeeded, or too many have failed (pkg/controller/job). Pods carry
/// a finalizer until they are counted, so that each counts once. `completionMode: Indexed` is not supported.
final class JobController: Controller {
    static let tracking = "batch.kubernetes.io/job-tracking"
    /// How long a Job waits after a failure, twice as long after each further one.
    private static let firstPauseSeconds = 10
    private static let longestPauseSeconds = 600

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let jobs: ObjectCache<Unstructured>
    private let queue: WorkQueue<ObjectName>
    private let control: PodControl
    /// When a Pod of a Job was last seen to have failed.
    private let lastFailures = Mutex<[String: Timestamp]>([:])

    init(_ context: ControllerContext) {
        self.context = context
        let jobs = ObjectCache(context.feed, .jobs)
        self.jobs = jobs
        let queue = context.queue(of: ObjectName.self)
        self.queue = queue
        let recorder = context.recorder("job-controller")
        self.recorder = recorder
        control = PodControl(client: context.client, recorder: recorder)
        context.feed.subscribe(.jobs) { [self] change in
            if change.isGone { lastFailures.withLock { $0[change.object.uid] = nil } }
            queue.add(change.name)
        }
        context.pods.observe { old, new in
            guard let pod = new ?? old, let name = pod.owner?.name(of: .jobs, in: pod.name.namespace) else { return }
            queue.add(name)
        }
    }

    func run() async throws {
        try await context.runner("job", queue) { (name) throws(Status) in try await self.reconcile(name) }.run()
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        let found = jobs[name]
        try await release(uncounted(of: name, unless: found?.uid))
        guard let job = found else { return }
        let pods = context.pods.pods(ownedBy: job.uid)
        if job.deletionTimestamp != nil {
            try await release(pods)
            return
        }
        var progress = JobProgress(job, pods: pods, now: context.clock.now)
        if progress.isFinished {
            try await release(pods)
            try await deleteInTime(job)
            return
        }
        if job.tree.text(at: "spec", "completionMode") == "Indexed" {
            recorder.warning("NotSupported", "completionMode Indexed is not supported", about: job)
            return
        }
        if progress.newFailures > 0 { lastFailures.withLock { $0[job.uid] = context.clock.now } }
        progress.decide()
        var written = job
        written["status"] = progress.status
        let stored = try await context.writeStatus(written, was: job, in: .jobs)
        for (kind, reason, message) in progress.events {
            recorder.record(kind, reason, message, about: .init(job))
        }
        try await release(pods.filter(\.isTerminal))
        try await control.delete(progress.deletions, owner: job)
        try await create(progress.creations, stored, failures: progress.failed)
        if let delay = progress.nextCheck { queue.add(name, after: delay) }
    }

    private func create(_ count: Int, _ job: Unstructured, failures: Int) async throws(Status) {
        guard count > 0 else { return }
        if failures > 0, let last = lastFailures.withLock({ $0[job.uid] }) {
            let pause = min(Self.longestPauseSeconds, Self.firstPauseSeconds << min(failures - 1, 8))
            let left = last + .seconds(pause) - context.clock.now
            if left > .zero {
                queue.add(job.objectName, after: left)
                return
            }
        }
        var template = job.tree[["spec", "template"]] ?? .null
        template[["metadata", "finalizers"]] = .array(
            template.list(at: "metadata", "finalizers") + [.string(Self.tracking)])
        try await control.create(min(count, PodControl.burstLimit), from: template, owner: job)
    }

    /// The Pods of a Job of this name that is gone: nobody counts them any more (`syncOrphanPod`).
    private func uncounted(of name: ObjectName, unless uid: String?) -> [PodRecord] {
        context.pods.pods(in: name.namespace).filter { pod in
            guard pod.isTracked, let owner = pod.owner, owner.uid != uid else { return false }
            return owner.name(of: .jobs, in: name.namespace) == name
        }
    }

    /// Pods that are counted need not wait for that any more.
    private func release(_ pods: [PodRecord]) async throws(Status) {
        for pod in pods where pod.isTracked {
            guard var tree = try await context.client.find(.pods, pod.name), tree.uid == pod.uid else { continue }
            tree.finalizers = tree.finalizers.filter { $0 != Self.tracking }
            _ = try await context.client.update(tree, in: .pods, subresource: nil)
        }
    }

    /// A finished Job goes when its time is over (pkg/controller/ttlafterfinished).
    private func deleteInTime(_ job: Unstructured) async throws(Status) {
        guard let seconds = job.tree.int(at: "spec", "ttlSecondsAfterFinished") else { return }
        let conditions = StatusConditions(job)
        guard let end = (conditions["Complete"] ?? conditions["Failed"])?.time(at: "lastTransitionTime") else { return }
        let left = end + .seconds(seconds) - context.clock.now
        if left > .zero {
            queue.add(job.objectName, after: left)
        } else {
            try await context.delete(
                .jobs, job.objectName, DeletionOptions(propagation: .background, uid: job.uid))
        }
    }
}
