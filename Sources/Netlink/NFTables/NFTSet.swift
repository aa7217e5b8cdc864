/// A named set, or a map when it has data.
package struct NFTSet: Hashable, Sendable {
    package let name: String
    /// The fields of a key; more than one is a concatenation.
    package let key: [NFTField]
    /// The fields of a map's data; nil for a set.
    package let data: [NFTField]?
    /// Elements are ranges of a single field, added with `NFTBatch.addInterval`.
    package let isInterval: Bool
    /// Shown by `nft list`; at most 127 bytes of it are kept.
    package let comment: String?

    package init(
        name: String, key: [NFTField], data: [NFTField]? = nil, isInterval: Bool = false, comment: String? = nil
    ) {
        self.name = name
        self.key = key
        self.data = data
        self.isInterval = isInterval
        self.comment = comment
    }
}
