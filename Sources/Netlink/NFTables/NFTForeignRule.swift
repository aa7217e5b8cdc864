/// A rule that others made: where it stands, and where it leads. What else it holds is not read, so that it may hold
/// anything, such as the matches of iptables.
package struct NFTForeignRule: Hashable, Sendable {
    package let chain: String
    /// The kernel's number for it, unique within the table.
    package let handle: UInt64
    /// The chain that its verdict jumps or goes to.
    package let target: String?

    package init(chain: String, handle: UInt64, target: String?) {
        self.chain = chain
        self.handle = handle
        self.target = target
    }
}
