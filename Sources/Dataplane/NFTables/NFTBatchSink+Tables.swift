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
            _ = NFTBackend.plan(layout, .replace, nil, desired: desired, into: &self)
        }
    }
}
