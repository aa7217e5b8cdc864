import Net
import Netlink

/// The elements of one service port's frontends: from those that are there to those that should be.
struct NFTFrontendPlan {
    let name: ServicePortName
    let old: ServicePort?
    let new: ServicePort?
    let layout: NFTLayout
    /// The size classes that the new frontends need.
    private(set) var classes = ClassCounts()

    init(name: ServicePortName, old: ServicePort?, new: ServicePort?, layout: NFTLayout) {
        self.name = name
        self.old = old
        self.new = new
        self.layout = layout
    }

    mutating func plan(into sink: inout some NFTPlanSink & ~Copyable) {
        let proto = name.protocol
        plan(
            old.flatMap { NFTFrontend.clusterIP(of: $0, proto) }, new.flatMap { NFTFrontend.clusterIP(of: $0, proto) },
            &sink)
        plan(
            old.flatMap { NFTFrontend(nodePortOf: $0, proto) }, new.flatMap { NFTFrontend(nodePortOf: $0, proto) },
            &sink)
        let addresses = (old?.externalAddresses ?? [], new?.externalAddresses ?? [])
        if addresses.0.isEmpty && addresses.1.isEmpty { return }
        for address in addresses.0 where !addresses.1.contains(where: { $0.address == address.address }) {
            plan(old.map { .external(address, of: $0, proto) }, nil, &sink)
        }
        for address in addresses.1 {
            let former = addresses.0.first { $0.address == address.address }
            plan(
                old.flatMap { old in former.map { .external($0, of: old, proto) } },
                new.map { .external(address, of: $0, proto) }, &sink)
        }
    }

    private mutating func plan(
        _ oldFrontend: NFTFrontend?, _ newFrontend: NFTFrontend?, _ sink: inout some NFTPlanSink & ~Copyable
    ) {
        guard let kind = newFrontend?.kind ?? oldFrontend?.kind else { return }
        for isLocal in [false, true] {
            let before = oldFrontend.map { Target($0, old, name, layout, isLocal: isLocal) } ?? Target()
            let after = newFrontend.map { Target($0, new, name, layout, isLocal: isLocal) } ?? Target()
            let pick = Pick(kind, isLocal: isLocal)
            planSlots(pick, oldFrontend?.key, before, newFrontend?.key, after, &sink)
            planChain(pick, oldFrontend?.key, before, newFrontend?.key, after, &sink)
        }
        /// The frontend's key while it belongs to a set that not all frontends belong to.
        func member(_ set: SetID, _ isMember: (NFTFrontend, ServicePort) -> Bool) {
            let before = old.flatMap { port in oldFrontend.flatMap { isMember($0, port) ? $0.key : nil } }
            let after = new.flatMap { port in newFrontend.flatMap { isMember($0, port) ? $0.key : nil } }
            guard before != after else { return }
            if let before { sink.delete(before, from: set, family: layout.family) }
            if let after { sink.add(after, data: nil, to: set, family: layout.family) }
        }
        if kind == .nodePort {
            member(.nodePorts) { _, _ in true }
            member(.localNodePorts) { _, port in port.externalPolicy == .local }
            member(.nodePortDrops) { $0.drops($1) }
        } else {
            member(.drops) { $0.drops($1) }
            guard newFrontend?.isExternal ?? oldFrontend?.isExternal ?? false else { return }
            member(.externalFrontends) { _, _ in true }
            member(.externalLocal) { _, port in port.externalPolicy == .local }
            member(.firewalled) { frontend, _ in frontend.allowedSources != nil }
            planSources(oldFrontend, newFrontend, &sink)
        }
    }

    /// Where a pick leads for a frontend: to slots, or with session affinity to a chain, or nowhere.
    private struct Target {
        var slots: [Endpoint] = []
        var chain: String?

        init() {}

        init(
            _ frontend: NFTFrontend, _ port: ServicePort?, _ name: ServicePortName, _ layout: NFTLayout, isLocal: Bool
        ) {
            guard let port else { return }
            let slots = frontend.slots(port, isLocal: isLocal)
            guard port.affinitySeconds > 0 else {
                self.slots = slots
                return
            }
            // A ClusterIP with policy Local picks among the local endpoints, although as `Pick.address`.
            let usesLocal = isLocal || (!frontend.isExternal && port.internalPolicy == .local)
            if !slots.isEmpty { chain = AffinityObjects(name, layout).chain(isLocal: usesLocal) }
        }
    }

    private mutating func planSlots(
        _ pick: Pick, _ oldKey: NFTData?, _ before: Target, _ newKey: NFTData?, _ after: Target,
        _ sink: inout some NFTPlanSink & ~Copyable
    ) {
        let (before, after) = (before.slots, after.slots)
        if before.isEmpty && after.isEmpty { return }
        let family = layout.family
        let isSame = oldKey == newKey
        if let oldKey {
            for slot in before.indices where !isSame || slot >= after.count || after[slot] != before[slot] {
                sink.delete(oldKey.appending(number: UInt32(slot)), from: .endpoints(pick), family: family)
            }
        }
        if let newKey {
            for slot in after.indices where !isSame || slot >= before.count || before[slot] != after[slot] {
                var target = NFTData().appending(after[slot].address)
                target.append(port: after[slot].port)
                sink.add(newKey.appending(number: UInt32(slot)), data: target, to: .endpoints(pick), family: family)
            }
        }
        let oldClass = SizeClass(endpoints: before.count)
        let newClass = SizeClass(endpoints: after.count)
        if let newClass { classes[pick] = max(classes[pick], newClass.exponent + 1) }
        guard !isSame || oldClass != newClass else { return }
        if let oldKey, let oldClass { sink.delete(oldKey, from: .frontends(pick, oldClass), family: family) }
        if let newKey, let newClass { sink.add(newKey, data: nil, to: .frontends(pick, newClass), family: family) }
    }

    private mutating func planChain(
        _ pick: Pick, _ oldKey: NFTData?, _ before: Target, _ newKey: NFTData?, _ after: Target,
        _ sink: inout some NFTPlanSink & ~Copyable
    ) {
        guard before.chain != after.chain || (after.chain != nil && oldKey != newKey) else { return }
        if let oldKey, before.chain != nil { sink.delete(oldKey, from: .affinity(pick), family: layout.family) }
        if let newKey, let chain = after.chain {
            classes.setAffinity(pick)
            sink.add(newKey, goto: chain, to: .affinity(pick), family: layout.family)
        }
    }

    private func planSources(
        _ oldFrontend: NFTFrontend?, _ newFrontend: NFTFrontend?, _ sink: inout some NFTPlanSink & ~Copyable
    ) {
        let before = Set(oldFrontend?.allowedSources ?? [])
        let after = Set(newFrontend?.allowedSources ?? [])
        let isSame = oldFrontend?.key == newFrontend?.key
        if let oldFrontend {
            for range in isSame ? before.subtracting(after) : before {
                sink.delete(oldFrontend.key, range, from: .allowedSources)
            }
        }
        if let newFrontend {
            for range in isSame ? after.subtracting(before) : after {
                sink.add(newFrontend.key, range, to: .allowedSources)
            }
        }
    }
}
