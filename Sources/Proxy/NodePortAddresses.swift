import Dataplane
import Net

/// This node's addresses, and which of them answer NodePorts, as they follow from its Node object and the kernel's addresses.
struct NodePortAddresses: Sendable {
    private let policy: NodePortAddressPolicy
    private let configured: [IPAddress]
    private let families: Set<IPFamily>
    /// Of the Node object, in order of preference.
    private var nodeAddresses: [IPAddress] = []
    private var localAddresses: [LocalAddress] = []

    init(_ configuration: ProxyConfiguration) {
        policy = configuration.nodePortAddresses
        configured = configuration.nodeIPs
        families = configuration.families
    }

    mutating func setLocal(_ addresses: [LocalAddress]) {
        localAddresses = addresses
    }

    /// Takes the addresses of this node's Node object, in order of preference; empty when there is none.
    mutating func setNode(_ addresses: [IPAddress]) {
        nodeAddresses = addresses
    }

    /// The addresses of this node itself, whatever the policy.
    var own: [IPAddress] {
        if !configured.isEmpty { return configured }
        return nodeAddresses.isEmpty ? primaryAddresses : nodeAddresses
    }

    var current: Set<IPAddress> {
        let candidates: [IPAddress] =
            switch policy {
            case .primary: primaryAddresses
            case .all: localAddresses.map(\.address)
            case .networks(let networks):
                localAddresses.map(\.address).filter { address in networks.contains { $0.contains(address) } }
            }
        return Set(candidates.filter(isFit))
    }

    private func isFit(_ address: IPAddress) -> Bool {
        address.unfitness == nil && families.contains(address.family)
    }

    private var primaryAddresses: [IPAddress] {
        for source in [configured, nodeAddresses] where !source.isEmpty {
            return firstOfEachFamily(source)
        }
        // Within an interface the kernel's order counts: its primary address comes first.
        let preferred = localAddresses.enumerated().sorted {
            ($0.element.hasDefaultRoute ? 0 : 1, $0.element.interfaceIndex, $0.offset)
                < ($1.element.hasDefaultRoute ? 0 : 1, $1.element.interfaceIndex, $1.offset)
        }
        return firstOfEachFamily(preferred.map(\.element.address))
    }

    private func firstOfEachFamily(_ addresses: [IPAddress]) -> [IPAddress] {
        IPFamily.allCases.compactMap { family in addresses.first { $0.family == family && isFit($0) } }
    }
}
