import CNftnl
import Net

extension NFTRule {
    /// An upper bound of the message's length.
    var room: Int {
        expressions.reduce(chain.utf8.count + 512) { $0 + $1.room }
    }

    func build(_ message: UnsafeMutablePointer<nlmsghdr>, _ table: NFTTable) {
        let object = allocated(nftnl_rule_alloc())
        defer { nftnl_rule_free(object) }
        nftnl_rule_set_str(object, UInt16(NFTNL_RULE_TABLE), table.name)
        nftnl_rule_set_str(object, UInt16(NFTNL_RULE_CHAIN), chain)
        for expression in expressions {
            // The rule owns the expression from here on and frees it.
            nftnl_rule_add_expr(object, expression.make(table.family).object)
        }
        if let comment {
            var notes = NFTUserData()
            notes.append(NFTNL_UDATA_RULE_COMMENT.rawValue, comment: comment)
            nftnl_rule_set_data(object, UInt16(NFTNL_RULE_USERDATA), notes.bytes, UInt32(notes.bytes.count))
        }
        nftnl_rule_nlmsg_build_payload(message, object)
    }
}

/// An expression of libnftnl and its attributes, which are numbered anew for each kind of expression.
private struct NFTNLExpression {
    let object: OpaquePointer

    init(_ name: String) { object = allocated(nftnl_expr_alloc(name)) }

    func with(_ attribute: Int, _ number: UInt32) -> Self {
        nftnl_expr_set_u32(object, UInt16(attribute), number)
        return self
    }

    func with(_ attribute: Int, milliseconds: UInt64) -> Self {
        nftnl_expr_set_u64(object, UInt16(attribute), milliseconds)
        return self
    }

    func with(_ attribute: Int, _ register: NFTRegister) -> Self { with(attribute, register.number) }

    func with(_ attribute: Int, byte: UInt8) -> Self {
        nftnl_expr_set_u8(object, UInt16(attribute), byte)
        return self
    }

    func with(_ attribute: Int, _ text: String) -> Self {
        nftnl_expr_set_str(object, UInt16(attribute), text)
        return self
    }

    /// libnftnl copies into 64 bytes without a check.
    func with(_ attribute: Int, bytes: [UInt8]) -> Self {
        precondition(bytes.count <= NFTData.maximumByteCount, "a register holds no \(bytes.count) bytes")
        nftnl_expr_set(object, UInt16(attribute), bytes, UInt32(bytes.count))
        return self
    }
}

extension NFTExpression {
    /// An upper bound of its length in a message: names apart, no expression takes more than a mask and a value of
    /// 64 bytes each.
    fileprivate var room: Int {
        switch self {
        case .lookup(let set, _, _, _), .lookupVerdict(let set, _), .update(let set, _, _): 512 + set.utf8.count
        case .verdict(let verdict): 512 + (verdict.chain?.utf8.count ?? 0)
        default: 512
        }
    }

    fileprivate func make(_ family: IPFamily) -> NFTNLExpression {
        switch self {
        case .payload(let base, let offset, let length, let register):
            NFTNLExpression("payload").with(NFTNL_EXPR_PAYLOAD_DREG, register)
                .with(NFTNL_EXPR_PAYLOAD_BASE, base.number).with(NFTNL_EXPR_PAYLOAD_OFFSET, UInt32(offset))
                .with(NFTNL_EXPR_PAYLOAD_LEN, UInt32(length))
        case .meta(let key, let register):
            NFTNLExpression("meta").with(NFTNL_EXPR_META_KEY, key.number).with(NFTNL_EXPR_META_DREG, register)
        case .setMeta(let key, let register):
            NFTNLExpression("meta").with(NFTNL_EXPR_META_KEY, key.number).with(NFTNL_EXPR_META_SREG, register)
        case .conntrack(let key, let register):
            NFTNLExpression("ct").with(NFTNL_EXPR_CT_KEY, key.number).with(NFTNL_EXPR_CT_DREG, register)
        case .numgenRandom(let modulus, let offset, let register):
            NFTNLExpression("numgen").with(NFTNL_EXPR_NG_DREG, register).with(NFTNL_EXPR_NG_MODULUS, modulus)
                .with(NFTNL_EXPR_NG_TYPE, NFT_NG_RANDOM.rawValue).with(NFTNL_EXPR_NG_OFFSET, offset)
        case .bitwise(let source, let target, let mask, let xor):
            NFTNLExpression("bitwise").with(NFTNL_EXPR_BITWISE_SREG, source).with(NFTNL_EXPR_BITWISE_DREG, target)
                .with(NFTNL_EXPR_BITWISE_LEN, UInt32(mask.count))
                .with(NFTNL_EXPR_BITWISE_MASK, bytes: mask).with(NFTNL_EXPR_BITWISE_XOR, bytes: xor)
        case .compare(let register, let isEqual, let bytes):
            NFTNLExpression("cmp").with(NFTNL_EXPR_CMP_SREG, register)
                .with(NFTNL_EXPR_CMP_OP, isEqual ? NFT_CMP_EQ.rawValue : NFT_CMP_NEQ.rawValue)
                .with(NFTNL_EXPR_CMP_DATA, bytes: bytes)
        case .lookup(let set, let key, let target, let isInverted):
            NFTNLExpression.lookup(set, key, target, isInverted: isInverted)
        case .lookupVerdict(let map, let key):
            NFTNLExpression("lookup").with(NFTNL_EXPR_LOOKUP_SREG, key).with(NFTNL_EXPR_LOOKUP_SET, map)
                .with(NFTNL_EXPR_LOOKUP_DREG, NFT_REG_VERDICT.rawValue)
        case .immediate(let register, let bytes):
            NFTNLExpression("immediate").with(NFTNL_EXPR_IMM_DREG, register).with(NFTNL_EXPR_IMM_DATA, bytes: bytes)
        case .sourceAddressType(let register): NFTNLExpression.addressType(NFTA_FIB_F_SADDR, register)
        case .destinationAddressType(let register): NFTNLExpression.addressType(NFTA_FIB_F_DADDR, register)
        case .update(let set, let key, let timeoutSeconds):
            NFTNLExpression("dynset").with(NFTNL_EXPR_DYNSET_SREG_KEY, key)
                .with(NFTNL_EXPR_DYNSET_OP, UInt32(NFT_DYNSET_OP_UPDATE.rawValue))
                .with(NFTNL_EXPR_DYNSET_TIMEOUT, milliseconds: UInt64(timeoutSeconds) * 1000)
                .with(NFTNL_EXPR_DYNSET_SET_NAME, set)
        case .verdict(let verdict): NFTNLExpression.verdict(verdict)
        case .destinationNAT(let address, let port):
            NFTNLExpression("nat").with(NFTNL_EXPR_NAT_TYPE, NFT_NAT_DNAT.rawValue)
                .with(NFTNL_EXPR_NAT_FAMILY, UInt32(family.netfilterProtocol))
                .with(NFTNL_EXPR_NAT_REG_ADDR_MIN, address).with(NFTNL_EXPR_NAT_REG_PROTO_MIN, port)
        case .masquerade(let fullyRandom):
            fullyRandom
                ? NFTNLExpression("masq").with(NFTNL_EXPR_MASQ_FLAGS, UInt32(NF_NAT_RANGE_PROTO_RANDOM_FULLY))
                : NFTNLExpression("masq")
        case .reject:
            NFTNLExpression("reject").with(NFTNL_EXPR_REJECT_TYPE, NFT_REJECT_ICMP_UNREACH.rawValue)
                .with(
                    NFTNL_EXPR_REJECT_CODE, byte: UInt8(family == .ipv4 ? ICMP_PORT_UNREACH : ICMPV6_PORT_UNREACH))
        case .rejectWithReset:
            NFTNLExpression("reject").with(NFTNL_EXPR_REJECT_TYPE, NFT_REJECT_TCP_RST.rawValue)
                .with(NFTNL_EXPR_REJECT_CODE, byte: 0)
        case .counter: NFTNLExpression("counter")
        }
    }
}

extension NFTNLExpression {
    fileprivate static func addressType(
        _ address: some RawRepresentable<UInt32>, _ register: NFTRegister
    ) -> NFTNLExpression {
        NFTNLExpression("fib").with(NFTNL_EXPR_FIB_DREG, register)
            .with(NFTNL_EXPR_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE.rawValue)
            .with(NFTNL_EXPR_FIB_FLAGS, address.rawValue)
    }

    fileprivate static func lookup(
        _ set: String, _ key: NFTRegister, _ target: NFTRegister?, isInverted: Bool
    ) -> NFTNLExpression {
        let lookup = NFTNLExpression("lookup").with(NFTNL_EXPR_LOOKUP_SREG, key).with(NFTNL_EXPR_LOOKUP_SET, set)
        if let target { _ = lookup.with(NFTNL_EXPR_LOOKUP_DREG, target) }
        if isInverted { _ = lookup.with(NFTNL_EXPR_LOOKUP_FLAGS, NFT_LOOKUP_F_INV.rawValue) }
        return lookup
    }

    fileprivate static func verdict(_ verdict: NFTVerdict) -> NFTNLExpression {
        let immediate = NFTNLExpression("immediate").with(NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT.rawValue)
            .with(NFTNL_EXPR_IMM_VERDICT, verdict.code)
        return verdict.chain.map { immediate.with(NFTNL_EXPR_IMM_CHAIN, $0) } ?? immediate
    }
}
