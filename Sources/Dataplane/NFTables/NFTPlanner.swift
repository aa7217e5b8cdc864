import Net
import Netlink

/// From the desired state and what one family's table has, to what must be written. Pure.
///
/// A change of n endpoints writes O(n) elements, whatever the size of the cluster.
package struct NFTPlanner: ~Copyable {
    package let layout: NFTLayout
    private let base: NFTCommitted
    private let inventory: NFTInventory?
    private var advance: NFTAdvance

    /// - Parameters:
    ///   - committed: what the kernel has; nil when that is not known and all is to be written.
    ///   - inventory: for nil `committed`, the table that is there and is taken over; nil to replace any by a new one.
    package init(layout: NFTLayout, committed: NFTCommitted?, inventory: NFTInventory? = nil) {
        var classes = committed?.classes ?? ClassCounts()
        if let inventory { classes = layout.classCounts(in: inventory) }
        self.layout = layout
        self.inventory = inventory
        base = committed ?? NFTCommitted()
        advance = NFTAdvance(isReplacement: committed == nil, classes: classes)
    }

    /// Ends the plan. Its reference to the committed state goes with it, so that advancing that does not copy it.
    package consuming func finished() -> NFTAdvance { advance }

    /// The table without any service. Comes first, when all is written.
    ///
    /// - Parameter servicePorts: what will be planned, to keep the clients of session affinity in a table that is
    ///   taken over.
    package func planTable(
        for servicePorts: [ServicePortName: ServicePort], into sink: inout some NFTPlanSink & ~Copyable
    ) {
        guard advance.isReplacement else { return }
        if let inventory {
            takeOver(inventory, for: servicePorts, into: &sink)
        } else {
            sink.replace(layout.table)
        }
        for set in SetID.constant { sink.create(set, in: layout) }
        for chain in layout.chains { sink.create(chain, in: layout.table) }
        for rule in layout.rules { sink.create(rule, in: layout.table) }
        for prefix in layout.podCIDRs { sink.add(prefix, to: .podCIDRs) }
    }

    /// Empties a table and keeps its chains and sets.
    ///
    /// With a new table in place of the old, both would have base chains on the same hooks for a moment, and a packet
    /// that has passed the one's before the commit and comes to the other's after it would find no rule in either.
    /// Here a chain's rules change between two packets, and a look-up finds the old element or the new.
    private func takeOver(
        _ inventory: NFTInventory, for servicePorts: [ServicePortName: ServicePort],
        into sink: inout some NFTPlanSink & ~Copyable
    ) {
        let table = layout.table
        var affinity = NFTGarbage()
        for (name, port) in servicePorts where name.family == layout.family && port.affinitySeconds > 0 {
            affinity.formUnion(AffinityObjects(name, layout).used(by: port))
        }
        let ownSets = Set(layout.sets(in: inventory).map(\.name))
        let classChains = Pick.allCases.flatMap { pick in
            (0..<advance.classes[pick]).flatMap { layout.objects(of: SizeClass(exponent: $0), pick).chains }
        }
        let ownChains = Set((layout.chains + classChains).map(\.name)).union(affinity.chains)
        sink.flushRules(of: nil, in: table)
        // Elements lead to chains, too.
        for set in ownSets.sorted() { sink.flushElements(of: set, in: table) }
        for set in inventory.sets.subtracting(ownSets).subtracting(affinity.sets).sorted() {
            sink.delete(set: set, in: table)
        }
        for chain in inventory.chains.subtracting(ownChains).sorted() { sink.delete(chain: chain, in: table) }
    }

    /// Plans what all service ports have in common.
    package mutating func plan(_ node: NodeState, into sink: inout some NFTPlanSink & ~Copyable) {
        let old = base.node
        write(node.nodePortAddresses.filter { $0.family == family }, old.nodePortAddresses, .nodeIPs, &sink) {
            NFTData().appending($0)
        }
        write(node.healthCheckPorts, old.healthCheckPorts, .healthCheckPorts, &sink) { port in
            var key = NFTData()
            key.append(port: port)
            return key
        }
        let cidrs = Set(node.serviceCIDRs.disjoint(family))
        for prefix in old.serviceCIDRs.subtracting(cidrs) { sink.delete(prefix, from: .serviceCIDRs) }
        for prefix in cidrs.subtracting(old.serviceCIDRs) { sink.add(prefix, to: .serviceCIDRs) }
        var own = node
        own.nodePortAddresses = node.nodePortAddresses.filter { $0.family == family }
        own.serviceCIDRs = cidrs
        advance.node = own
    }

    /// Plans one service port; nil removes it.
    package mutating func plan(
        _ name: ServicePortName, _ desired: ServicePort?, into sink: inout some NFTPlanSink & ~Copyable
    ) {
        let old = base.servicePorts[name]
        var new = desired
        if let desired {
            new?.endpoints = SlotAssignment.assign(desired.endpoints, keeping: old?.endpoints ?? [])
            new?.localEndpoints = SlotAssignment.assign(desired.localEndpoints, keeping: old?.localEndpoints ?? [])
            // The table knows nothing of them.
            new?.retainedEndpoints = []
        }
        if old == new { return }
        planAffinity(name, old, new, &sink)
        var frontends = NFTFrontendPlan(name: name, old: old, new: new, layout: layout)
        frontends.plan(into: &sink)
        advance.classes.raise(to: frontends.classes)
        if old?.clusterIP != new?.clusterIP {
            if let address = old?.clusterIP { advance.clusterIPs.add(-1, to: address) }
            if let address = new?.clusterIP { advance.clusterIPs.add(1, to: address) }
        }
        count(old?.endpoints, new?.endpoints)
        count(old?.localEndpoints, new?.localEndpoints)
        advance.servicePorts.append((name, new))
    }

    /// What all service ports together need: shared addresses and new size classes. Comes last.
    package mutating func finish(into sink: inout some NFTPlanSink & ~Copyable) {
        for pick in Pick.allCases { finish(pick, into: &sink) }
        write(base.clusterIPs.crossings(with: advance.clusterIPs), to: .clusterIPs, &sink) { NFTData().appending($0) }
        write(base.hairpin.crossings(with: advance.hairpin), to: .hairpin, &sink) {
            NFTData().appending($0).appending($0)
        }
    }

    private func finish(_ pick: Pick, into sink: inout some NFTPlanSink & ~Copyable) {
        var entries: [(exponent: Int, rule: NFTRule)] = []
        for exponent in base.classes[pick]..<max(advance.classes[pick], base.classes[pick]) {
            let objects = layout.objects(of: SizeClass(exponent: exponent), pick)
            sink.create(.frontends(pick, SizeClass(exponent: exponent)), in: layout)
            for chain in objects.chains { sink.create(chain, in: layout.table) }
            for rule in objects.rules { sink.create(rule, in: layout.table) }
            if let entry = objects.entry { entries.append((exponent, entry)) }
        }
        if entries.count > 1 {
            // What most frontends need is asked first: each class before it costs a connection a look-up.
            var counts: [Int: Int] = [:]
            for case (_, let port?) in advance.servicePorts {
                let slots = pick.isLocal ? port.localEndpoints : port.endpoints
                if let sizeClass = SizeClass(endpoints: slots.count) { counts[sizeClass.exponent, default: 0] += 1 }
            }
            entries.sort { (counts[$0.exponent] ?? 0, $1.exponent) > (counts[$1.exponent] ?? 0, $0.exponent) }
        }
        for entry in entries { sink.create(entry.rule, in: layout.table) }
        if advance.classes.hasAffinity(pick), !base.classes.hasAffinity(pick) {
            sink.create(layout.affinityEntry(pick), in: layout.table)
        }
    }

    private var family: IPFamily { layout.family }

    private mutating func planAffinity(
        _ name: ServicePortName, _ old: ServicePort?, _ new: ServicePort?,
        _ sink: inout some NFTPlanSink & ~Copyable
    ) {
        guard (old?.affinitySeconds ?? 0) > 0 || (new?.affinitySeconds ?? 0) > 0 else { return }
        let objects = AffinityObjects(name, layout)
        if let new, new.affinitySeconds > 0 { objects.plan(new, replacing: old, into: &sink) }
        let used = objects.used(by: new)
        var garbage = objects.used(by: old)
        garbage.subtract(used)
        advance.garbage.formUnion(garbage)
        advance.used.formUnion(used)
    }

    private mutating func count(_ old: [Endpoint]?, _ new: [Endpoint]?) {
        guard old != new else { return }
        for endpoint in old ?? [] where endpoint.isLocal { advance.hairpin.add(-1, to: endpoint.address) }
        for endpoint in new ?? [] where endpoint.isLocal { advance.hairpin.add(1, to: endpoint.address) }
    }

    private func write<Element>(
        _ new: Set<Element>, _ old: Set<Element>, _ set: SetID, _ sink: inout some NFTPlanSink & ~Copyable,
        _ key: (Element) -> NFTData
    ) {
        for element in old.subtracting(new) { sink.delete(key(element), from: set, family: family) }
        for element in new.subtracting(old) { sink.add(key(element), data: nil, to: set, family: family) }
    }

    private func write(
        _ crossings: (appearing: [IPAddress], disappearing: [IPAddress]), to set: SetID,
        _ sink: inout some NFTPlanSink & ~Copyable, _ key: (IPAddress) -> NFTData
    ) {
        for address in crossings.disappearing { sink.delete(key(address), from: set, family: family) }
        for address in crossings.appearing { sink.add(key(address), data: nil, to: set, family: family) }
    }
}

extension NFTPlanner {
    /// Keeps what was once needed, and stays when nothing needs it any more.
    mutating func keep(_ classes: ClassCounts) { advance.classes.raise(to: classes) }
}
