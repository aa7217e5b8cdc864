import APIMachinery
import KubeAPI
import Synchronization

/// Keeps one Pod of each DaemonSet on every node that it is for (pkg/controller/daemon). A template that changes replaces
/// them a few at a time; a surge is not made.
final class DaemonSetController: Controller {
    /// What of a Node decides whether a Pod is to run there.
    private struct NodeSite: Equatable {
        let labels: [String: String]
        let taints: JSONValue?
    }

    private let context: ControllerContext
    private let sites = Mutex<[String: NodeSite]>([:])
    private let sets: ObjectCache<Unstructured>
    private let queue: WorkQueue<ObjectName>
    private let control: PodControl
    private let backoff = Mutex(FailureBackoff())

    init(_ context: ControllerContext) {
        self.context = context
        let sets = ObjectCache(context.feed, .daemonSets)
        self.sets = sets
        let queue = context.queue(of: ObjectName.self)
        self.queue = queue
        control = PodControl(client: context.client, recorder: context.recorder("daemonset-controller"))
        context.feed.subscribe(.daemonSets) { queue.add($0.name) }
        context.feed.subscribe(.nodes) { [self] change in
            // Heartbeats are nothing to look at.
            let site =
                change.isGone
                ? nil : NodeSite(labels: change.object.labels, taints: change.object.tree[["spec", "taints"]])
            let isOther = sites.withLock { sites in
                defer { sites[change.name.name] = site }
                return sites[change.name.name] != site
            }
            if isOther { for set in sets.values { queue.add(set.objectName) } }
        }
        context.pods.observe { old, new in
            for pod in [old, new] {
                guard let pod else { continue }
                if let name = pod.owner?.name(of: .daemonSets, in: pod.name.namespace) { queue.add(name) }
                if pod.owner == nil, pod.isActive {
                    for set in sets.values(in: pod.name.namespace)
                    where Selector(set.tree[["spec", "selector"]]).matches(pod.labels) { queue.add(set.objectName) }
                }
            }
        }
    }

    func run() async throws {
        try await context.runner("daemonset", queue) { (name) throws(Status) in try await self.reconcile(name) }.run()
    }

    /// The nodes where a Pod that has failed is not replaced yet.
    private func hold(_ failed: [PodRecord], of set: Unstructured, _ revision: String) -> Set<String> {
        let now = context.clock.now
        var held: Set<String> = []
        for pod in failed {
            let key = "\(set.uid)/\(revision)/\(pod.nodeName)"
            if let left = backoff.withLock({ $0.wait(key, now: now) }) {
                held.insert(pod.nodeName)
                queue.add(set.objectName, after: left)
            }
        }
        return held
    }

    private func tell(of ended: [PodRecord], _ set: Unstructured) {
        for pod in ended {
            let place = "daemon pod \(pod.name) on node \(pod.nodeName)"
            if pod.phase == "Failed" {
                control.recorder.warning(
                    "FailedDaemonPod", "Found failed \(place), will try to kill it", about: set)
            } else {
                control.recorder.normal(
                    "SucceededDaemonPod", "Found succeeded \(place), will try to delete it", about: set)
            }
        }
    }

    private func reconcile(_ name: ObjectName) async throws(Status) {
        guard let set = sets[name], set.deletionTimestamp == nil else { return }
        let selector = Selector(set.tree[["spec", "selector"]])
        let claim = PodClaim(client: context.client, pods: context.pods)
        let pods = try await claim.claim(for: set, selector: selector)
        let revision = try await ControllerRevisions(context: context).current(of: set)
        let held = hold(pods.filter { $0.phase == "Failed" && $0.deleted == nil }, of: set, revision)
        let plan = DaemonSetPlan(
            set, hash: revision, nodes: context.nodes.values, pods: pods, held: held, now: context.clock.now)
        tell(of: plan.ended, set)
        try await control.delete(plan.deletions, owner: set)
        for (index, node) in plan.creations.enumerated() {
            let pod = DaemonPods.pod(of: set, on: node, hash: revision)
            if let failure = await control.create(pod, owner: set) {
                if index == 0 || !failure.isAboutEndingNamespace { throw failure }
                return
            }
        }
        let after = context.pods.pods(ownedBy: set.uid).filter { selector.matches($0.labels) }
        let now = DaemonSetPlan(set, hash: revision, nodes: context.nodes.values, pods: after, now: context.clock.now)
        var written = set
        var status = now.status
        status["conditions"] = set[["status", "conditions"]]
        written["status"] = status
        try await context.writeStatus(written, was: set, in: .daemonSets)
        let minReady = set.tree.int(at: "spec", "minReadySeconds") ?? 0
        if let delay = AvailabilityCheck.next(after, minReadySeconds: minReady, now: context.clock.now) {
            queue.add(name, after: delay)
        }
    }
}

/// How long what has failed again waits: a second, and twice as long each time (`failedPodsBackoff`).
struct FailureBackoff: Sendable {
    private struct Entry {
        var seconds: Int
        var since: Timestamp
    }

    private static let longestSeconds = 900

    private var entries: [String: Entry] = [:]

    /// Notes a failure.
    ///
    /// - Returns: how long it has to wait; nil where it need not, and the next one has to wait longer.
    mutating func wait(_ key: String, now: Timestamp) -> Duration? {
        entries = entries.filter { now - $0.value.since < .seconds(2 * Self.longestSeconds) }
        guard let entry = entries[key] else {
            entries[key] = Entry(seconds: 1, since: now)
            return nil
        }
        let left = entry.since + .seconds(entry.seconds) - now
        if left > .zero { return left }
        entries[key] = Entry(seconds: min(Self.longestSeconds, 2 * entry.seconds), since: now)
        return nil
    }
}
