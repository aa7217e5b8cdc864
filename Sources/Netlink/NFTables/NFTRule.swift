/// A rule, appended to its chain.
package struct NFTRule: Hashable, Sendable {
    package let chain: String
    package let expressions: [NFTExpression]
    /// Shown by `nft list`; at most 127 bytes of it are kept.
    package let comment: String?

    package init(chain: String, expressions: [NFTExpression], comment: String? = nil) {
        self.chain = chain
        self.expressions = expressions
        self.comment = comment
    }
}
