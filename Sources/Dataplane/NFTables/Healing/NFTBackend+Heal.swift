import Net
import Netlink

extension NFTBackend {
    package var newsDescriptor: Int32? { healing.newsDescriptor }

    /// How long to wait for the end of a transaction, which says who it is of: all of it is queued by the kernel at once.
    private static var completionNanoseconds: UInt64 { 2_000_000 }

    package mutating func heal() -> RepairOutcome {
        healing.takeNews()
        guard !healing.damage.isEmpty else { return .nothing }
        guard committed.count == layouts.count else {
            // Nothing is ours yet: what is written first takes over whatever is there.
            healing.damage = NFTDamage()
            return .nothing
        }
        let start = MonotonicClock.nanoseconds
        if healing.damage.isOpen {
            let since = healing.openSinceNanoseconds ?? start
            healing.openSinceNanoseconds = since
            if start < since + Self.completionNanoseconds { return .later(since + Self.completionNanoseconds) }
        }
        healing.openSinceNanoseconds = nil
        if start < healing.backOff.notBeforeNanoseconds { return .later(healing.backOff.notBeforeNanoseconds) }
        if healing.damage.isUnknown {
            healing.damage.isUnknown = false
            beginVerification(isUrgent: true)
            if healing.damage.isEmpty { return .nothing }
        }
        return repair(since: start)
    }

    private mutating func repair(since start: UInt64) -> RepairOutcome {
        let damage = healing.damage
        healing.damage = NFTDamage()
        var report = RepairReport(
            tables: damage.tables.filter { !$0.value.isEmpty }.keys.sorted().map { "table \(NFTLayout.table(of: $0))" },
            changes: damage.counts, processes: damage.processes)
        do {
            for layout in layouts {
                guard let table = damage.tables[layout.family], !table.isEmpty else { continue }
                guard !table.isGone else { throw TableIsGone() }
                try repair(layout, table, &report)
            }
        } catch {
            // Whatever it was: what is written anew does not depend on what is there.
            report.isFull = true
        }
        sink.batch.reset()
        if !report.isFull && report.repairedCount == 0 && report.leftovers.isEmpty { return .nothing }
        let end = MonotonicClock.nanoseconds
        healing.backOff.repaired(at: end)
        report.durationNanoseconds = end - start
        return report.isFull ? .everything(report) : .repaired(report)
    }

    private struct TableIsGone: Error {}

    /// Compares what others have touched with what was committed, and writes the difference in one transaction.
    private mutating func repair(
        _ layout: NFTLayout, _ damage: NFTDamage.Table, _ report: inout RepairReport
    ) throws {
        guard let committed = committed[layout.family] else { return }
        sink.batch.reset()
        var wanted = damage.elements
        var structure = NFTStructureRepair()
        if damage.hasStructure {
            guard let found = try socket.structure(of: layout.table) else { throw TableIsGone() }
            structure = NFTStructureRepair(layout, committed, damage, found)
            structure.write(into: &sink.batch, layout.table)
            for set in structure.missingSets { wanted[set] = .all }
        }
        try planElements(layout, committed, wanted, emptySets: structure.missingSets)
        report.repairedCount += sink.batch.objectCount + sink.batch.elementCount
        if !sink.batch.isEmpty { try socket.commit(&sink.batch) }
        if damage.hasStructure { healing.structures[layout.family] = nil }
        deleteForeign(structure, layout.table, &report)
    }

    private mutating func planElements(
        _ layout: NFTLayout, _ committed: NFTCommitted, _ wanted: [SetID: NFTSuspects], emptySets: Set<SetID>
    ) throws(NetlinkError) {
        guard !wanted.isEmpty else { return }
        var expected = NFTExpected(wanted)
        committed.write(layout, committed.owners(of: wanted, family: layout.family), into: &expected)
        for (set, suspects) in wanted {
            let reference = sink.batch.register(set: set.name, in: layout.table)
            guard case .some(let keys) = suspects else {
                if !emptySets.contains(set) { sink.batch.flushElements(of: set.name, in: layout.table) }
                for (key, value) in expected.elements[set] ?? [:] { sink.batch.add(key, value, to: reference) }
                for prefix in expected.prefixes[set] ?? [] { sink.batch.addInterval(prefix, to: reference) }
                for (key, prefix) in expected.ranges[set] ?? [] {
                    sink.batch.addRange(key.appending(prefix.address), key.appending(prefix.lastAddress), to: reference)
                }
                continue
            }
            let list = Array(keys)
            for (key, found) in zip(list, try socket.elements(list, of: set.name, in: layout.table)) {
                let value = expected.elements[set]?[key]
                if let found, value?.matches(found) == true { continue }
                if found != nil { sink.batch.deleteElement(key, from: reference) }
                if let value { sink.batch.add(key, value, to: reference) }
            }
        }
    }

    /// Nothing of ours leads to it by now. One by one: the kernel refuses (EBUSY) what something else refers to, which
    /// then stays and is named.
    private mutating func deleteForeign(
        _ structure: NFTStructureRepair, _ table: NFTTable, _ report: inout RepairReport
    ) {
        for name in structure.foreignSets.sorted() {
            delete(&report) { $0.delete(set: name, in: table) }
        }
        for name in structure.foreignChains.sorted() {
            delete(&report) { $0.delete(chain: name, in: table) }
        }
    }

    private mutating func delete(_ report: inout RepairReport, _ plan: (inout NFTBatch) -> Void) {
        sink.batch.reset()
        plan(&sink.batch)
        do throws(NetlinkError) {
            try socket.commit(&sink.batch)
            report.repairedCount += 1
        } catch {
            report.leftovers.append(error.description)
        }
    }
}

extension NFTBatch {
    mutating func add(_ key: NFTData, _ value: NFTExpected.Value, to set: NFTSetReference) {
        switch value {
        case .member: addElement(key, to: set)
        case .data(let data): addElement(key, data: data, to: set)
        case .chain(let chain): addElement(key, goto: chain, to: set)
        }
    }
}

extension NFTLayout {
    static func table(of family: IPFamily) -> NFTTable { NFTTable(family: family, name: tableName) }
}
