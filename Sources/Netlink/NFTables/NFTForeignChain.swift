/// A chain of a table that others made.
package struct NFTForeignChain: Hashable, Sendable {
    package let name: String
    /// The kernel enters it from a hook.
    package let isBase: Bool

    package init(name: String, isBase: Bool) {
        self.name = name
        self.isBase = isBase
    }
}
