import Net
import Netlink

extension NFTBatchSink {
    /// Encodes into an empty batch the transaction with which a back end writes everything where there is no table yet: what
    /// `NFTBackend` sends when no service port is essential.
    package mutating func encodeTables(
        for desired: borrowing DesiredState, _ configuration: DataplaneConfiguration
    ) {
        batch.reset()
        for family in configuration.families.sorted() {
            var layout = NFTLayout(family: family, configuration: configuration)
            _ = layout.setPodNetworks(desired.node.podNetworks)
            layout.capacity = SetCapacity(for: desired.servicePorts, family: family)
            var planner = NFTPlanner(layout: layout, committed: nil)
            planner.planTable(for: desired.servicePorts, into: &self)
            planner.plan(desired.node, into: &self)
            for (name, port) in desired.servicePorts where name.family == family {
                planner.plan(name, port, into: &self)
            }
            planner.finish(into: &self)
        }
    }
}
