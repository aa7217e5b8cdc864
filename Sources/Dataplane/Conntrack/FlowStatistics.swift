/// What a `FlowKeeper` has done since its start.
package struct FlowStatistics: Hashable, Sendable {
    /// Entries of the conntrack table that the kernel sent, to look for wrong flows and for snapshots.
    package var listed: UInt64 = 0
    /// Wrong flows that were removed.
    package var cleared: UInt64 = 0
    /// Looks at the table for wrong flows, of which each change causes two.
    package var checks: UInt64 = 0
    /// How often the kernel dropped word of ended flows for want of room.
    package var overflows: UInt64 = 0

    package init() {}
}
