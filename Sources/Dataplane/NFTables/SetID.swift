import Net
import Netlink

/// A set or map of one family's table, but for those of single endpoints (`AffinityObjects`).
package enum SetID: Hashable, Sendable {
    /// Every ClusterIP: what is sent there and not to an endpoint is refused.
    case clusterIPs
    /// The node's addresses that answer on NodePorts.
    case nodeIPs
    /// The sources that count as pods.
    case podCIDRs
    /// What ClusterIPs are taken from.
    case serviceCIDRs
    /// Pairs of a local endpoint's address with itself.
    case hairpin
    /// Every NodePort.
    case nodePorts
    /// Every frontend on an external address.
    case externalFrontends
    /// Those of them, and of the NodePorts, with `externalTrafficPolicy: Local`.
    case externalLocal
    case localNodePorts
    /// Frontends whose policy allows only endpoints of this node, and there are none but elsewhere.
    case drops
    case nodePortDrops
    /// Frontends that only some sources may use, and with whom: the last field is the source.
    case firewalled
    case allowedSources
    /// TCP ports of the health check servers.
    case healthCheckPorts
    /// Frontends with session affinity → the service port's chain.
    case affinity(Pick)
    /// Frontend and slot → endpoint.
    case endpoints(Pick)
    /// The frontends of one size class.
    case frontends(Pick, SizeClass)

    /// The sets that a table has from the start.
    static let constant: [SetID] =
        [
            .clusterIPs, .nodeIPs, .podCIDRs, .serviceCIDRs, .hairpin, .nodePorts, .externalFrontends, .externalLocal,
            .localNodePorts, .drops, .nodePortDrops, .firewalled, .allowedSources, .healthCheckPorts,
        ] + Pick.allCases.flatMap { [.affinity($0), .endpoints($0)] }

    /// A place in a dense array: constant sets first, then one of each pick for each size class.
    var index: Int {
        switch self {
        case .clusterIPs: 0
        case .nodeIPs: 1
        case .podCIDRs: 2
        case .serviceCIDRs: 3
        case .hairpin: 4
        case .nodePorts: 5
        case .externalFrontends: 6
        case .externalLocal: 7
        case .localNodePorts: 8
        case .drops: 9
        case .nodePortDrops: 10
        case .firewalled: 11
        case .allowedSources: 12
        case .healthCheckPorts: 13
        case .affinity(let pick): 14 + pick.rawValue
        case .endpoints(let pick): 18 + pick.rawValue
        case .frontends(let pick, let sizeClass): 22 + 4 * sizeClass.exponent + pick.rawValue
        }
    }

    package var name: String {
        switch self {
        case .clusterIPs: "cluster-ips"
        case .nodeIPs: "node-ips"
        case .podCIDRs: "pod-cidrs"
        case .serviceCIDRs: "service-cidrs"
        case .hairpin: "hairpin"
        case .nodePorts: "nodeports"
        case .externalFrontends: "external-frontends"
        case .externalLocal: "external-local"
        case .localNodePorts: "local-nodeports"
        case .drops: "drops"
        case .nodePortDrops: "nodeport-drops"
        case .firewalled: "firewalled"
        case .allowedSources: "allowed-sources"
        case .healthCheckPorts: "health-check-ports"
        case .affinity(let pick): "\(pick.prefix)affinity"
        case .endpoints(let pick): "\(pick.prefix)endpoints"
        case .frontends(let pick, let sizeClass): "\(pick.frontends)-\(sizeClass.slots)"
        }
    }

    package func definition(capacity: SetCapacity) -> NFTSet {
        let address = FrontendKind.address.fields
        return switch self {
        case .nodeIPs: NFTSet(name: name, key: [.destinationAddress])
        case .podCIDRs: NFTSet(name: name, key: [.sourceAddress], isInterval: true)
        case .serviceCIDRs: NFTSet(name: name, key: [.destinationAddress], isInterval: true)
        case .healthCheckPorts: NFTSet(name: name, key: [.destinationPort])
        case .clusterIPs: NFTSet(name: name, key: [.destinationAddress], size: capacity.frontends)
        case .hairpin: NFTSet(name: name, key: [.sourceAddress, .destinationAddress], size: capacity.frontends)
        case .nodePorts: NFTSet(name: name, key: FrontendKind.nodePort.fields, size: capacity.frontends)
        case .externalFrontends, .externalLocal, .drops, .firewalled: NFTSet(name: name, key: address)
        case .localNodePorts, .nodePortDrops: NFTSet(name: name, key: FrontendKind.nodePort.fields)
        case .allowedSources: NFTSet(name: name, key: address + [.sourceAddress], isInterval: true)
        case .affinity(let pick): NFTSet(name: name, key: pick.kind.fields, isVerdictMap: true)
        case .endpoints(let pick):
            NFTSet(
                name: name, key: pick.kind.fields + [.numgen], data: [.destinationAddress, .destinationPort],
                size: pick.isLocal ? capacity.localSlots : capacity.slots)
        case .frontends(let pick, _):
            NFTSet(
                name: name, key: pick.kind.fields, size: pick.isLocal ? capacity.localFrontends : capacity.frontends)
        }
    }
}

/// What the sets are made for. The kernel refuses more (ENFILE), and all is written anew with larger ones.
package struct SetCapacity: Hashable, Sendable {
    /// How many slots the maps of endpoints have for each frontend that fits, on average.
    private static let slotsPerFrontend = 8

    private(set) var frontends: UInt32 = 1024
    private(set) var localFrontends: UInt32 = 1024
    var slots: UInt32 { frontends * UInt32(Self.slotsPerFrontend) }
    var localSlots: UInt32 { localFrontends * UInt32(Self.slotsPerFrontend) }

    init() {}

    /// Room for twice what there is, so that it lasts.
    init(for servicePorts: [ServicePortName: ServicePort], family: IPFamily) {
        var (frontends, slots, localFrontends, localSlots) = (0, 0, 0, 0)
        for (name, port) in servicePorts where name.family == family {
            let count = 1 + port.externalAddresses.count
            frontends += count
            slots += count * port.endpoints.count
            guard port.externalPolicy == .local else { continue }
            localFrontends += count
            localSlots += count * port.localEndpoints.count
        }
        self.frontends = Self.room(frontends, slots)
        self.localFrontends = Self.room(localFrontends, localSlots)
    }

    /// Local endpoints have an element each in `hairpin`; a node has some hundreds of pods.
    private static func room(_ frontends: Int, _ slots: Int) -> UInt32 {
        let needed = max(frontends, slots / slotsPerFrontend, 512) * 2
        return UInt32(min(needed, 1 << 24).nextPowerOfTwo)
    }
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

extension Int {
    /// The least power of two that is no less; for numbers above 0.
    fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
