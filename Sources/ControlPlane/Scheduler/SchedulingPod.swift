import KubeAPI

/// What the scheduler keeps of a Pod.
final class SchedulingPod: Sendable {
    let name: ObjectName
    let uid: String
    let labels: [String: String]
    let owner: ControllerOwner?
    let nodeName: String
    let schedulerName: String
    let priority: Int
    let neverPreempts: Bool
    let isTerminating: Bool
    let isTerminal: Bool
    /// Runs, though on no node that is named: a Pod that a manifest describes. It is not the scheduler's.
    let isRunning: Bool
    /// `spec.schedulingGates`: it waits until they are gone.
    let isGated: Bool
    let requests: ResourceAmounts
    /// What it counts as in scores: a little for containers that ask for nothing.
    let scoredRequests: ResourceAmounts
    let hostPorts: [HostPort]
    let requirement: NodeRequirement
    let preferredNodes: [(term: NodeTerm, weight: Int)]
    let tolerations: [Toleration]
    let affinity: [AffinityTerm]
    let antiAffinity: [AffinityTerm]
    let preferences: [WeightedTerm]
    let spread: [SpreadConstraint]
    /// Of each container, as a node names it.
    let images: [String]

    init(_ pod: Unstructured) {
        let (tree, namespace) = (pod.tree, pod.namespace)
        name = pod.objectName
        uid = pod.uid
        labels = pod.labels
        owner = pod.controllerOwner
        nodeName = tree.text(at: "spec", "nodeName")
        schedulerName = tree.text(at: "spec", "schedulerName")
        priority = tree.int(at: "spec", "priority") ?? 0
        neverPreempts = tree.text(at: "spec", "preemptionPolicy") == "Never"
        isTerminating = pod.deletionTimestamp != nil
        let phase = tree.text(at: "status", "phase")
        isRunning = phase == "Running"
        isTerminal = phase == "Succeeded" || phase == "Failed"
        isGated = !tree.list(at: "spec", "schedulingGates").isEmpty
        requests = PodRequests.of(tree, withLeast: false)
        scoredRequests = PodRequests.of(tree, withLeast: true)
        hostPorts = HostPort.all(of: tree)
        requirement = NodeRequirement(tree)
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        preferredNodes = tree.list(at: "spec", "affinity", "nodeAffinity", preferred).map {
            (NodeTerm($0["preference"] ?? .null), $0.int(at: "weight") ?? 0)
        }
        tolerations = tree.list(at: "spec", "tolerations").map { Toleration($0) }
        func terms(_ kind: String) -> [AffinityTerm] {
            tree.list(at: "spec", "affinity", kind, required).map { AffinityTerm($0, namespace: namespace) }
        }
        func weighted(_ kind: String, sign: Int) -> [WeightedTerm] {
            tree.list(at: "spec", "affinity", kind, preferred).map {
                WeightedTerm(
                    term: AffinityTerm($0["podAffinityTerm"] ?? .null, namespace: namespace),
                    weight: sign * ($0.int(at: "weight") ?? 0))
            }
        }
        images = (tree.list(at: "spec", "initContainers") + tree.list(at: "spec", "containers")).map {
            Self.imageName($0.text(at: "image"))
        }
        affinity = terms("podAffinity")
        antiAffinity = terms("podAntiAffinity")
        preferences = weighted("podAffinity", sign: 1) + weighted("podAntiAffinity", sign: -1)
        let own = pod.labels
        spread = tree.list(at: "spec", "topologySpreadConstraints").map {
            SpreadConstraint($0, namespace: namespace, labels: own)
        }
    }

    /// An image without a tag is the latest one.
    private static func imageName(_ name: String) -> String {
        let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return last.contains(":") ? name : "\(name):latest"
    }

    /// Whether nothing that counts here differs between what was read and the tree: most changes are of the status.
    func isCurrent(_ pod: Unstructured) -> Bool {
        uid == pod.uid && nodeName == pod.tree.text(at: "spec", "nodeName") && labels == pod.labels
            && isTerminating == (pod.deletionTimestamp != nil)
            && isTerminal == ["Succeeded", "Failed"].contains(pod.tree.text(at: "status", "phase"))
            && isGated == !pod.tree.list(at: "spec", "schedulingGates").isEmpty && !isGated
    }

    func tolerates(_ taint: Taint) -> Bool { tolerations.contains { $0.tolerates(taint) } }

    /// Takes room on its node.
    var occupies: Bool { !nodeName.isEmpty && !isTerminal }
}

/// A port of the node that a Pod has for itself.
struct HostPort: Sendable, Hashable {
    let address: String
    let transport: String
    let number: Int

    static func all(of pod: JSONValue) -> [HostPort] {
        let sidecars = pod.list(at: "spec", "initContainers").filter { $0.text(at: "restartPolicy") == "Always" }
        return (pod.list(at: "spec", "containers") + sidecars).flatMap { $0.list(at: "ports") }.compactMap { port in
            guard let number = port.int(at: "hostPort"), number > 0 else { return nil }
            let (address, transport) = (port.text(at: "hostIP"), port.text(at: "protocol"))
            return HostPort(
                address: address.isEmpty ? "0.0.0.0" : address, transport: transport.isEmpty ? "TCP" : transport,
                number: number)
        }
    }

    /// The same port on an address that both mean.
    func conflicts(with other: HostPort) -> Bool {
        number == other.number && transport == other.transport
            && (address == other.address || address == "0.0.0.0" || other.address == "0.0.0.0")
    }
}
