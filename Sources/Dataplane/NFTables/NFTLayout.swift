import Net
import Netlink

/// The table of one family: a constant number of rules, and the sets that all services share. Pure.
///
/// There is no verdict map: a verdict map's element that jumps makes the kernel walk every element of every such map
/// at each commit (nft_table_validate). All maps here hold data, so a commit costs what it changes.
package struct NFTLayout: Sendable {
    package static let tableName = "fairlead"

    package let family: IPFamily
    package let configuration: DataplaneConfiguration
    /// What the sets are made for: so many frontends, and eight times as many slots. The kernel refuses more (ENFILE),
    /// and all is written anew with a larger one.
    package var capacity: UInt32 = 1024

    package init(family: IPFamily, configuration: DataplaneConfiguration) {
        self.family = family
        self.configuration = configuration
    }

    /// Makes room for twice what there is, so that it lasts.
    mutating func reserve(for servicePorts: [ServicePortName: ServicePort]) {
        var frontends = 0
        var slots = 0
        for (name, port) in servicePorts where name.family == family {
            frontends += 1
            slots += port.endpoints.count
        }
        // Local endpoints have an element each in `hairpin`; a node has some hundreds of pods.
        let needed = max(frontends, slots / Int(SetID.slotsPerFrontend), 512) * 2
        capacity = UInt32(min(needed, 1 << 24).nextPowerOfTwo)
    }

    package var table: NFTTable { NFTTable(family: family, name: Self.tableName) }

    /// The pod networks of this family, for the `pod-cidrs` set; empty when the detector does not look at them.
    package private(set) var podCIDRs: [IPPrefix] = []

    /// Takes over what the rules depend on beside the configuration.
    package mutating func setPodNetworks(_ networks: Set<IPPrefix>) {
        guard configuration.detector == .podNetworks else { return }
        podCIDRs = networks.filter { $0.family == family }.sorted { $0.address < $1.address }
    }

    /// The chains that exist from the start, in the order in which they refer to each other.
    package var chains: [NFTChain] {
        func base(_ name: String, _ kind: NFTBaseChain.Kind, _ hook: NFTBaseChain.Hook, _ priority: Int32) -> NFTChain {
            NFTChain(name: name, base: NFTBaseChain(kind: kind, hook: hook, priority: priority))
        }
        return [
            NFTChain(name: Chain.pickClusterIP), NFTChain(name: Chain.pickNodePort),
            NFTChain(name: Chain.clusterIPServices), NFTChain(name: Chain.nodePortServices),
            NFTChain(name: Chain.services),
            base("prerouting", .nat, .prerouting, Priority.destinationNAT),
            base("output", .nat, .output, Priority.destinationNAT),
            base("postrouting", .nat, .postrouting, Priority.sourceNAT),
            base("check-input", .filter, .input, Priority.filter - 10),
            base("check-forward", .filter, .forward, Priority.filter - 10),
            // After the output chain's DNAT: what still goes to a ClusterIP has no endpoint.
            base("check-output", .filter, .output, Priority.destinationNAT + 10),
        ]
    }

    /// The rules that exist from the start. The size classes add theirs with `objects(of:)`.
    package var rules: [NFTRule] {
        masqueradeRules + FrontendKind.allCases.flatMap(dispatchRules) + serviceRules + postroutingRules + checkRules
    }

    private var serviceRules: [NFTRule] {
        [
            rule(
                Chain.services, load(.destinationAddress), lookup(.clusterIPs),
                [.verdict(.goto(Chain.clusterIPServices))]),
            rule(
                Chain.services, load(.destinationAddress), lookup(.nodeIPs), key(FrontendKind.nodePort.fields),
                lookup(.nodePorts), [.verdict(.goto(Chain.nodePortServices))]),
            rule("prerouting", [.verdict(.jump(Chain.services))]),
            rule("output", [.verdict(.jump(Chain.services))]),
        ]
    }

    private var postroutingRules: [NFTRule] {
        let mark = NFTExpression.hostOrder(configuration.masqueradeMark)
        let isMarked: [NFTExpression] = [
            .meta(.mark, into: .word(0)),
            .bitwise(from: .word(0), into: .word(0), mask: mark, xor: NFTExpression.hostOrder(0)),
            .compare(.word(0), isEqual: true, mark),
        ]
        let unmark: [NFTExpression] = [
            .meta(.mark, into: .word(0)),
            .bitwise(from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(.max), xor: mark),
            .setMeta(.mark, from: .word(0)),
        ]
        return [
            rule("postrouting", isMarked, unmark, [.masquerade(fullyRandom: true)]),
            rule(
                "postrouting", conntrackHas(.status, NFTExpression.statusDestinationNAT, true),
                key([.sourceAddress, .destinationAddress]), lookup(.hairpin), [.masquerade(fullyRandom: true)],
                comment: "an endpoint reaches itself"),
        ]
    }

    /// Refuses what should have been sent to an endpoint and was not.
    private var checkRules: [NFTRule] {
        let isNew = conntrackHas(.state, NFTExpression.stateNew, true)
        let nodePort = rule(
            "check-input", isNew, conntrackHas(.status, NFTExpression.statusDestinationNAT, false),
            load(.destinationAddress), lookup(.nodeIPs), key(FrontendKind.nodePort.fields), lookup(.nodePorts),
            [.reject], comment: "NodePort without endpoints")
        return [nodePort]
            + ["check-forward", "check-output"].map {
                rule(
                    $0, isNew, load(.destinationAddress), lookup(.clusterIPs), [.reject],
                    comment: "ClusterIP without endpoints, or another port of it")
            }
    }

    /// Marks what must leave with this node's address. In a chain that only a ClusterIP or a NodePort leads to:
    /// what is marked and then finds no endpoint is refused, and never gets to postrouting.
    private var masqueradeRules: [NFTRule] {
        let mark = configuration.masqueradeMark
        let setMark: [NFTExpression] = [
            .meta(.mark, into: .word(0)),
            .bitwise(
                from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(~mark),
                xor: NFTExpression.hostOrder(mark)),
            .setMeta(.mark, from: .word(0)),
        ]
        var rules = [rule(Chain.nodePortServices, setMark)]
        if configuration.masqueradeAll {
            rules.append(rule(Chain.clusterIPServices, setMark))
        } else if !podCIDRs.isEmpty {
            let notAPod: NFTExpression = .lookup(
                set: SetID.podCIDRs.name, key: .word(0), into: nil, isInverted: true)
            rules.append(
                rule(
                    Chain.clusterIPServices, load(.sourceAddress), [notAPod], setMark,
                    comment: "the source is not a pod of the cluster"))
        }
        return rules
    }
}

extension NFTLayout {
    enum Chain {
        static let pickClusterIP = "pick"
        static let pickNodePort = "pick-nodeport"
        static let services = "services"
        static let clusterIPServices = "cluster-ip-services"
        static let nodePortServices = "nodeport-services"
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

    private func load(_ field: NFTField) -> [NFTExpression] { key([field]) }

    /// Goes on when the key that starts at word 0 is in the set.
    func lookup(_ set: SetID) -> [NFTExpression] {
        [.lookup(set: set.name, key: .word(0), into: nil, isInverted: false)]
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

    private func conntrackHas(_ key: NFTConntrackKey, _ bit: UInt32, _ isSet: Bool) -> [NFTExpression] {
        [
            .conntrack(key, into: .word(0)),
            .bitwise(
                from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(bit), xor: NFTExpression.hostOrder(0)),
            .compare(.word(0), isEqual: !isSet, NFTExpression.hostOrder(0)),
        ]
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

extension Int {
    /// The least power of two that is no less; for numbers above 0.
    fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
