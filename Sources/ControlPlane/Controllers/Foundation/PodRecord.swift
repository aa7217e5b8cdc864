import KubeAPI
import Net

/// What controllers keep of a Pod: a few hundred bytes in place of its tree.
final class PodRecord: Sendable {
    struct Port: Sendable, Hashable {
        let name: String
        let transport: String
        let number: Int
    }

    let name: ObjectName
    let uid: String
    let labels: [String: String]
    let owner: ControllerOwner?
    let nodeName: String
    /// The node that it is on, or the only one that it may be on.
    let targetNode: String
    let phase: String
    let created: Timestamp?
    /// Nil while nobody has deleted it.
    let deleted: Timestamp?
    let isReady: Bool
    /// When it became ready; nil where it is not, or nobody says since when.
    let readySince: Timestamp?
    let addresses: [IPAddress]
    let hostname: String
    let subdomain: String
    /// The ports with a name: of containers, then of init containers that stay (KEP-753).
    let namedPorts: [Port]
    /// The most restarts of a container, and of an init container that stays.
    let restarts: (containers: Int, sidecars: Int)
    /// `controller.kubernetes.io/pod-deletion-cost`.
    let deletionCost: Int
    let tolerations: [Toleration]
    /// Waits to be counted by its Job.
    let isTracked: Bool
    /// What its Job asks; nil for the Pod of another kind.
    let job: JobPod?

    init(_ pod: Unstructured) {
        let (tree, metadata) = (pod.tree, pod.tree["metadata"] ?? .null)
        name = pod.objectName
        uid = pod.uid
        labels = pod.labels
        owner = pod.controllerOwner
        nodeName = tree.text(at: "spec", "nodeName")
        targetNode = DaemonPods.node(of: pod) ?? ""
        phase = tree.text(at: "status", "phase")
        created = pod.creationTimestamp
        deleted = pod.deletionTimestamp
        let ready = tree.list(at: "status", "conditions").first { $0.text(at: "type") == "Ready" }
        isReady = ready?.text(at: "status") == "True"
        readySince = isReady ? ready?.time(at: "lastTransitionTime") : nil
        let texts = tree.list(at: "status", "podIPs").map { $0.text(at: "ip") }
        addresses = (texts.isEmpty ? [tree.text(at: "status", "podIP")] : texts).compactMap { IPAddress(parsing: $0) }
        hostname = tree.text(at: "spec", "hostname")
        subdomain = tree.text(at: "spec", "subdomain")
        let sidecars = tree.list(at: "spec", "initContainers").filter { $0.text(at: "restartPolicy") == "Always" }
        namedPorts = (tree.list(at: "spec", "containers") + sidecars).flatMap { $0.list(at: "ports") }.compactMap {
            let name = $0.text(at: "name")
            guard !name.isEmpty, let number = $0.int(at: "containerPort") else { return nil }
            let transport = $0.text(at: "protocol")
            return Port(name: name, transport: transport.isEmpty ? "TCP" : transport, number: number)
        }
        let names = Set(sidecars.map { $0.text(at: "name") })
        restarts = (
            Self.mostRestarts(tree.list(at: "status", "containerStatuses")),
            Self.mostRestarts(
                tree.list(at: "status", "initContainerStatuses").filter { names.contains($0.text(at: "name")) })
        )
        deletionCost =
            Int32(metadata.text(at: "annotations", "controller.kubernetes.io/pod-deletion-cost")).map { Int($0) } ?? 0
        tolerations = tree.list(at: "spec", "tolerations").map { Toleration($0) }
        isTracked = pod.finalizers.contains(JobController.tracking)
        job = owner?.kind == Resource.jobs.kind ? JobPod(pod) : nil
    }

    private static func mostRestarts(_ statuses: [JSONValue]) -> Int {
        statuses.reduce(0) { max($0, $1.int(at: "restartCount") ?? 0) }
    }

    /// Has not come to its end.
    var isTerminal: Bool { phase == "Succeeded" || phase == "Failed" }

    /// Counts as a replica of its controller (upstream's `IsPodActive`).
    var isActive: Bool { !isTerminal && deleted == nil }

    /// Has been deleted and still runs (upstream's `IsPodTerminating`).
    var isTerminating: Bool { !isTerminal && deleted != nil }

    /// Ready for so long that it counts as available.
    func isAvailable(minReadySeconds: Int, now: Timestamp) -> Bool {
        guard isReady else { return false }
        guard minReadySeconds > 0 else { return true }
        guard let readySince else { return false }
        return readySince + .seconds(minReadySeconds) <= now
    }
}
