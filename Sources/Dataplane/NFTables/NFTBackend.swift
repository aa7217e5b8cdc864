import Net
import Netlink

/// The nftables back end: one table a family, both written in one transaction.
package struct NFTBackend: ~Copyable, Sendable, DataplaneBackend {
    var socket: NFTSocket
    var sink = NFTBatchSink()
    private(set) var layouts: [NFTLayout]
    /// By family; nil until the kernel has acknowledged a whole table.
    private(set) var committed: [IPFamily: NFTCommitted] = [:]
    var healing: NFTHealing

    /// Opens a netlink socket in the network namespace of the calling thread.
    ///
    /// - Parameter newsBufferByteCount: what the kernel may queue of the news of what others do; nil for its usual size.
    /// - Throws: `NetlinkError` without the right to program nftables there, or without nftables in the kernel.
    package init(
        _ configuration: DataplaneConfiguration, newsBufferByteCount: Int? = nil
    ) throws(NetlinkError) {
        let socket = try NFTSocket()
        healing = try NFTHealing(
            socket, listens: configuration.followsOthers, bufferByteCount: newsBufferByteCount)
        self.socket = socket
        layouts = configuration.families.sorted().map { NFTLayout(family: $0, configuration: configuration) }
    }

    package mutating func commit(
        _ dirty: Dirty, desired: borrowing DesiredState
    ) throws(CommitFailure) -> CommitReport {
        var writesAll = dirty.everything || committed.count < layouts.count
        if writesAll || dirty.node {
            for index in layouts.indices where layouts[index].setPodNetworks(desired.node.podNetworks) {
                // The rules are others, too.
                writesAll = true
            }
        }
        var report = writesAll ? try writeAll(desired) : try write(.changes(dirty), desired: desired)
        report.cleanupFailures = collectGarbage()
        return report
    }

    private mutating func writeAll(_ desired: borrowing DesiredState) throws(CommitFailure) -> CommitReport {
        for index in layouts.indices {
            layouts[index].capacity = SetCapacity(for: desired.servicePorts, family: layouts[index].family)
        }
        if let inventories = inventories() {
            enlargeSets(inventories)
            // Sets may be of another kind in a table of another version: such a table is replaced.
            if let report = try? write(.takeOver(inventories), desired: desired) { return report }
            return try write(.replace, desired: desired)
        }
        return try writeByImportance(desired)
    }

    /// Where there is no table the first Services to work are those that others wait for, before the kernel has taken all.
    private mutating func writeByImportance(_ desired: borrowing DesiredState) throws(CommitFailure) -> CommitReport {
        var essential = DesiredState()
        essential.servicePorts = desired.servicePorts.filter { $0.value.isEssential }
        if essential.servicePorts.isEmpty { return try write(.replace, desired: desired) }
        essential.node = desired.node
        // What is not written yet is none of the addresses that no Service has.
        essential.node.serviceCIDRs = []
        var report = try write(.replace, desired: essential)
        let rest = desired.servicePorts.keys.filter { essential.servicePorts[$0] == nil }
        do {
            let second = try write(.changes(Dirty(servicePorts: Set(rest), node: true)), desired: desired)
            report.servicePorts += second.servicePorts
            report.elements += second.elements
            report.bytes += second.bytes
            report.durationNanoseconds += second.durationNanoseconds
            report.kernelNanoseconds += second.kernelNanoseconds
            report.families.formUnion(second.families)
            return report
        } catch {
            // Half is not what is remembered: the next attempt writes all.
            committed = [:]
            throw error
        }
    }

    /// Lets the sets that are there hold as much as their table is now made for. Since Linux 6.5 a set's size can be
    /// changed, from the next transaction on; before, a table with a set that is too small is replaced.
    private mutating func enlargeSets(_ inventories: [IPFamily: NFTInventory]) {
        sink.batch.reset()
        for layout in layouts {
            guard let inventory = inventories[layout.family] else { continue }
            for set in layout.sets(in: inventory) { sink.create(set, in: layout) }
        }
        // What cannot be enlarged shows when it is filled.
        try? socket.commit(&sink.batch)
    }

    /// How a transaction relates to what the kernel has.
    enum Mode {
        case changes(Dirty)
        case takeOver([IPFamily: NFTInventory])
        case replace

        func concerns(_ family: IPFamily) -> Bool {
            guard case .changes(let dirty) = self, !dirty.node else { return true }
            return dirty.servicePorts.contains { $0.family == family }
        }
    }

    /// What our tables have; nil where there is none.
    mutating func inventories() -> [IPFamily: NFTInventory]? {
        var found: [IPFamily: NFTInventory] = [:]
        for layout in layouts {
            guard let inventory = try? socket.inventory(of: layout.table) else { continue }
            found[layout.family] = inventory
        }
        return found.isEmpty ? nil : found
    }

    private mutating func write(
        _ mode: Mode, desired: borrowing DesiredState
    ) throws(CommitFailure) -> CommitReport {
        let start = MonotonicClock.nanoseconds
        sink.batch.reset()
        var advances: [(IPFamily, NFTAdvance)] = []
        for layout in layouts where mode.concerns(layout.family) {
            let committed = committed[layout.family]
            advances.append((layout.family, Self.plan(layout, mode, committed, desired: desired, into: &sink)))
        }
        var report = CommitReport(
            isFull: advances.contains { $0.1.isReplacement },
            servicePorts: advances.reduce(0) { $0 + $1.1.servicePorts.count }, elements: sink.batch.elementCount,
            bytes: sink.batch.byteCount)
        report.families = Set(advances.map(\.0))
        if !sink.batch.isEmpty {
            let sent = MonotonicClock.nanoseconds
            do {
                try healing.commit(&sink.batch, over: &socket)
            } catch {
                sink.batch.reset()
                var changed: Set<ServicePortName> = []
                if case .changes(let dirty) = mode { changed = dirty.servicePorts }
                throw failure(error, desired: desired, changed: changed)
            }
            report.kernelNanoseconds = MonotonicClock.nanoseconds - sent
        }
        healing.record(sink.batch, replaced: Set(advances.filter { $0.1.isReplacement }.map(\.0)))
        for (family, advance) in advances { committed[family, default: NFTCommitted()].apply(advance) }
        report.durationNanoseconds = MonotonicClock.nanoseconds - start
        // A large batch's buffers go back to the system; a small one's are kept.
        sink.batch.reset()
        return report
    }

    static func plan(
        _ layout: NFTLayout, _ mode: Mode, _ committed: NFTCommitted?, desired: borrowing DesiredState,
        into sink: inout NFTBatchSink
    ) -> NFTAdvance {
        switch mode {
        case .changes(let dirty):
            var planner = NFTPlanner(layout: layout, committed: committed)
            if dirty.node { planner.plan(desired.node, into: &sink) }
            for name in dirty.servicePorts where name.family == layout.family {
                planner.plan(name, desired.servicePorts[name], into: &sink)
            }
            planner.finish(into: &sink)
            return planner.finished()
        case .takeOver(let inventories):
            return planAll(layout, inventories[layout.family], desired: desired, into: &sink)
        case .replace: return planAll(layout, nil, desired: desired, into: &sink)
        }
    }

    private static func planAll(
        _ layout: NFTLayout, _ inventory: NFTInventory?, desired: borrowing DesiredState,
        into sink: inout NFTBatchSink
    ) -> NFTAdvance {
        var planner = NFTPlanner(layout: layout, committed: nil, inventory: inventory)
        planner.planTable(for: desired.servicePorts, into: &sink)
        planner.plan(desired.node, into: &sink)
        for (name, port) in desired.servicePorts where name.family == layout.family {
            planner.plan(name, port, into: &sink)
        }
        planner.finish(into: &sink)
        return planner.finished()
    }

    /// Deletes what nothing leads to any more, in a transaction of its own: kernels before 6.2 go on counting a
    /// reference for a moment after its element has gone, and refuse (EBUSY). Then it is tried with the next commit.
    ///
    /// - Returns: the families where that is so.
    private mutating func collectGarbage() -> Set<IPFamily> {
        var failures: Set<IPFamily> = []
        for layout in layouts {
            guard let garbage = committed[layout.family]?.garbage, !garbage.isEmpty else { continue }
            sink.batch.reset()
            for chain in garbage.chains.sorted() { sink.flushRules(of: chain, in: layout.table) }
            for chain in garbage.chains.sorted() { sink.delete(chain: chain, in: layout.table) }
            for set in garbage.sets.sorted() { sink.delete(set: set, in: layout.table) }
            if (try? socket.commit(&sink.batch)) != nil {
                committed[layout.family]?.garbage = NFTGarbage()
                healing.structures[layout.family] = nil
            } else {
                failures.insert(layout.family)
            }
            sink.batch.reset()
        }
        return failures
    }
}

extension NFTBackend {
    private func failure(
        _ error: NetlinkError, desired: borrowing DesiredState, changed: Set<ServicePortName>
    ) -> CommitFailure {
        // Of two that claim the same, it is the one that is new.
        let changes = desired.servicePorts.filter { changed.contains($0.key) }
        return CommitFailure(
            servicePort: owner(of: error, among: changes) ?? owner(of: error, among: desired.servicePorts),
            description: error.description, retryMilliseconds: 0)
    }

    /// The service port whose object the kernel refused. Walks the desired state: failures are rare.
    private func owner(
        of error: NetlinkError, among servicePorts: [ServicePortName: ServicePort]
    ) -> ServicePortName? {
        // Want of memory or of rights is nobody's fault among the service ports.
        guard error.isAboutTheObject, let family = error.table?.family,
            let layout = layouts.first(where: { $0.family == family })
        else { return nil }
        for (name, port) in servicePorts where name.family == family {
            if let refused = error.elementKey, port.hasFrontend(refused, name.protocol) { return name }
            guard port.affinitySeconds > 0 else { continue }
            let objects = AffinityObjects(name, layout).used(by: port)
            if objects.sets.union(objects.chains).contains(where: error.object.hasSuffix) { return name }
        }
        return nil
    }

    /// Removes our tables from the network namespace of the calling thread.
    ///
    /// - Returns: whether there was one.
    package static func removeAllTraces() throws(NetlinkError) -> Bool {
        var socket = try NFTSocket()
        let tables = try socket.tables().filter { $0.name == NFTLayout.tableName }
        if tables.isEmpty { return false }
        // First the rules: a packet that the deletion overtakes would find them without the elements that they look up,
        // and be refused.
        var batch = NFTBatch()
        for table in tables { batch.flushRules(in: table) }
        try socket.commit(&batch)
        batch.reset()
        for table in tables { batch.delete(table) }
        try socket.commit(&batch)
        return true
    }
}
