import APIMachinery
import KubeAPI
import ServiceLifecycle
import Synchronization

/// Gives each Pod that has no node one: the nodes that do not do are left out, the best of the others is taken, and the
/// Pod is bound to it. The filters, scores and texts are those of upstream's default profile; there is no preemption.
final class Scheduler: Controller {
    /// `spec.schedulerName` of the Pods that it looks after.
    static let name = "default-scheduler"
    /// How many Pods are decided about before their bindings are written, all at once.
    private static let batchLimit = 64

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let queue: SchedulingQueue
    private let state = Mutex(ClusterState())
    private let defaultSelectors: @Sendable (SchedulingPod) -> [Selector]

    /// - Parameter defaultSelectors: what selects a Pod and its like: its controller's selector, its Services'.
    init(_ context: ControllerContext, defaultSelectors: @escaping @Sendable (SchedulingPod) -> [Selector]) {
        self.context = context
        self.defaultSelectors = defaultSelectors
        recorder = context.recorder(Self.name)
        queue = SchedulingQueue(clock: context.clock, activity: context.activity)
        context.feed.subscribe(.namespaces) { [self] change in
            let labels = change.isGone ? nil : change.object.labels
            let isOther = state.withLock { $0.set(namespace: change.name.name, labels: labels) }
            if isOther { queue.move(.others) }
        }
        context.feed.subscribe(.nodes) { [self] change in
            let helps = state.withLock { state in
                if !change.isGone { return state.set(node: change.object) }
                state.remove(node: change.name.name)
                return false
            }
            if helps { queue.move([.node, .room, .others]) }
        }
        context.feed.subscribe(.pods) { [self] change in note(change) }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while true {
                let pods = await self.queue.next(Self.batchLimit)
                if pods.isEmpty { return }
                await self.schedule(pods)
            }
        }
    }

    // MARK: - What changes

    private func note(_ change: ObjectFeed.Change) {
        let known = state.withLock { $0.placed(change.name) }
        if !change.isGone, let known, known.isCurrent(change.object) { return }
        let pod = SchedulingPod(change.object)
        if change.isGone || !pod.occupies {
            // A Pod that is just being bound is on its node here before it is in the store.
            if change.isGone || pod.isTerminal {
                let before = state.withLock { $0.remove(change.name) }
                if before != nil { queue.move([.room, .others]) }
                queue.remove(change.name)
            } else if pod.isTerminating || pod.isRunning {
                queue.remove(change.name)
            } else if pod.schedulerName == Self.name {
                queue.set(pod)
            }
            return
        }
        queue.remove(change.name)
        state.withLock { _ = $0.place(pod, on: pod.nodeName) }
        queue.move(.others)
    }

    // MARK: - Decisions

    private func schedule(_ pods: [SchedulingPod]) async {
        var bindings: [(pod: SchedulingPod, node: String)] = []
        var failures: [(pod: SchedulingPod, fit: FitFailure)] = []
        for pod in pods {
            let defaults =
                pod.spread.isEmpty
                ? SpreadConstraint.defaults(namespace: pod.name.namespace, selectors: defaultSelectors(pod)) : []
            let result = state.withLock { state in
                let result = state.choose(for: pod, defaults: defaults)
                if case .success(let node) = result { state.place(pod, on: node) }
                return result
            }
            switch result {
            case .success(let node): bindings.append((pod, node))
            case .failure(let failure): failures.append((pod, failure.fit))
            }
        }
        await withTaskGroup { group in
            for (pod, node) in bindings { group.addTask { await self.bind(pod, to: node) } }
            for (pod, fit) in failures { group.addTask { await self.reject(pod, fit) } }
        }
    }

    private func bind(_ pod: SchedulingPod, to node: String) async {
        do throws(Status) {
            try await context.client.bind(pod.name, uid: pod.uid, to: node)
            recorder.record(
                .normal, "Scheduled", "Successfully assigned \(pod.name) to \(node)", about: subject(pod),
                action: "Binding")
            queue.finish(pod.name)
        } catch {
            state.withLock { state in
                // Unless it is there in truth.
                if state.placed(pod.name)?.nodeName.isEmpty == true { state.remove(pod.name) }
            }
            queue.move([.room, .others])
            if error.code == 404 {
                queue.finish(pod.name)
            } else {
                await tell(pod, reason: "SchedulerError", error.message)
                queue.park(pod.name, nil)
            }
        }
    }

    private func reject(_ pod: SchedulingPod, _ fit: FitFailure) async {
        await tell(pod, reason: "Unschedulable", fit.message(neverPreempts: pod.neverPreempts))
        // Without any node it waits for one.
        queue.park(pod.name, fit.nodes == 0 ? .node : fit.causes)
    }

    private func tell(_ pod: SchedulingPod, reason: String, _ message: String) async {
        recorder.record(.warning, "FailedScheduling", message, about: subject(pod), action: "Scheduling")
        do throws(Status) {
            guard let current = try await context.client.find(.pods, pod.name), current.uid == pod.uid,
                current.tree.text(at: "spec", "nodeName").isEmpty
            else { return }
            var conditions = StatusConditions(current)
            let known = conditions["PodScheduled"]
            if known?.text(at: "status") == "False", known?.text(at: "reason") == reason,
                known?.text(at: "message") == message
            {
                return
            }
            let now = JSONValue.string(context.clock.now.wholeSeconds.text)
            let since = known?.text(at: "status") == "False" ? known?["lastTransitionTime"] : nil
            conditions.put([
                "type": "PodScheduled", "status": "False", "reason": .string(reason), "message": .string(message),
                "lastProbeTime": .null, "lastTransitionTime": since ?? now,
            ])
            var written = current
            written.setStatus("conditions", conditions.json)
            try await context.writeStatus(written, was: current, in: .pods)
        } catch {
            context.logger.debug("\(error.message)", metadata: ["pod": "\(pod.name)"])
        }
    }

    private func subject(_ pod: SchedulingPod) -> ControllerEvent.Subject {
        ControllerEvent.Subject(.pods, pod.name, uid: pod.uid)
    }
}
