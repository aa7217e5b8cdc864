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
        self.layout = layout
        self.inventory = inventory
        base = committed ?? NFTCommitted()
        let classes = inventory.map { layout.classCount(in: $0) } ?? base.classes
        advance = NFTAdvance(isReplacement: committed == nil, classes: classes)
    }

    /// Ends the plan. Its reference to the committed state goes with it, so that advancing that does not copy it.
    package consuming func finished() -> NFTAdvance { advance }

    /// The table without any service. Comes first, when all is written.
    package func planTable(into sink: inout some NFTPlanSink & ~Copyable) {
        guard advance.isReplacement else { return }
        if let inventory {
            takeOver(inventory, into: &sink)
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
    private func takeOver(_ inventory: NFTInventory, into sink: inout some NFTPlanSink & ~Copyable) {
        let table = layout.table
        let classes = (0..<advance.classes).map(SizeClass.init(exponent:))
        let ownSets = Set(layout.sets(in: inventory).map(\.name))
        let ownChains = Set((layout.chains + classes.flatMap { layout.objects(of: $0).chains }).map(\.name))
        sink.flushRules(in: table)
        for chain in inventory.chains.subtracting(ownChains).sorted() { sink.delete(chain: chain, in: table) }
        for set in inventory.sets.subtracting(ownSets).sorted() { sink.delete(set: set, in: table) }
        for set in ownSets.sorted() { sink.flushElements(of: set, in: table) }
    }

    package mutating func planNodeIPs(
        _ addresses: Set<IPAddress>, into sink: inout some NFTPlanSink & ~Copyable
    ) {
        let wanted = addresses.filter { $0.family == layout.family }
        for address in base.nodeIPs.subtracting(wanted) { sink.delete(key(address), from: .nodeIPs, family: family) }
        for address in wanted.subtracting(base.nodeIPs) {
            sink.add(key(address), data: nil, to: .nodeIPs, family: family)
        }
        advance.nodeIPs = wanted
    }

    /// Plans one service port; nil removes it.
    package mutating func plan(
        _ name: ServicePortName, _ desired: ServicePort?, into sink: inout some NFTPlanSink & ~Copyable
    ) {
        let old = base.servicePorts[name]
        let new = desired.map {
            NFTProgrammed(
                clusterIP: $0.clusterIP, port: $0.port, nodePort: $0.nodePort,
                slots: SlotAssignment.assign($0.endpoints, keeping: old?.slots ?? []))
        }
        if old == new { return }
        for kind in FrontendKind.allCases { planFrontend(kind, name.protocol, old, new, &sink) }
        if old?.clusterIP != new?.clusterIP {
            if let address = old?.clusterIP { advance.clusterIPs.add(-1, to: address) }
            if let address = new?.clusterIP { advance.clusterIPs.add(1, to: address) }
        }
        if old?.slots != new?.slots {
            for endpoint in old?.slots ?? [] where endpoint.isLocal { advance.hairpin.add(-1, to: endpoint.address) }
            for endpoint in new?.slots ?? [] where endpoint.isLocal { advance.hairpin.add(1, to: endpoint.address) }
        }
        advance.servicePorts.append((name, new))
    }

    /// What all service ports together need: shared addresses and new size classes. Comes last.
    package mutating func finish(into sink: inout some NFTPlanSink & ~Copyable) {
        for exponent in base.classes..<advance.classes {
            let objects = layout.objects(of: SizeClass(exponent: exponent))
            for kind in FrontendKind.allCases {
                sink.create(kind.frontends(SizeClass(exponent: exponent)), in: layout)
            }
            for chain in objects.chains { sink.create(chain, in: layout.table) }
            for rule in objects.rules { sink.create(rule, in: layout.table) }
        }
        write(base.clusterIPs.crossings(with: advance.clusterIPs), to: .clusterIPs, &sink) { key($0) }
        write(base.hairpin.crossings(with: advance.hairpin), to: .hairpin, &sink) { address in
            var pair = key(address)
            pair.append(address)
            return pair
        }
    }

    private var family: IPFamily { layout.family }

    private func key(_ address: IPAddress) -> NFTData {
        var key = NFTData()
        key.append(address)
        return key
    }

    private mutating func planFrontend(
        _ kind: FrontendKind, _ proto: L4Protocol, _ old: NFTProgrammed?, _ new: NFTProgrammed?,
        _ sink: inout some NFTPlanSink & ~Copyable
    ) {
        let oldKey = old?.key(kind, proto)
        let newKey = new?.key(kind, proto)
        let isSame = oldKey == newKey
        let before = oldKey == nil ? [] : old?.slots ?? []
        let after = newKey == nil ? [] : new?.slots ?? []
        if let oldKey {
            for slot in before.indices where !isSame || slot >= after.count || after[slot] != before[slot] {
                sink.delete(oldKey.appending(number: UInt32(slot)), from: kind.endpoints, family: family)
            }
        }
        if let newKey {
            for slot in after.indices where !isSame || slot >= before.count || before[slot] != after[slot] {
                var target = key(after[slot].address)
                target.append(port: after[slot].port)
                sink.add(
                    newKey.appending(number: UInt32(slot)), data: target, to: kind.endpoints, family: family)
            }
        }
        let oldClass = SizeClass(endpoints: before.count)
        let newClass = SizeClass(endpoints: after.count)
        if let newClass { advance.classes = max(advance.classes, newClass.exponent + 1) }
        if !isSame || oldClass != newClass {
            if let oldKey, let oldClass { sink.delete(oldKey, from: kind.frontends(oldClass), family: family) }
            if let newKey, let newClass { sink.add(newKey, data: nil, to: kind.frontends(newClass), family: family) }
        }
        if kind == .nodePort, !isSame {
            if let oldKey { sink.delete(oldKey, from: .nodePorts, family: family) }
            if let newKey { sink.add(newKey, data: nil, to: .nodePorts, family: family) }
        }
    }

    private func write(
        _ crossings: (appearing: [IPAddress], disappearing: [IPAddress]), to set: SetID,
        _ sink: inout some NFTPlanSink & ~Copyable, _ key: (IPAddress) -> NFTData
    ) {
        for address in crossings.disappearing { sink.delete(key(address), from: set, family: family) }
        for address in crossings.appearing { sink.add(key(address), data: nil, to: set, family: family) }
    }
}

extension NFTData {
    fileprivate func appending(number: UInt32) -> NFTData {
        var data = self
        data.append(number: number)
        return data
    }
}
