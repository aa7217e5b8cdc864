import APIMachinery
import KubeAPI

/// What the scheduler keeps of a Node, with what its Pods take of it.
struct SchedulingNode: Sendable {
    let name: String
    private(set) var labels: [String: String] = [:]
    private(set) var taints: [Taint] = []
    private(set) var isUnschedulable = false
    private(set) var allocatable = ResourceAmounts()
    private(set) var allowedPods = 0
    /// Whether it says what it has. A Node that a manifest declares without that has enough; a kubelet always says it.
    private(set) var isMeasured = true
    /// The size in bytes of each image that is there, by each of its names.
    private(set) var images: [String: Int] = [:]
    /// False while only Pods name the node.
    private(set) var isDeclared = false

    private(set) var requested = ResourceAmounts()
    private(set) var scored = ResourceAmounts()
    private(set) var ports: [HostPort: Int] = [:]
    private(set) var pods: [ObjectName: SchedulingPod] = [:]

    init(name: String) { self.name = name }

    /// Takes over what a Node says.
    ///
    /// - Returns: whether a Pod might fit now that did not before.
    mutating func update(_ node: Unstructured) -> Bool {
        let before = self
        labels = node.labels
        taints = node.tree.list(at: "spec", "taints").map { Taint($0) }
        isUnschedulable = node.tree.flag(at: "spec", "unschedulable")
        allocatable = ResourceAmounts(node.tree[["status", "allocatable"]])
        allowedPods = Quantity.count(node.tree[["status", "allocatable", "pods"]]) ?? 0
        isMeasured = node.tree[["status", "allocatable"]]?.object?.isEmpty == false
        isDeclared = true
        images = [:]
        for image in node.tree.list(at: "status", "images") {
            for name in image.texts(at: "names") { images[name] = image.int(at: "sizeBytes") ?? 0 }
        }
        return !before.isDeclared || labels != before.labels || taints != before.taints
            || isUnschedulable != before.isUnschedulable || allocatable != before.allocatable
            || allowedPods != before.allowedPods || isMeasured != before.isMeasured
    }

    /// The Node is gone; its Pods may still be there.
    mutating func withdraw() { isDeclared = false }

    mutating func add(_ pod: SchedulingPod) {
        pods[pod.name] = pod
        requested += pod.requests
        scored += pod.scoredRequests
        for port in pod.hostPorts { ports[port, default: 0] += 1 }
    }

    mutating func remove(_ name: ObjectName) -> SchedulingPod? {
        guard let pod = pods.removeValue(forKey: name) else { return nil }
        requested -= pod.requests
        scored -= pod.scoredRequests
        for port in pod.hostPorts {
            ports[port, default: 0] -= 1
            if ports[port] == 0 { ports[port] = nil }
        }
        return pod
    }
}
