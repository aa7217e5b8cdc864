import Net
import Netlink

/// What others may have done to our tables, as their news tell. Pure.
///
/// It names what to look at, not what is wrong: that is read from the kernel when it is repaired.
package struct NFTDamage: Sendable {
    package struct Table: Sendable {
        /// The table itself was deleted or changed.
        package var isGone = false
        /// Chains that were made, deleted or changed, or whose rules were; the same for sets.
        package var chains: Set<String> = []
        package var sets: Set<String> = []
        package var elements: [SetID: NFTSuspects] = [:]

        package var isEmpty: Bool { !isGone && !hasStructure && elements.isEmpty }
        var hasStructure: Bool { !chains.isEmpty || !sets.isEmpty }
    }

    package var tables: [IPFamily: Table] = [:]
    /// News were lost: anything may be wrong.
    package var isUnknown = false
    /// For the report.
    package private(set) var counts: [RepairReport.Change: Int] = [:]
    package private(set) var processes: [String] = []
    /// What was told last was not the end of a transaction: who did it is still to come.
    package private(set) var isOpen = false

    package init() {}

    package var isEmpty: Bool { !isUnknown && tables.values.allSatisfy(\.isEmpty) }

    package mutating func add(_ news: NFTNews) {
        switch news {
        case .change(let change):
            isOpen = true
            add(change)
        case .transaction(let generation):
            // Transactions that touch nothing of ours are not ours to tell of.
            if isOpen, let process = generation.process?.description, !processes.contains(process) {
                processes.append(process)
            }
            isOpen = false
        case .overflow:
            isUnknown = true
            isOpen = false
        }
    }

    /// As the verification found it.
    mutating func addElement(_ key: NFTData, of set: SetID, family: IPFamily, _ change: RepairReport.Change) {
        insert(key, set, family)
        count(change)
    }

    mutating func count(_ change: RepairReport.Change, _ number: Int = 1) { counts[change, default: 0] += number }

    private mutating func add(_ change: NFTChange) {
        let family = change.table.family
        var kind: RepairReport.Kind
        switch change.object {
        case .table:
            kind = .table
            if change.isThere {
                // Its flags have changed: the table is as alive as its chains.
                tables[family, default: Table()].chains.insert("")
            } else {
                tables[family, default: Table()].isGone = true
            }
        case .chain(let name):
            kind = .chain
            tables[family, default: Table()].chains.insert(name)
        case .rule(let chain):
            kind = .rule
            tables[family, default: Table()].chains.insert(chain)
        case .set(let name):
            kind = .set
            tables[family, default: Table()].sets.insert(name)
        case .element(let name, let key):
            kind = .element
            // Of a stranger's set, or of one that packets fill.
            guard let set = SetID.byName[name] else { return }
            insert(key, set, family)
        case .other: return
        }
        count(RepairReport.Change(kind: kind, isThere: change.isThere))
    }

    private mutating func insert(_ key: NFTData, _ set: SetID, _ family: IPFamily) {
        if set.isInterval {
            tables[family, default: Table()].elements[set] = .all
        } else {
            tables[family, default: Table()].elements[set, default: .some([])].insert(key)
        }
    }
}
