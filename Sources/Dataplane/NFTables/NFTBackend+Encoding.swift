import Net
import Netlink

extension NFTBackend {
    /// Encodes into a sink of the caller's the transaction that `commit` would send next, and neither sends nor remembers it. For
    /// whoever measures what the kernel alone takes. Where no table is there yet, all service ports are in one transaction.
    package mutating func encode(_ dirty: Dirty, desired: borrowing DesiredState, into sink: inout NFTBatchSink) {
        sink.batch.reset()
        var mode = Mode.changes(dirty)
        var layouts = layouts
        if dirty.everything || committed.count < layouts.count {
            for index in layouts.indices {
                _ = layouts[index].setPodNetworks(desired.node.podNetworks)
                layouts[index].capacity = SetCapacity(for: desired.servicePorts, family: layouts[index].family)
            }
            mode = inventories().map { .takeOver($0) } ?? .replace
        }
        for layout in layouts where mode.concerns(layout.family) {
            _ = Self.plan(layout, mode, committed[layout.family], desired: desired, into: &sink)
        }
    }
}
