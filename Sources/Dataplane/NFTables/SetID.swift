import Net
import Netlink

/// A set or map of one family's table.
package enum SetID: Hashable, Sendable {
    /// Every ClusterIP: what is sent there and not to an endpoint is refused.
    case clusterIPs
    /// The node's addresses that answer on NodePorts.
    case nodeIPs
    /// The sources whose connections to a ClusterIP keep their address.
    case podCIDRs
    /// Pairs of a local endpoint's address with itself.
    case hairpin
    /// Every NodePort.
    case nodePorts
    /// ClusterIP frontend and slot → endpoint.
    case endpoints
    /// NodePort frontend and slot → endpoint.
    case nodePortEndpoints
    /// The ClusterIP frontends of one size class.
    case frontends(SizeClass)
    /// The NodePort frontends of one size class.
    case nodePortFrontends(SizeClass)

    /// The sets that a table has from the start.
    static let constant: [SetID] = [
        .clusterIPs, .nodeIPs, .podCIDRs, .hairpin, .nodePorts, .endpoints, .nodePortEndpoints,
    ]

    /// A place in a dense array: constant sets first, then two for each size class.
    var index: Int {
        switch self {
        case .clusterIPs: 0
        case .nodeIPs: 1
        case .podCIDRs: 2
        case .hairpin: 3
        case .nodePorts: 4
        case .endpoints: 5
        case .nodePortEndpoints: 6
        case .frontends(let sizeClass): 7 + 2 * sizeClass.exponent
        case .nodePortFrontends(let sizeClass): 8 + 2 * sizeClass.exponent
        }
    }

    package var name: String {
        switch self {
        case .clusterIPs: "cluster-ips"
        case .nodeIPs: "node-ips"
        case .podCIDRs: "pod-cidrs"
        case .hairpin: "hairpin"
        case .nodePorts: "nodeports"
        case .endpoints: "endpoints"
        case .nodePortEndpoints: "nodeport-endpoints"
        case .frontends(let sizeClass): "frontends-\(sizeClass.slots)"
        case .nodePortFrontends(let sizeClass): "nodeports-\(sizeClass.slots)"
        }
    }

    /// - Parameter capacity: how many frontends there may be, and an eighth of how many slots.
    package func definition(capacity: UInt32) -> NFTSet {
        switch self {
        case .nodeIPs: NFTSet(name: name, key: [.destinationAddress])
        case .podCIDRs: NFTSet(name: name, key: [.sourceAddress], isInterval: true)
        case .clusterIPs: NFTSet(name: name, key: [.destinationAddress], size: capacity)
        case .hairpin: NFTSet(name: name, key: [.sourceAddress, .destinationAddress], size: capacity)
        case .nodePorts, .nodePortFrontends: NFTSet(name: name, key: FrontendKind.nodePort.fields, size: capacity)
        case .frontends: NFTSet(name: name, key: FrontendKind.clusterIP.fields, size: capacity)
        case .endpoints: slots(FrontendKind.clusterIP, capacity)
        case .nodePortEndpoints: slots(FrontendKind.nodePort, capacity)
        }
    }

    private func slots(_ kind: FrontendKind, _ capacity: UInt32) -> NFTSet {
        NFTSet(
            name: name, key: kind.fields + [.numgen], data: [.destinationAddress, .destinationPort],
            size: capacity * Self.slotsPerFrontend)
    }

    /// How many slots the maps of endpoints have for each frontend that fits, on average.
    static let slotsPerFrontend: UInt32 = 8
}

/// The frontends that share a pick chain: those whose number of endpoints N is in M/2 < N ≤ M, M a power of two.
///
/// A frontend's slots are 0…N-1. A pick draws from M slots and draws again when it meets an empty one, so an endpoint
/// more or less moves a frontend to another class only where N crosses a power of two.
package struct SizeClass: Hashable, Sendable, Comparable {
    /// M is 2 to the power of this.
    package let exponent: Int

    package init(exponent: Int) { self.exponent = exponent }

    /// The class for `count` endpoints; nil for none.
    package init?(endpoints count: Int) {
        guard count > 0 else { return nil }
        exponent = count == 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
    }

    /// M: the number of slots a pick draws from.
    package var slots: Int { 1 << exponent }

    package static func < (left: SizeClass, right: SizeClass) -> Bool { left.exponent < right.exponent }
}
