import APIMachinery
import KubeAPI
import Synchronization

/// Runs the Pods of each Job until enough of them have succeeded, or too many have failed (pkg/controller/job).
final class JobController: Controller {
    static let tracking = "batch.kubernetes.io/job-tracking"
    /// `spec.managedBy` of the Jobs that it looks after, where they name somebody.
    private static let name = "kubernetes.io/job-controller"

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let jobs: ObjectCache<Unstructured>
    private let queue: WorkQueue<ObjectName>
    private let control: PodControl
    private let backoffs = Mutex<[String: JobBackoff]>([:])

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
            if change.isGone { backoffs.withLock { $0[change.object.uid] = nil } }
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
        // Pods of a Job of this name that is gone: nobody counts them any more (`syncOrphanPod`).
        try await release(context.pods.tracked(byJob: name).filter { $0.owner?.uid != found?.uid })
        guard let job = found, [nil, Self.name].contains(job[["spec", "managedBy"]]?.string) else { return }
        let pods = context.pods.pods(ownedBy: job.uid)
        let turn = turn(job, pods)
        if turn.isFinished || job.deletionTimestamp != nil {
            backoffs.withLock { $0[job.uid] = nil }
            try await release(pods)
            if turn.isFinished, job.deletionTimestamp == nil { try await deleteInTime(job) }
            return
        }
        try await work(turn)
    }

    private func turn(_ job: Unstructured, _ pods: [PodRecord]) -> JobTurn {
        let backoff = backoffs.withLock { $0[job.uid] } ?? JobBackoff()
        return JobTurn(job, pods: pods, backoff: backoff, now: context.clock.now)
    }

    /// Does what is to be done, then says how it stands after that.
    private func work(_ first: JobTurn) async throws(Status) {
        var plan = first
        let job = plan.job
        let actions = plan.decide()
        var failure: Status?
        do throws(Status) {
            if actions.forgetsDeleted { try await release(actions.deletions) }
            try await control.delete(actions.deletions, owner: job)
            let template = JobTemplate(plan)
            try await control.create(actions.creations.map { template.pod($0) }, owner: job)
        } catch {
            failure = error
        }
        var turn = turn(job, context.pods.pods(ownedBy: job.uid))
        turn.decide(after: plan.end)
        turn.note()
        var written = job
        written["status"] = turn.status
        try await context.writeStatus(written, was: job, in: .jobs)
        let backoff = turn.backoff
        backoffs.withLock { $0[job.uid] = backoff }
        for event in turn.events { recorder.record(event.kind, event.reason, event.message, about: .init(job)) }
        try await release(turn.released)
        if let delay = turn.nextCheck { queue.add(job.objectName, after: delay) }
        if let failure, !failure.isAboutEndingNamespace { throw failure }
    }

    /// Pods that are counted need not wait for that any more.
    private func release(_ pods: [PodRecord]) async throws(Status) {
        let failure = await PodControl.inParallel(pods.count) { index in
            do throws(Status) {
                try await self.release(pods[index])
                return nil
            } catch {
                return error.code == 404 ? nil : error
            }
        }
        if let failure { throw failure }
    }

    private func release(_ pod: PodRecord) async throws(Status) {
        guard pod.isTracked, var tree = try await context.client.find(.pods, pod.name), tree.uid == pod.uid else {
            return
        }
        tree.finalizers = tree.finalizers.filter { $0 != Self.tracking }
        _ = try await context.client.update(tree, in: .pods, subresource: nil)
    }

    /// A finished Job goes when its time is over (pkg/controller/ttlafterfinished).
    private func deleteInTime(_ job: Unstructured) async throws(Status) {
        guard let seconds = job.tree.int(at: "spec", "ttlSecondsAfterFinished") else { return }
        let conditions = StatusConditions(job)
        guard let end = job.jobEnd.flatMap({ conditions[$0] })?.time(at: "lastTransitionTime") else { return }
        let left = end + .seconds(seconds) - context.clock.now
        if left > .zero {
            queue.add(job.objectName, after: left)
        } else {
            try await context.delete(
                .jobs, job.objectName, DeletionOptions(propagation: .foreground, uid: job.uid))
        }
    }
}
