import CNftnl
import Net

extension NFTSet {
    /// What nft 1.0.6 writes with the set, so that it can print it: byte orders, the expressions of a `typeof`
    /// declaration, and the comment.
    ///
    /// A key with `numgen` is an integer without a name of its own: nft can print the set only as `typeof`. All
    /// other keys and data are declared by `type`, where nft writes no more than that it is a concatenation.
    func userData(_ family: IPFamily) -> [UInt8] {
        let isTypeof = key.contains(.numgen) || data?.contains(.numgen) == true
        var notes = NFTUserData()
        notes.append(NFTNL_UDATA_SET_KEYBYTEORDER.rawValue, number: key.byteOrder)
        if let data { notes.append(NFTNL_UDATA_SET_DATABYTEORDER.rawValue, number: data.byteOrder) }
        notes.appendTypeof(NFTNL_UDATA_SET_KEY_TYPEOF.rawValue, key, family, isTypeof: isTypeof)
        if let data {
            notes.appendTypeof(NFTNL_UDATA_SET_DATA_TYPEOF.rawValue, data, family, isTypeof: isTypeof)
            notes.append(NFTNL_UDATA_SET_DATA_INTERVAL.rawValue, number: 0)
        }
        if isVerdictMap {
            notes.append(NFTNL_UDATA_SET_DATABYTEORDER.rawValue, number: 0)
            notes.append(NFTNL_UDATA_SET_DATA_INTERVAL.rawValue, number: 0)
        }
        if let comment { notes.append(NFTNL_UDATA_SET_COMMENT.rawValue, comment: comment) }
        return notes.bytes
    }
}

extension NFTUserData {
    fileprivate mutating func appendTypeof(_ type: UInt32, _ fields: [NFTField], _ family: IPFamily, isTypeof: Bool) {
        guard fields.count > 1 else {
            if isTypeof { append(type) { $0.appendExpression(fields[0], family) } }
            return
        }
        append(type) {
            $0.append(NFTNL_UDATA_SET_TYPEOF_EXPR, number: NFTExpressionType.concatenation.rawValue)
            $0.append(NFTNL_UDATA_SET_TYPEOF_DATA) { parts in
                guard isTypeof else { return }
                for (index, field) in fields.enumerated() {
                    parts.append(index) { $0.appendExpression(field, family) }
                }
            }
        }
    }

    private mutating func appendExpression(_ field: NFTField, _ family: IPFamily) {
        let expression = field.expression(family)
        append(NFTNL_UDATA_SET_TYPEOF_EXPR, number: expression.type.rawValue)
        append(NFTNL_UDATA_SET_TYPEOF_DATA) {
            for (index, number) in expression.numbers.enumerated() { $0.append(index, number: number) }
        }
    }
}

/// nft's `enum expr_types` (its include/expression.h).
private enum NFTExpressionType: UInt32 {
    case payload = 7
    case meta = 9
    case concatenation = 13
    case numgen = 23
}

extension NFTField {
    /// The expression that stands for the field in `typeof`, as nft's `expr_ops.build_udata` writes it: for a payload
    /// the header (`enum proto_desc_id`: th 11, ip 12, ip6 13) and its field (`enum ip_hdr_fields` and so on, all in
    /// nft's include/proto.h), for meta the key, for numgen type, modulus and offset.
    fileprivate func expression(_ family: IPFamily) -> (type: NFTExpressionType, numbers: [UInt32]) {
        switch (self, family) {
        case (.sourceAddress, .ipv4): (.payload, [12, 11])
        case (.sourceAddress, .ipv6): (.payload, [13, 8])
        case (.destinationAddress, .ipv4): (.payload, [12, 12])
        case (.destinationAddress, .ipv6): (.payload, [13, 9])
        case (.sourcePort, _): (.payload, [11, 1])
        case (.destinationPort, _): (.payload, [11, 2])
        case (.l4Protocol, _): (.meta, [NFT_META_L4PROTO.rawValue])
        case (.mark, _): (.meta, [NFT_META_MARK.rawValue])
        // The modulus is not part of the type; nft needs one to print.
        case (.numgen, _): (.numgen, [NFT_NG_RANDOM.rawValue, 2, 0])
        }
    }
}
