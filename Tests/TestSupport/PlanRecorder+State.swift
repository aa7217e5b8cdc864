import Dataplane
import Net

/// The tables of both families after a series of plans, with what is committed: the nftables back end without a
/// kernel.
package struct RecordedBackend {
    package private(set) var recorder = PlanRecorder()
    private var committed: [IPFamily: NFTCommitted] = [:]
    private var podNetworks: Set<IPPrefix> = []
    private let configuration: DataplaneConfiguration

    package init(_ configuration: DataplaneConfiguration = DataplaneConfiguration()) {
        self.configuration = configuration
    }

    package mutating func commit(_ dirty: Dirty, _ desired: DesiredState) {
        for family in IPFamily.allCases {
            var layout = NFTLayout(family: family, configuration: configuration)
            var isFull = dirty.everything || committed[family] == nil
            // As the back end does: other rules are a reason to write all.
            if layout.setPodNetworks(desired.node.podNetworks), podNetworks != desired.node.podNetworks {
                isFull = true
            }
            var planner = NFTPlanner(
                layout: layout, committed: isFull ? nil : committed[family],
                inventory: isFull ? recorder.inventory(family) : nil)
            planner.planTable(for: desired.servicePorts, into: &recorder)
            if isFull || dirty.node { planner.plan(desired.node, into: &recorder) }
            let names = isFull ? Set(desired.servicePorts.keys) : dirty.servicePorts
            for name in names where name.family == family {
                planner.plan(name, desired.servicePorts[name], into: &recorder)
            }
            planner.finish(into: &recorder)
            committed[family, default: NFTCommitted()].apply(planner.finished())
        }
        podNetworks = desired.node.podNetworks
        recorder.commit()
    }

    package func table(_ family: IPFamily) -> RecordedTable { recorder.tables[family] ?? RecordedTable() }
}
