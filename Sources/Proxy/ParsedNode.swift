import KubeAPI
import Net

/// What the proxy keeps of this node's Node object.
struct ParsedNode: Equatable, Sendable {
    /// The label with a Node's zone.
    static let zoneLabel = "topology.kubernetes.io/zone"

    /// Internal addresses before external ones, as kube-proxy prefers them.
    let addresses: [IPAddress]
    let podNetworks: [IPPrefix]
    /// Nil where the Node does not say.
    let zone: String?

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
        let texts = node.spec.podCIDRs.isEmpty ? [node.spec.podCIDR].compactMap(\.self) : node.spec.podCIDRs
        podNetworks = [IPPrefix](reading: texts, field: "spec.podCIDRs", problems: &problems)
        zone = node.metadata.labels[Self.zoneLabel].flatMap { $0.isEmpty ? nil : $0 }
    }
}
