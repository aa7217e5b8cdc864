import CNftnl

/// An element as the kernel has it.
package struct NFTElement: Hashable, Sendable {
    package let key: NFTData
    /// What a map gives for it, but for verdicts.
    package let data: NFTData?
    /// What a verdict map does with it.
    package let verdict: NFTVerdict?
    /// The last key of a range that starts with `key`.
    package let lastKey: NFTData?
    /// It ends an interval, and is not in it.
    package let isIntervalEnd: Bool
    /// As `nft list` shows it.
    package let comment: String?

    package init(
        key: NFTData, data: NFTData? = nil, verdict: NFTVerdict? = nil, lastKey: NFTData? = nil,
        isIntervalEnd: Bool = false, comment: String? = nil
    ) {
        self.key = key
        self.lastKey = lastKey
        self.data = data
        self.verdict = verdict
        self.isIntervalEnd = isIntervalEnd
        self.comment = comment
    }

    /// From one of a message's list of elements; nil without a key, or with one that is too long to be ours.
    init?(_ attribute: NetlinkAttribute) {
        var key: NFTData?
        var data: NFTData?
        var verdict: NFTVerdict?
        var lastKey: NFTData?
        var flags: UInt32 = 0
        var comment: String?
        for part in attribute.nested {
            switch UInt32(part.type) {
            case NFTA_SET_ELEM_KEY.rawValue:
                key = part.nested.first(NFTA_DATA_VALUE).flatMap { NFTData(bytes: $0.value) }
            case NFTA_SET_ELEM_KEY_END.rawValue:
                lastKey = part.nested.first(NFTA_DATA_VALUE).flatMap { NFTData(bytes: $0.value) }
            case NFTA_SET_ELEM_DATA.rawValue:
                data = part.nested.first(NFTA_DATA_VALUE).flatMap { NFTData(bytes: $0.value) }
                verdict = part.nested.first(NFTA_DATA_VERDICT).flatMap { NFTVerdict($0.nested) }
            case NFTA_SET_ELEM_FLAGS.rawValue: flags = part.load(UInt32.self).map(UInt32.init(bigEndian:)) ?? 0
            case NFTA_SET_ELEM_USERDATA.rawValue:
                comment = NFTUserData.string(NFTNL_UDATA_SET_ELEM_COMMENT.rawValue, in: part.value)
            default: continue
            }
        }
        guard let key else { return nil }
        self.init(
            key: key, data: data, verdict: verdict, lastKey: lastKey,
            isIntervalEnd: flags & UInt32(NFT_SET_ELEM_INTERVAL_END) != 0, comment: comment)
    }
}

extension NFTVerdict {
    /// Nil for one that Fairlead does not use.
    fileprivate init?(_ attributes: NetlinkAttributes) {
        guard let code = attributes.first(NFTA_VERDICT_CODE)?.load(UInt32.self) else { return nil }
        let chain = attributes.first(NFTA_VERDICT_CHAIN)?.string ?? ""
        let all: [NFTVerdict] = [.accept, .drop, .continue, .return, .jump(chain), .goto(chain)]
        guard let found = all.first(where: { $0.code == UInt32(bigEndian: code) }) else { return nil }
        self = found
    }
}
