import Net
import Netlink

/// One family's table as plans leave it: what the packet tracer reads, and what tests compare.
package struct RecordedTable: Equatable {
    package struct Elements: Equatable {
        package let key: [NFTField]
        package let data: [NFTField]
        package let keyByteCount: Int
        /// Packets add elements.
        package let isDynamic: Bool
        /// Key bytes to data bytes; empty data in a set, and in a verdict map the name of the chain.
        package var exact: [[UInt8]: [UInt8]] = [:]
        package var intervals: Set<IPPrefix> = []
        package var ranges: Set<Range> = []

        package init(_ definition: NFTSet, _ family: IPFamily) {
            key = definition.key
            data = definition.data ?? []
            keyByteCount = definition.keyByteCount(family)
            isDynamic = definition.isDynamic
        }
    }

    /// Keys that differ in their last field, an address.
    package struct Range: Hashable {
        package let key: [UInt8]
        package let prefix: IPPrefix
    }

    package var chains: [String: NFTChain] = [:]
    package var rules: [String: [NFTRule]] = [:]
    package var sets: [String: Elements] = [:]
    /// What the plans did that the kernel would have refused.
    package var mistakes: [String] = []

    package init() {}
}
