import CLinux
import CNftnl

/// A header that a payload expression reads from.
package enum NFTPayloadBase: Hashable, Sendable { case link, network, transport }

/// What `meta` reads or sets.
package enum NFTMetaKey: Hashable, Sendable, CaseIterable {
    case l4Protocol, mark, inputInterfaceName, outputInterfaceName, inputInterface, outputInterface
    case netfilterProtocol, length, packetType
}

/// What `ct` reads.
package enum NFTConntrackKey: Hashable, Sendable, CaseIterable { case state, status, direction, mark }

/// How a rule ends.
package enum NFTVerdict: Hashable, Sendable {
    case accept, drop, `continue`, `return`
    case jump(String), goto(String)
}

/// One step of a rule. Comparison and bitwise bytes are as they stand in the register: network order for what comes
/// from the packet, host order (`hostOrder(_:)`) for meta and conntrack values.
package enum NFTExpression: Hashable, Sendable {
    case payload(base: NFTPayloadBase, offset: Int, length: Int, into: NFTRegister)
    case meta(NFTMetaKey, into: NFTRegister)
    case setMeta(NFTMetaKey, from: NFTRegister)
    case conntrack(NFTConntrackKey, into: NFTRegister)
    /// `(from & mask) ^ xor`; mask and xor have the same length, up to 16 bytes.
    case bitwise(from: NFTRegister, into: NFTRegister, mask: [UInt8], xor: [UInt8])
    /// Up to 64 bytes.
    case compare(NFTRegister, isEqual: Bool, [UInt8])
    /// Ends the rule when the key is not in the set (or is, when inverted). With a map, `into` receives the data.
    case lookup(set: String, key: NFTRegister, into: NFTRegister?, isInverted: Bool)
    case verdict(NFTVerdict)
    case numgenRandom(modulus: UInt32, offset: UInt32, into: NFTRegister)
    /// Goes on where the element says, if the key is in the verdict map.
    case lookupVerdict(map: String, key: NFTRegister)
    /// A constant as the packet would have it.
    case immediate(NFTRegister, [UInt8])
    /// What the packet's source address is to this host: `typeLocal` or another of the `RTN_` numbers, in host order.
    case sourceAddressType(into: NFTRegister)
    /// As above, of the destination address.
    case destinationAddressType(into: NFTRegister)
    /// Adds the key to a dynamic set, or renews its time there. A full set ends the rule.
    case update(set: String, key: NFTRegister, timeoutSeconds: UInt32)
    /// To the address and port of the registers, in the family of the table.
    case destinationNAT(address: NFTRegister, port: NFTRegister)
    case masquerade(fullyRandom: Bool)
    /// ICMP or ICMPv6 port unreachable, by the family of the table.
    case reject
    /// A TCP reset.
    case rejectWithReset
    case counter

    /// A number as the bytes that meta and conntrack registers hold.
    package static func hostOrder(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number) { [UInt8]($0) }
    }

    /// `ct state new` as a bit of `NFTConntrackKey.state` (`NF_CT_STATE_BIT` of nf_conntrack_common.h).
    package static var stateNew: UInt32 { 1 << (UInt32(IP_CT_NEW.rawValue) + 1) }

    /// `ct state established` and `ct state related`, likewise.
    package static var stateEstablished: UInt32 { 1 << (UInt32(IP_CT_ESTABLISHED.rawValue) + 1) }
    package static var stateRelated: UInt32 { 1 << (UInt32(IP_CT_RELATED.rawValue) + 1) }

    /// The bytes that the name of an interface takes in registers, with its padding (`IFNAMSIZ`).
    package static var interfaceNameByteCount: Int { Int(IFNAMSIZ) }

    /// `ct state invalid` as a bit of `NFTConntrackKey.state`.
    package static var stateInvalid: UInt32 { UInt32(NF_CT_STATE_INVALID_BIT) }

    /// `fib … type local`, as `sourceAddressType` gives it.
    package static var typeLocal: UInt32 { UInt32(RTN_LOCAL) }

    /// `ct status dnat` as a bit of `NFTConntrackKey.status`.
    package static var statusDestinationNAT: UInt32 { UInt32(IPS_DST_NAT.rawValue) }
}

extension NFTPayloadBase {
    var number: UInt32 {
        switch self {
        case .link: NFT_PAYLOAD_LL_HEADER.rawValue
        case .network: NFT_PAYLOAD_NETWORK_HEADER.rawValue
        case .transport: NFT_PAYLOAD_TRANSPORT_HEADER.rawValue
        }
    }
}

extension NFTMetaKey {
    var number: UInt32 {
        switch self {
        case .l4Protocol: NFT_META_L4PROTO.rawValue
        case .mark: NFT_META_MARK.rawValue
        case .inputInterfaceName: NFT_META_IIFNAME.rawValue
        case .outputInterfaceName: NFT_META_OIFNAME.rawValue
        case .inputInterface: NFT_META_IIF.rawValue
        case .outputInterface: NFT_META_OIF.rawValue
        case .netfilterProtocol: NFT_META_NFPROTO.rawValue
        case .length: NFT_META_LEN.rawValue
        case .packetType: NFT_META_PKTTYPE.rawValue
        }
    }
}

extension NFTConntrackKey {
    var number: UInt32 {
        switch self {
        case .state: NFT_CT_STATE.rawValue
        case .status: NFT_CT_STATUS.rawValue
        case .direction: NFT_CT_DIRECTION.rawValue
        case .mark: NFT_CT_MARK.rawValue
        }
    }
}

extension NFTVerdict {
    /// The verdict's code: netfilter's for accept and drop, `enum nft_verdicts` for the rest.
    var code: UInt32 {
        switch self {
        case .accept: UInt32(NF_ACCEPT)
        case .drop: UInt32(NF_DROP)
        case .continue: UInt32(bitPattern: NFT_CONTINUE.rawValue)
        case .return: UInt32(bitPattern: NFT_RETURN.rawValue)
        case .jump: UInt32(bitPattern: NFT_JUMP.rawValue)
        case .goto: UInt32(bitPattern: NFT_GOTO.rawValue)
        }
    }

    /// Where a jump or goto leads.
    var chain: String? {
        switch self {
        case .jump(let chain), .goto(let chain): chain
        case .accept, .drop, .continue, .return: nil
        }
    }
}
