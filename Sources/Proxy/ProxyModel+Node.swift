import Dataplane
import Net

/// What all Services have in common on this node.
extension ProxyModel {
    /// Takes this node's Node object as it is now.
    mutating func apply(_ change: Parsed<ParsedNode>) {
        ledger.set(change.problems, for: .node(change.key))
        let former = node
        guard change.value != former else { return }
        node = change.value
        nodePortAddresses.setNode(node?.addresses ?? [])
        isNodeStale = true
        ownAddressesMayHaveChanged()
        if node?.zone != former?.zone {
            for place in entries.indices where entries[place].slices.contains(where: { !$0.zoneHints.isEmpty }) {
                markDirty(place)
            }
        }
    }

    /// Takes a ServiceCIDR as it is now.
    mutating func apply(_ change: Parsed<[IPPrefix]>) {
        ledger.set(change.problems, for: .serviceCIDR(change.key))
        guard serviceCIDRs[change.key] != change.value else { return }
        serviceCIDRs[change.key] = change.value
        isNodeStale = true
    }

    mutating func replace(_ all: [Parsed<[IPPrefix]>]) {
        let keys = Set(all.lazy.map(\.key))
        for object in all { apply(object) }
        for key in serviceCIDRs.keys.filter({ !keys.contains($0) }) {
            apply(Parsed<[IPPrefix]>(key: key, value: nil, problems: []))
        }
    }

    /// The node's addresses as the kernel has them now.
    mutating func setLocalAddresses(_ addresses: [LocalAddress]) {
        nodePortAddresses.setLocal(addresses)
        isNodeStale = true
        ownAddressesMayHaveChanged()
    }

    /// The node's state where it differs from that of the last call. Never nil the first time.
    mutating func takeNodeChange() -> NodeState? {
        guard isNodeStale else { return nil }
        isNodeStale = false
        let current = nodeState
        guard current != publishedNode else { return nil }
        if current.nodePortAddresses != publishedNode?.nodePortAddresses { areHealthChecksStale = true }
        publishedNode = current
        return current
    }

    private var nodeState: NodeState {
        var state = NodeState()
        state.nodePortAddresses = nodePortAddresses.current
        state.serviceCIDRs = served(configuration.serviceCIDRs + serviceCIDRs.values.joined())
        state.podNetworks = served(configuration.podNetworks ?? node?.podNetworks ?? [])
        state.healthCheckPorts = Set(healthCheckServices.values.map(\.port))
        return state
    }

    private func served(_ networks: [IPPrefix]) -> Set<IPPrefix> {
        Set(networks.filter { configuration.families.contains($0.family) }.withoutNested)
    }

    /// Who may connect to a load balancer's address may depend on the node's own ones.
    private mutating func ownAddressesMayHaveChanged() {
        let current = nodePortAddresses.own
        guard current != ownAddresses else { return }
        ownAddresses = current
        for place in entries.indices where entries[place].service?.isRestricted == true { markDirty(place) }
    }
}
