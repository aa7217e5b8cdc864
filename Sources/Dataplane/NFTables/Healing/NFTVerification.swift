import Net
import Netlink

/// A pass over all that our tables should have, in pieces: each is compared with what is committed by then, so that
/// changes in between do no harm.
struct NFTVerification: Sendable {
    enum Piece {
        /// Chains, rules and sets.
        case structure(IPFamily)
        case servicePort(ServicePortName)
        /// Sets of networks, and of what the node has.
        case shared(IPFamily)
        /// How many elements the sets have: who finds all that should be there, and as many as there should be, has found
        /// nothing else.
        case counts(IPFamily)
    }

    var isUrgent: Bool
    var report = VerificationReport()
    private let families: [IPFamily]
    private let servicePorts: [ServicePortName]
    private var next = 0

    init(families: [IPFamily], servicePorts: [ServicePortName], isUrgent: Bool) {
        self.families = families
        self.servicePorts = servicePorts
        self.isUrgent = isUrgent
    }

    /// The next piece; nil at the end.
    mutating func takePiece() -> Piece? {
        defer { next += 1 }
        var place = next
        if place < families.count { return .structure(families[place]) }
        place -= families.count
        if place < servicePorts.count { return .servicePort(servicePorts[place]) }
        place -= servicePorts.count
        if place < families.count { return .shared(families[place]) }
        place -= families.count
        return place < families.count ? .counts(families[place]) : nil
    }
}

extension NFTBackend {
    package mutating func beginVerification(isUrgent: Bool) {
        let names = committed.values.flatMap { $0.servicePorts.keys }
        healing.verification = NFTVerification(
            families: layouts.map(\.family), servicePorts: names,
            isUrgent: isUrgent || healing.verification?.isUrgent == true)
    }

    package mutating func verify(forNanoseconds budget: UInt64) -> VerificationStep {
        // What is not written cannot be compared.
        guard committed.count == layouts.count, healing.verification != nil else { return .none }
        let start = MonotonicClock.nanoseconds
        var now = start
        while now < start + budget {
            guard let piece = healing.verification?.takePiece() else { return finishVerification(start, now) }
            do throws(NetlinkError) {
                try verify(piece)
            } catch {
                // The kernel's answer was lost, or a list changed all the time: the next pass sees it.
                healing.verification?.report.skipped += 1
            }
            now = MonotonicClock.nanoseconds
        }
        note(start, now)
        return .more(isUrgent: healing.verification?.isUrgent ?? false)
    }

    private mutating func note(_ start: UInt64, _ end: UInt64) {
        guard var verification = healing.verification else { return }
        verification.report.busyNanoseconds += end - start
        verification.report.longestSliceNanoseconds = max(
            verification.report.longestSliceNanoseconds, end - start)
        healing.verification = verification
    }

    private mutating func finishVerification(_ start: UInt64, _ end: UInt64) -> VerificationStep {
        note(start, end)
        defer { healing.verification = nil }
        return .done(healing.verification?.report ?? VerificationReport())
    }

    private mutating func verify(_ piece: NFTVerification.Piece) throws(NetlinkError) {
        switch piece {
        case .structure(let family): try verifyStructure(family)
        case .servicePort(let name): try verifyServicePort(name)
        case .shared(let family): try verifyShared(family)
        case .counts(let family): try verifyCounts(family)
        }
    }

    private func layout(_ family: IPFamily) -> NFTLayout? { layouts.first { $0.family == family } }

    private mutating func verifyStructure(_ family: IPFamily) throws(NetlinkError) {
        guard let layout = layout(family), let committed = committed[family] else { return }
        guard let found = try socket.structure(of: layout.table) else {
            healing.damage.tables[family, default: NFTDamage.Table()].isGone = true
            note(damaged: RepairReport.Change(kind: .table, isThere: false))
            return
        }
        let different = NFTStructureRepair.differences(
            layout, committed, found, known: healing.structures[family])
        if different.chains.isEmpty && different.sets.isEmpty {
            healing.structures[family] = found
            return
        }
        healing.damage.tables[family, default: NFTDamage.Table()].chains.formUnion(different.chains)
        healing.damage.tables[family, default: NFTDamage.Table()].sets.formUnion(different.sets)
        for chain in different.chains {
            note(damaged: RepairReport.Change(kind: .chain, isThere: found.chains[chain] != nil))
        }
        for set in different.sets {
            note(damaged: RepairReport.Change(kind: .set, isThere: found.sets[set] != nil))
        }
    }

    private mutating func note(damaged change: RepairReport.Change) {
        healing.damage.count(change)
        healing.verification?.report.damaged += 1
    }

    private mutating func verifyServicePort(_ name: ServicePortName) throws(NetlinkError) {
        // It may have gone since the pass began.
        guard let layout = layout(name.family), let port = committed[name.family]?.servicePorts[name] else { return }
        var expected = NFTExpected()
        expected.addElements(of: port, name, layout)
        try compare(expected.elements, layout)
        healing.verification?.report.servicePorts += 1
    }

    /// Compares elements by their keys with what the kernel has for them.
    private mutating func compare(
        _ elements: [SetID: [NFTData: NFTExpected.Value]], _ layout: NFTLayout
    ) throws(NetlinkError) {
        for (set, values) in elements where !set.isInterval {
            let found = try socket.elements(Array(values.keys), of: set.name, in: layout.table)
            for ((key, value), element) in zip(values, found) {
                healing.verification?.report.elements += 1
                if let element, value.matches(element) { continue }
                let change = RepairReport.Change(kind: .element, isThere: element != nil)
                healing.damage.addElement(key, of: set, family: layout.family, change)
                healing.verification?.report.damaged += 1
            }
        }
    }

    private mutating func verifyShared(_ family: IPFamily) throws(NetlinkError) {
        guard let layout = layout(family), let committed = committed[family] else { return }
        let sets: [SetID] = [.nodeIPs, .healthCheckPorts, .podCIDRs, .serviceCIDRs, .allowedSources]
        let wanted = Dictionary(uniqueKeysWithValues: sets.map { ($0, NFTSuspects.all) })
        var expected = NFTExpected(wanted)
        committed.write(layout, committed.owners(of: wanted, family: family), into: &expected)
        try compare(expected.elements, layout)
        for set in sets where set.isInterval {
            let found = Set(try socket.elements(of: set.name, in: layout.table).map(NFTExpected.Interval.init))
            let intervals = expected.intervals(of: set)
            healing.verification?.report.elements += intervals.count
            guard found != intervals else { continue }
            healing.damage.tables[family, default: NFTDamage.Table()].elements[set] = .all
            note(damaged: RepairReport.Change(kind: .element, isThere: !found.isSubset(of: intervals)))
        }
    }

    private mutating func verifyCounts(_ family: IPFamily) throws(NetlinkError) {
        guard let layout = layout(family), let found = try socket.structure(of: layout.table) else { return }
        for (name, state) in found.sets {
            guard let set = SetID.byName[name], !set.isInterval, let count = state.elementCount,
                count > healing.elementCounts[family]?[name] ?? 0
            else { continue }
            healing.damage.tables[family, default: NFTDamage.Table()].elements[set] = .all
            note(damaged: RepairReport.Change(kind: .element, isThere: true))
        }
    }
}

extension NFTBackend {
    package mutating func isIntact(_ name: ServicePortName) -> Bool {
        // What a verification or others' news have found already is not forgotten.
        let before = healing.damage
        healing.damage = NFTDamage()
        healing.takeNews()
        var isIntact = before.isEmpty && healing.damage.isEmpty
        do throws(NetlinkError) {
            if isIntact { try verifyServicePort(name) }
            if isIntact { try verifyRefused() }
        } catch {
            isIntact = false
        }
        isIntact = isIntact && healing.damage.isEmpty
        healing.damage = before
        return isIntact
    }

    /// Looks at the element that the kernel refused last: a stranger may have made it.
    private mutating func verifyRefused() throws(NetlinkError) {
        guard let error = healing.lastRefusal, let key = error.elementKey, let family = error.table?.family,
            let layout = layout(family), let committed = committed[family],
            let set = error.setName.flatMap({ SetID.byName[$0] }), !set.isInterval
        else { return }
        let wanted = [set: NFTSuspects.some([key])]
        var expected = NFTExpected(wanted)
        committed.write(layout, committed.owners(of: wanted, family: family), into: &expected)
        let found = try socket.elements([key], of: set.name, in: layout.table)
        let value = expected.elements[set]?[key]
        if let element = found.first ?? nil {
            if value?.matches(element) == true { return }
        } else if value == nil {
            return
        }
        healing.damage.addElement(
            key, of: set, family: family, RepairReport.Change(kind: .element, isThere: value == nil))
    }
}
