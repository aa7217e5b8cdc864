import Net
import Netlink

/// The table of one family: a constant number of rules, and the sets that all services share. Pure.
///
/// Only frontends with session affinity have elements in verdict maps: a verdict map's element that jumps makes the
/// kernel walk every element of every such map when it commits it (nft_table_validate). All other maps hold data, so a
/// commit costs what it changes.
///
/// All is decided in the NAT chains, which see the first packet of a connection only: a packet of an established one
/// meets none of our rules.
package struct NFTLayout: Sendable {
    package static let tableName = "fairlead"

    package let family: IPFamily
    package let configuration: DataplaneConfiguration
    package var capacity = SetCapacity()
    /// The pod networks of this family, for the `pod-cidrs` set; empty when the detector does not look at them.
    package private(set) var podCIDRs: [IPPrefix] = []

    package init(family: IPFamily, configuration: DataplaneConfiguration) {
        self.family = family
        self.configuration = configuration
    }

    package var table: NFTTable { NFTTable(family: family, name: Self.tableName) }

    /// Takes over what the rules depend on beside the configuration.
    ///
    /// - Returns: whether the rules are others now.
    package mutating func setPodNetworks(_ networks: Set<IPPrefix>) -> Bool {
        guard configuration.detector == .podNetworks else { return false }
        let before = podCIDRs
        podCIDRs = networks.disjoint(family)
        return podCIDRs != before
    }

    /// The chains that exist from the start, in the order in which they refer to each other.
    package var chains: [NFTChain] {
        func base(_ name: String, _ kind: NFTBaseChain.Kind, _ hook: NFTBaseChain.Hook, _ priority: Int32) -> NFTChain {
            NFTChain(name: name, base: NFTBaseChain(kind: kind, hook: hook, priority: priority))
        }
        let ordinary =
            Pick.allCases.map(\.chain) + [
                Chain.sourceRanges, Chain.externalShortCircuit, Chain.externalLocal, Chain.external,
                Chain.nodePortShortCircuit, Chain.nodePortLocal, Chain.nodePort, Chain.clusterIP, Chain.services,
            ]
        var chains = ordinary.map { NFTChain(name: $0) }
        chains += [
            base("prerouting", .nat, .prerouting, Priority.destinationNAT),
            base("output", .nat, .output, Priority.destinationNAT),
            base("postrouting", .nat, .postrouting, Priority.sourceNAT),
            base("input", .filter, .input, Priority.filter - 10),
        ]
        if configuration.invalidPackets == .drop {
            chains.append(base("forward", .filter, .forward, Priority.filter - 10))
        }
        return chains
    }

    /// The rules that exist from the start. The size classes add theirs with `objects(of:)`.
    package var rules: [NFTRule] {
        [prerouting, output, services, clusterIP, external, externalLocal, nodePort, nodePortLocal]
            .flatMap { $0 } + postrouting + input + forward
    }
}

extension NFTLayout {
    enum Chain {
        static let services = "services"
        static let clusterIP = "cluster-ip-services"
        static let external = "external-services"
        static let externalLocal = "external-local-services"
        static let externalShortCircuit = "external-short-circuit"
        static let nodePort = "nodeport-services"
        static let nodePortLocal = "nodeport-local-services"
        static let nodePortShortCircuit = "nodeport-short-circuit"
        static let sourceRanges = "source-ranges"
    }

    /// linux/netfilter_ipv4.h: NF_IP_PRI_NAT_DST, NF_IP_PRI_FILTER, NF_IP_PRI_NAT_SRC.
    enum Priority {
        static let destinationNAT: Int32 = -100
        static let filter: Int32 = 0
        static let sourceNAT: Int32 = 100
    }

    func rule(_ chain: String, _ parts: [NFTExpression]..., comment: String? = nil) -> NFTRule {
        NFTRule(chain: chain, expressions: parts.flatMap { $0 }, comment: comment)
    }

    func load(_ field: NFTField) -> [NFTExpression] { key([field]) }

    /// Goes on when the key that starts at word 0 is in the set.
    func lookup(_ set: SetID, isInverted: Bool = false) -> [NFTExpression] {
        [.lookup(set: set.name, key: .word(0), into: nil, isInverted: isInverted)]
    }

    /// Loads fields into consecutive words from 0, as a concatenated key is laid out.
    func key(_ fields: [NFTField]) -> [NFTExpression] {
        var word = 0
        return fields.map { field in
            defer { word += field.isAddress ? family.byteCount / 4 : 1 }
            return field.load(into: .word(word), family: family)
        }
    }

    /// The words that `fields` take.
    func width(_ fields: [NFTField]) -> Int {
        fields.reduce(0) { $0 + ($1.isAddress ? family.byteCount / 4 : 1) }
    }

    /// Goes on when one of `bits` is set, or when none is.
    func conntrackHas(_ key: NFTConntrackKey, _ bits: UInt32, _ isSet: Bool = true) -> [NFTExpression] {
        [
            .conntrack(key, into: .word(0)),
            .bitwise(
                from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(bits), xor: NFTExpression.hostOrder(0)),
            .compare(.word(0), isEqual: !isSet, NFTExpression.hostOrder(0)),
        ]
    }

    /// Asks for masquerade.
    var setMark: [NFTExpression] {
        let mark = configuration.masqueradeMark
        return [
            .meta(.mark, into: .word(0)),
            .bitwise(
                from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(~mark),
                xor: NFTExpression.hostOrder(mark)),
            .setMeta(.mark, from: .word(0)),
        ]
    }

    /// Goes on when the connection comes from a pod (or does not); nil when that is not known of any.
    func comesFromPod(_ isPod: Bool) -> [NFTExpression]? {
        switch configuration.detector {
        case .none: nil
        case .podNetworks: podCIDRs.isEmpty ? nil : load(.sourceAddress) + lookup(.podCIDRs, isInverted: !isPod)
        case .bridge(let name): compareInput(isPod, name, isPrefix: false)
        case .interfacePrefix(let prefix): compareInput(isPod, prefix, isPrefix: true)
        }
    }

    /// A whole name is compared with its padding.
    func compareInput(_ isEqual: Bool, _ name: String, isPrefix: Bool) -> [NFTExpression] {
        var bytes = Array(name.utf8.prefix(NFTExpression.interfaceNameByteCount - 1))
        if !isPrefix { bytes += Array(repeating: 0, count: NFTExpression.interfaceNameByteCount - bytes.count) }
        return [.meta(.inputInterfaceName, into: .word(0)), .compare(.word(0), isEqual: isEqual, bytes)]
    }
}

extension NFTField {
    var isAddress: Bool { self == .sourceAddress || self == .destinationAddress }

    fileprivate func load(into register: NFTRegister, family: IPFamily) -> NFTExpression {
        // Offsets in struct iphdr and ipv6hdr; ports are the first words of every transport header.
        switch self {
        case .sourceAddress:
            .payload(
                base: .network, offset: family == .ipv4 ? 12 : 8, length: family.byteCount, into: register)
        case .destinationAddress:
            .payload(
                base: .network, offset: family == .ipv4 ? 16 : 24, length: family.byteCount, into: register)
        case .l4Protocol: .meta(.l4Protocol, into: register)
        case .sourcePort: .payload(base: .transport, offset: 0, length: 2, into: register)
        case .destinationPort: .payload(base: .transport, offset: 2, length: 2, into: register)
        case .mark: .meta(.mark, into: register)
        case .numgen: .numgenRandom(modulus: 1, offset: 0, into: register)
        }
    }
}

extension Sequence<IPPrefix> {
    /// Those of one family, in order, without what is within another: what a set of intervals takes.
    package func disjoint(_ family: IPFamily) -> [IPPrefix] {
        var kept: [IPPrefix] = []
        // The wider of two that begin alike comes first.
        for prefix in filter({ $0.family == family }).sorted() where kept.last?.overlaps(prefix) != true {
            kept.append(prefix)
        }
        return kept
    }
}
