import APIMachinery
import KubeAPI
import Synchronization

/// Deletes Pods from Nodes with a `NoExecute` taint that they do not tolerate, or no longer (pkg/controller/tainteviction).
final class TaintEviction: Controller {
    private struct NodeTaint: Sendable, Hashable {
        let taint: Taint
        let since: Timestamp
    }

    /// How long a Pod that says nothing of it stays on a Node that is not ready: what upstream's admission
    /// (`DefaultTolerationSeconds`) writes into every Pod.
    private static let defaultSeconds = 300
    private static let defaults: Set<String> = [Taint.notReady, Taint.unreachable]

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let queue: WorkQueue<ObjectName>
    /// The taints with an eviction, by node.
    private let taints = Mutex<[String: [NodeTaint]]>([:])
    /// The Pods whose time is running.
    private let waiting = Mutex<Set<ObjectName>>([])

    init(_ context: ControllerContext) {
        self.context = context
        recorder = context.recorder("taint-eviction-controller")
        queue = context.queue()
        context.feed.subscribe(.nodes) { [self] change in note(change) }
        context.pods.observe { [self] old, new in
            if new == nil, let old { waiting.withLock { _ = $0.remove(old.name) } }
            guard let new, !new.nodeName.isEmpty, old?.nodeName != new.nodeName || old?.tolerations != new.tolerations,
                taints.withLock({ $0[new.nodeName] != nil })
            else { return }
            queue.add(new.name)
        }
    }

    func run() async throws {
        try await context.runner("taint-eviction", queue) { (name) throws(Status) in
            try await self.reconcile(name)
        }.run()
    }

    private func note(_ change: ObjectFeed.Change) {
        let now = context.clock.now
        let list = change.isGone ? [] : change.object.tree.list(at: "spec", "taints")
        let isOther = taints.withLock { taints in
            let known = taints[change.name.name] ?? []
            let current = list.filter { $0.text(at: "effect") == "NoExecute" }.map { tree in
                let taint = Taint(tree)
                return NodeTaint(
                    taint: taint,
                    since: tree.time(at: "timeAdded") ?? known.first { $0.taint == taint }?.since ?? now)
            }
            taints[change.name.name] = current.isEmpty ? nil : current
            return known != current
        }
        guard isOther else { return }
        for pod in context.pods.pods(on: change.name.name) { queue.add(pod.name) }
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        guard let pod = context.pods[name], pod.deleted == nil else {
            _ = waiting.withLock { $0.remove(name) }
            return
        }
        let subject = ControllerEvent.Subject(.pods, name, uid: pod.uid)
        let taints = taints.withLock { $0[pod.nodeName] } ?? []
        guard let time = Self.deadline(of: pod, under: taints) else {
            if waiting.withLock({ $0.remove(name) }) != nil {
                recorder.record(
                    .normal, "TaintManagerEviction", "Cancelling deletion of Pod \(name)", about: subject)
            }
            return
        }
        let left = time - context.clock.now
        if left > .zero {
            waiting.withLock { _ = $0.insert(name) }
            queue.add(name, after: left)
            return
        }
        waiting.withLock { _ = $0.remove(name) }
        recorder.record(.normal, "TaintManagerEviction", "Marking for deletion Pod \(name)", about: subject)
        try await context.noteDisruption(
            of: pod, reason: "DeletionByTaintManager", message: "Taint manager: deleting due to NoExecute taint")
        try await context.delete(.pods, name, DeletionOptions(uid: pod.uid))
    }

    /// When the Pod has to go; nil where it may stay.
    private static func deadline(of pod: PodRecord, under taints: [NodeTaint]) -> Timestamp? {
        var earliest: Timestamp?
        for taint in taints {
            let matching = pod.tolerations.filter { $0.tolerates(taint.taint) }
            if matching.isEmpty, !defaults.contains(taint.taint.key) { return taint.since }
            let limits = matching.isEmpty ? [defaultSeconds] : matching.compactMap(\.seconds)
            guard let seconds = limits.min() else { continue }
            let time = taint.since + .seconds(max(0, seconds))
            earliest = min(time, earliest ?? time)
        }
        return earliest
    }
}

extension ControllerContext {
    /// Says of a Pod why it is about to go (condition `DisruptionTarget`, KEP-3329).
    func noteDisruption(
        of pod: PodRecord, reason: String, message: String, phase: String? = nil
    ) async throws(Status) {
        guard let tree = try await client.find(.pods, pod.name), tree.uid == pod.uid else { return }
        var conditions = StatusConditions(tree)
        conditions.set("DisruptionTarget", "True", reason: reason, message: message, now: clock.now)
        var written = tree
        written.setStatus("conditions", conditions.json)
        if let phase { written.setStatus("phase", .string(phase)) }
        try await writeStatus(written, was: tree, in: .pods)
    }
}
