import Net

/// A look at the conntrack table for wrong flows of one family.
package struct FlowCheckReport: Hashable, Sendable {
    package let family: IPFamily
    package var durationNanoseconds: UInt64 = 0
    /// Wrong flows that were removed.
    package var cleared = 0

    package init(family: IPFamily, durationNanoseconds: UInt64 = 0, cleared: Int = 0) {
        self.family = family
        self.durationNanoseconds = durationNanoseconds
        self.cleared = cleared
    }
}
