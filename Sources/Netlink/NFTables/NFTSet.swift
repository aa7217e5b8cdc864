/// A named set, or a map when it has data.
package struct NFTSet: Hashable, Sendable {
    package let name: String
    /// The fields of a key; more than one is a concatenation, of at most `maximumFieldCount`.
    package let key: [NFTField]
    /// The fields of a map's data; nil for a set.
    package let data: [NFTField]?
    /// The elements of a map lead to chains, in place of `data`.
    package let isVerdictMap: Bool
    /// Elements are ranges: of a single field, added with `NFTBatch.addInterval`, or of the last of several, with
    /// `NFTBatch.addRange`.
    package let isInterval: Bool
    /// Packets add elements (`NFTExpression.update`), which go when their time is over.
    package let isDynamic: Bool
    /// The most elements that it can hold. A set of known size has a hash table of that size from the start, which takes
    /// large additions at half the cost; nil for one that grows.
    package let size: UInt32?
    /// Shown by `nft list`; at most 127 bytes of it are kept.
    package let comment: String?

    /// nft's number of a type has 6 bits for each field.
    package static let maximumFieldCount = 5
    /// Where there is `numgen`, nft must read `typeof` expressions, of which 1.0.6 keeps four.
    package static let maximumTypeofFieldCount = 4

    package init(
        name: String, key: [NFTField], data: [NFTField]? = nil, isVerdictMap: Bool = false, isInterval: Bool = false,
        isDynamic: Bool = false, size: UInt32? = nil, comment: String? = nil
    ) {
        for fields in [key, data ?? key] {
            let maximum = fields.contains(.numgen) ? Self.maximumTypeofFieldCount : Self.maximumFieldCount
            precondition((1...maximum).contains(fields.count), "set \(name): nft cannot print \(fields.count) fields")
        }
        self.name = name
        self.key = key
        self.data = data
        self.isVerdictMap = isVerdictMap
        self.isInterval = isInterval
        self.isDynamic = isDynamic
        self.size = size
        self.comment = comment
    }
}
