import Netlink

/// The named sets of the pods' table. What differs from pod to pod is elements of these.
enum PodSet: String, CaseIterable {
    /// Protocol and port on any address of the node → pod's address and port.
    case hostPorts = "host-ports"
    /// The same on one address of the node.
    case hostAddressPorts = "host-address-ports"
    /// Those of `hostPorts` whose connections are all masqueraded.
    case masqueradedPorts = "masqueraded-ports"
    /// Those of `hostAddressPorts` likewise.
    case masqueradedAddressPorts = "masqueraded-address-ports"
    /// Pods whose host ports masquerade connections from the node's loopback and from their own network.
    case hostPortPods = "host-port-pods"
    /// A pod's address and the network that it is in.
    case podNetworks = "pod-networks"
    /// Pods that are masqueraded where they leave their network.
    case masqueradedPods = "masqueraded-pods"

    var name: String { rawValue }

    /// Whether a key is a host port: one that two attachments can want. Of all others the key has the pod's own address.
    var isPortMap: Bool { self == .hostPorts || self == .hostAddressPorts }

    var key: [NFTField] {
        switch self {
        case .hostPorts, .masqueradedPorts: [.l4Protocol, .destinationPort]
        case .hostAddressPorts, .masqueradedAddressPorts: [.destinationAddress, .l4Protocol, .destinationPort]
        case .hostPortPods: [.destinationAddress]
        case .podNetworks: [.sourceAddress, .destinationAddress]
        case .masqueradedPods: [.sourceAddress]
        }
    }

    var definition: NFTSet {
        NFTSet(
            name: name, key: key, data: isPortMap ? [.destinationAddress, .destinationPort] : nil,
            isInterval: self == .podNetworks, comment: comment)
    }

    private var comment: String {
        switch self {
        case .hostPorts: "host ports on each address of the node, and where they lead"
        case .hostAddressPorts: "host ports on one address, and where they lead"
        case .masqueradedPorts: "host ports whose connections are all masqueraded"
        case .masqueradedAddressPorts: "host ports on one address whose connections are all masqueraded"
        case .hostPortPods: "pods whose host ports masquerade connections from this node and their network"
        case .podNetworks: "pods, and the network that each is in"
        case .masqueradedPods: "pods that are masqueraded where they leave their network"
        }
    }
}
