import APIMachinery
import KubeAPI
import Synchronization

/// Notices Nodes that no kubelet speaks for any more, taints Nodes by their conditions, and says of their Pods that they
/// are not ready (pkg/controller/nodelifecycle).
///
/// Only a Node that has a Lease in `kube-node-lease`, or whose `Ready` condition has been renewed, is expected to go on
/// with that: a Node that a manifest declares, and no kubelet runs, is taken at its word.
final class NodeHealth: Controller {
    private static let leaseNamespace = "kube-node-lease"
    private static let silence = "Kubelet stopped posting node status."
    /// The conditions that nobody knows any more then.
    private static let types = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"]
    /// Taints without eviction, by the condition and its status.
    private static let pressureTaints = [
        ("MemoryPressure", "True", "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", "True", "node.kubernetes.io/disk-pressure"),
        ("PIDPressure", "True", "node.kubernetes.io/pid-pressure"),
        ("NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"),
    ]

    private struct Life {
        /// What the last sign of life says of its time: an object that changes for another reason is none.
        var lease = ""
        var heartbeat = ""
        var seen: Timestamp
        /// Whether anybody has ever spoken for the Node.
        var isExpected = false
    }

    private let context: ControllerContext
    private let recorder: EventRecorder
    private let graceSeconds: Int
    private let queue: WorkQueue<String>
    private let lives = Mutex<[String: Life]>([:])
    private let known = Mutex<Set<String>>([])

    /// - Parameter graceSeconds: how long a Node may be silent (`--node-monitor-grace-period`).
    init(_ context: ControllerContext, graceSeconds: Int) {
        self.context = context
        self.graceSeconds = graceSeconds
        recorder = context.recorder("node-controller")
        queue = context.queue()
        context.feed.subscribe(.leases) { [self] change in
            guard change.name.namespace == Self.leaseNamespace, !change.isGone else { return }
            note(change.name.name, lease: change.object.tree.text(at: "spec", "renewTime"))
        }
        context.feed.subscribe(.nodes) { [self] change in
            let name = change.name.name
            tell(change)
            if change.isGone {
                lives.withLock { $0[name] = nil }
            } else {
                let ready = change.object.tree.list(at: "status", "conditions")
                    .first { $0.text(at: "type") == "Ready" && $0.text(at: "reason") != "NodeStatusUnknown" }
                note(name, heartbeat: ready?.text(at: "lastHeartbeatTime") ?? "")
            }
            queue.add(name)
        }
    }

    func run() async throws {
        try await context.runner("node-lifecycle", queue) { (name) throws(Status) in
            try await self.reconcile(name)
        }.run()
    }

    /// Nodes that are new to this process, and those that are gone.
    private func tell(_ change: ObjectFeed.Change) {
        let name = change.name.name
        if change.isGone {
            known.withLock { _ = $0.remove(name) }
            recorder.normal(
                "RemovingNode", "Node \(name) event: Removing Node \(name) from Controller", about: change.object)
        } else if known.withLock({ $0.insert(name).inserted }) {
            recorder.normal(
                "RegisteredNode", "Node \(name) event: Registered Node \(name) in Controller", about: change.object)
        }
    }

    private func note(_ name: String, lease: String = "", heartbeat: String = "") {
        if lease.isEmpty, heartbeat.isEmpty { return }
        let now = context.clock.now
        let isFirst = lives.withLock { lives in
            var life = lives[name] ?? Life(seen: now)
            let before = life
            if !lease.isEmpty, lease != life.lease { (life.lease, life.seen, life.isExpected) = (lease, now, true) }
            if !heartbeat.isEmpty, heartbeat != life.heartbeat {
                life.isExpected = life.isExpected || !life.heartbeat.isEmpty
                (life.heartbeat, life.seen) = (heartbeat, now)
            }
            lives[name] = life
            return life.isExpected && !before.isExpected
        }
        if isFirst { queue.add(name, after: .seconds(graceSeconds)) }
    }

    private func reconcile(_ name: String) async throws(Status) {
        guard var node = context.nodes[ObjectName(namespace: "", name: name)] else { return }
        if let life = lives.withLock({ $0[name] }), life.isExpected {
            let left = life.seen + .seconds(graceSeconds) - context.clock.now
            if left > .zero {
                queue.add(name, after: left)
            } else {
                node = try await declareUnknown(node)
            }
        }
        node = try await taint(node)
        let ready = StatusConditions(node)["Ready"]?.text(at: "status")
        if let ready, ready != "True" { try await markPods(of: node) }
    }

    private func declareUnknown(_ node: Unstructured) async throws(Status) -> Unstructured {
        var conditions = StatusConditions(node)
        let wasReady = conditions["Ready"]?.text(at: "status") == "True"
        let now = context.clock.now
        for type in Self.types {
            let old = conditions[type]
            if old?.text(at: "status") == "Unknown" { continue }
            var condition: JSONValue = [
                "type": .string(type), "status": "Unknown",
                "reason": old == nil ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
                "message": .string(old == nil ? "Kubelet never posted node status." : Self.silence),
                "lastTransitionTime": .string(now.wholeSeconds.text),
            ]
            condition["lastHeartbeatTime"] = old?["lastHeartbeatTime"] ?? node[["metadata", "creationTimestamp"]]
            conditions.put(condition)
        }
        var written = node
        written.setStatus("conditions", conditions.json)
        let result = try await context.writeStatus(written, was: node, in: .nodes)
        if wasReady {
            recorder.normal("NodeNotReady", "Node \(node.name) status is now: NodeNotReady", about: node)
        }
        return result
    }

    /// The taints that this controller gives, as the Node's conditions want them.
    private func taint(_ node: Unstructured) async throws(Status) -> Unstructured {
        let conditions = StatusConditions(node)
        var wanted: Set<Taint> = []
        switch conditions["Ready"]?.text(at: "status") {
        case "False":
            for effect in ["NoSchedule", "NoExecute"] { wanted.insert(Taint(key: Taint.notReady, effect: effect)) }
        case "Unknown":
            for effect in ["NoSchedule", "NoExecute"] { wanted.insert(Taint(key: Taint.unreachable, effect: effect)) }
        default: break
        }
        for (type, status, key) in Self.pressureTaints where conditions[type]?.text(at: "status") == status {
            wanted.insert(Taint(key: key, effect: "NoSchedule"))
        }
        if node.tree.flag(at: "spec", "unschedulable") {
            wanted.insert(Taint(key: Taint.unschedulable, effect: "NoSchedule"))
        }
        let own = Set([Taint.notReady, Taint.unreachable, Taint.unschedulable] + Self.pressureTaints.map(\.2))
        var taints = node.tree.list(at: "spec", "taints").filter { tree in
            let taint = Taint(tree)
            return !own.contains(taint.key) || taint.effect == "PreferNoSchedule" || wanted.remove(taint) != nil
        }
        for taint in wanted.sorted(by: { ($0.key, $0.effect) < ($1.key, $1.effect) }) {
            taints.append([
                "key": .string(taint.key), "effect": .string(taint.effect),
                "timeAdded": .string(context.clock.now.wholeSeconds.text),
            ])
        }
        var written = node
        written[["spec", "taints"]] = taints.isEmpty ? nil : .array(taints)
        if written == node { return node }
        return try await context.client.update(written, in: .nodes, subresource: nil)
    }

    /// The Pods of a Node that is not ready are not ready either.
    private func markPods(of node: Unstructured) async throws(Status) {
        for pod in context.pods.pods(on: node.name) where pod.isReady {
            guard let tree = try await context.client.find(.pods, pod.name), tree.uid == pod.uid else { continue }
            var conditions = StatusConditions(tree)
            guard var ready = conditions["Ready"], ready.text(at: "status") == "True" else { continue }
            ready["status"] = "False"
            ready["lastTransitionTime"] = .string(context.clock.now.wholeSeconds.text)
            conditions.put(ready)
            var written = tree
            written.setStatus("conditions", conditions.json)
            try await context.writeStatus(written, was: tree, in: .pods)
            recorder.warning("NodeNotReady", "Node is not ready", about: tree)
        }
    }
}
