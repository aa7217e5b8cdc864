import APIMachinery
import KubeAPI
import Synchronization

/// Deletes Pods that nobody will end: those on a Node that is gone, and those that were deleted before they had a node
/// (pkg/controller/podgc).
///
/// A Pod on a Node that nobody has ever declared stays: Pods of manifests may name such.
final class PodCollector: Controller {
    /// How long a Node may be away before its Pods go (upstream's `quarantineTime`).
    private static let quarantineSeconds = 40

    private let context: ControllerContext
    private let queue: WorkQueue<ObjectName>
    /// The Nodes that are gone, with the time.
    private let lost = Mutex<[String: Timestamp]>([:])

    init(_ context: ControllerContext) {
        self.context = context
        queue = context.queue()
        context.feed.subscribe(.nodes) { [self] change in
            let name = change.name.name
            lost.withLock { $0[name] = change.isGone ? context.clock.now : nil }
            guard change.isGone else { return }
            for pod in context.pods.pods(on: name) {
                queue.add(pod.name, after: .seconds(Self.quarantineSeconds))
            }
        }
        context.pods.observe { [self] old, new in
            guard let new else { return }
            if new.nodeName.isEmpty, new.deleted != nil {
                queue.add(new.name)
            } else if old?.nodeName != new.nodeName, lost.withLock({ $0[new.nodeName] != nil }) {
                queue.add(new.name, after: .seconds(Self.quarantineSeconds))
            }
        }
    }

    func run() async throws {
        try await context.runner("pod-garbage", queue) { (name) throws(Status) in
            try await self.reconcile(name)
        }.run()
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        guard let pod = context.pods[name] else { return }
        if pod.nodeName.isEmpty {
            if pod.deleted == nil { return }
            // A Job that counts what has failed waits for that.
            if pod.isTracked, !pod.isTerminal { try await fail(pod) }
        } else {
            guard let since = lost.withLock({ $0[pod.nodeName] }) else { return }
            let left = since + .seconds(Self.quarantineSeconds) - context.clock.now
            if left > .zero {
                queue.add(name, after: left)
                return
            }
            try await context.noteDisruption(
                of: pod, reason: "DeletionByPodGC", message: "PodGC: node no longer exists",
                phase: pod.isTerminal ? nil : "Failed")
        }
        try await context.delete(.pods, name, DeletionOptions(gracePeriodSeconds: 0, uid: pod.uid))
    }

    private func fail(_ pod: PodRecord) async throws(Status) {
        guard let tree = try await context.client.find(.pods, pod.name), tree.uid == pod.uid else { return }
        var written = tree
        written.setStatus("phase", "Failed")
        try await context.writeStatus(written, was: tree, in: .pods)
    }
}
