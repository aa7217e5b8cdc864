import KubeAPI
import Net

/// What the proxy keeps of this node's Node object.
struct ParsedNode: Equatable, Sendable {
    /// The label with a Node's zone.
    static let zoneLabel = "topology.kubernetes.io/zone"
    /// The cluster autoscaler's taint of a Node that it is about to remove (k8s.io/kubernetes
    /// pkg/proxy/healthcheck/proxy_health.go, `ToBeDeletedTaint`).
    static let toBeDeletedTaint = "ToBeDeletedByClusterAutoscaler"

    /// Internal addresses before external ones, as kube-proxy prefers them.
    let addresses: [IPAddress]
    let podNetworks: [IPPrefix]
    /// Nil where the Node does not say.
    let zone: String?
    /// Load balancers may send to the node: it is not about to go.
    let isEligible: Bool

    init(_ node: Node, problems: inout ProblemList) {
        var addresses: [IPAddress] = []
        for type in ["InternalIP", "ExternalIP"] {
            for entry in node.status.addresses where entry.type == type {
                do throws(AddressParseError) {
                    addresses.append(try IPAddress(entry.address))
                } catch {
                    problems.append("\(type) \(error)")
                }
            }
        }
        self.addresses = addresses
        podNetworks = [IPPrefix](reading: node.spec.podNetworks, field: "spec.podCIDRs", problems: &problems)
        isEligible =
            node.metadata.deletionTimestamp == nil && !node.spec.taints.contains { $0.key == Self.toBeDeletedTaint }
        zone = node.metadata.labels[Self.zoneLabel].flatMap { $0.isEmpty ? nil : $0 }
    }
}
