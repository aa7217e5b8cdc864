import Dataplane
import KubeAPI
import Net

/// This node's NodePort addresses, as they follow from its Node object and the kernel's addresses.
struct NodePortAddresses: Sendable {
    private let policy: NodePortAddressPolicy
    private let configured: [IPAddress]
    private let families: Set<IPFamily>
    /// Of the Node object, in order of preference.
    private var nodeAddresses: [IPAddress] = []
    private var localAddresses: [LocalAddress] = []
    /// What was handed out last; nil before the first time.
    private var published: Set<IPAddress>?
    /// An input has changed since.
    private var isStale = true

    init(_ configuration: ProxyConfiguration) {
        policy = configuration.nodePortAddresses
        configured = configuration.nodeIPs
        families = configuration.families
    }

    /// The addresses, when they differ from those of the last call. Never nil the first time.
    mutating func takeChange() -> Set<IPAddress>? {
        guard isStale else { return nil }
        isStale = false
        let addresses = current
        guard addresses != published else { return nil }
        published = addresses
        return addresses
    }

    mutating func setLocal(_ addresses: [LocalAddress]) {
        localAddresses = addresses
        isStale = true
    }

    /// Takes this node's Node object, or nil when there is none.
    mutating func setNode(_ node: Node?, problems: inout ProblemList) {
        nodeAddresses = []
        isStale = true
        // As kube-proxy does: internal addresses come before external ones, the first of each family is the node's.
        for type in ["InternalIP", "ExternalIP"] {
            for entry in node?.status.addresses ?? [] where entry.type == type {
                do throws(AddressParseError) {
                    nodeAddresses.append(try IPAddress(entry.address))
                } catch {
                    problems.append("\(type) \(error)")
                }
            }
        }
    }

    private var current: Set<IPAddress> {
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
