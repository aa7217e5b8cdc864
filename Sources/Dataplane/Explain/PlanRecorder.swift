import Net
import Netlink

/// Records plans of both families.
package struct PlanRecorder: NFTPlanSink {
    package private(set) var tables: [IPFamily: RecordedTable] = [:]
    /// Elements written since the last reset of this number.
    package var elementCount = 0

    // As in the kernel, elements go in after everything else: deletes first, then adds.
    private var additions: [(IPFamily, String, [UInt8], [UInt8])] = []
    private var prefixes: [(SetID, IPPrefix)] = []
    private var ranges: [(SetID, NFTData, IPPrefix)] = []

    package init() {}

    package mutating func replace(_ table: NFTTable) { tables[table.family] = RecordedTable() }

    package mutating func flushRules(of chain: String?, in table: NFTTable) {
        if let chain {
            tables[table.family]?.rules[chain] = nil
        } else {
            tables[table.family]?.rules = [:]
        }
    }

    package mutating func flushElements(of set: String, in table: NFTTable) {
        if tables[table.family]?.sets[set] == nil {
            tables[table.family]?.mistakes.append("flush of \(set): no such set")
        }
        tables[table.family]?.sets[set]?.exact = [:]
        tables[table.family]?.sets[set]?.intervals = []
        tables[table.family]?.sets[set]?.ranges = []
    }

    package mutating func delete(chain: String, in table: NFTTable) {
        tables[table.family]?.chains[chain] = nil
        tables[table.family]?.rules[chain] = nil
    }

    package mutating func delete(set: String, in table: NFTTable) { tables[table.family]?.sets[set] = nil }

    package mutating func create(_ set: NFTSet, in table: NFTTable) {
        if tables[table.family]?.sets[set.name] != nil { return }
        tables[table.family]?.sets[set.name] = RecordedTable.Elements(set, table.family)
    }

    package mutating func create(_ chain: NFTChain, in table: NFTTable) {
        tables[table.family]?.chains[chain.name] = chain
    }

    package mutating func create(_ rule: NFTRule, in table: NFTTable) {
        tables[table.family]?.rules[rule.chain, default: []].append(rule)
    }

    package mutating func add(_ key: NFTData, data: NFTData?, to set: SetID, family: IPFamily) {
        additions.append((family, set.name, Self.bytes(key), data.map(Self.bytes) ?? []))
        elementCount += 1
    }

    package mutating func add(_ key: NFTData, goto chain: String, to set: SetID, family: IPFamily) {
        additions.append((family, set.name, Self.bytes(key), Array(chain.utf8)))
        elementCount += 1
    }

    package mutating func add(_ prefix: IPPrefix, to set: SetID) {
        prefixes.append((set, prefix))
        elementCount += 1
    }

    package mutating func delete(_ prefix: IPPrefix, from set: SetID) {
        elementCount += 1
        if tables[prefix.family]?.sets[set.name]?.intervals.remove(prefix) == nil {
            tables[prefix.family]?.mistakes.append("delete of \(prefix) from \(set.name): no such element")
        }
    }

    package mutating func add(_ key: NFTData, _ prefix: IPPrefix, to set: SetID) {
        ranges.append((set, key, prefix))
        elementCount += 1
    }

    package mutating func delete(_ key: NFTData, _ prefix: IPPrefix, from set: SetID) {
        elementCount += 1
        let range = RecordedTable.Range(key: Self.bytes(key), prefix: prefix)
        if tables[prefix.family]?.sets[set.name]?.ranges.remove(range) == nil {
            tables[prefix.family]?.mistakes.append("delete of \(key) \(prefix) from \(set.name): no such element")
        }
    }

    package mutating func delete(_ key: NFTData, from set: SetID, family: IPFamily) {
        elementCount += 1
        if tables[family]?.sets[set.name]?.exact.removeValue(forKey: Self.bytes(key)) == nil {
            tables[family]?.mistakes.append("delete of \(key) from \(set.name): no such element")
        }
    }

    /// Carries out what the kernel does last.
    package mutating func commit() {
        for (family, set, key, data) in additions {
            if tables[family]?.sets[set] == nil {
                tables[family]?.mistakes.append("add to \(set): no such set")
            } else if tables[family]?.sets[set]?.exact.updateValue(data, forKey: key) != nil {
                tables[family]?.mistakes.append("add of \(key) to \(set): exists")
            }
        }
        for (set, prefix) in prefixes {
            let isNew = tables[prefix.family]?.sets[set.name]?.intervals.insert(prefix).inserted ?? false
            if !isNew {
                tables[prefix.family]?.mistakes.append("add of \(prefix) to \(set.name): exists, or no such set")
            }
        }
        for (set, key, prefix) in ranges {
            let range = RecordedTable.Range(key: Self.bytes(key), prefix: prefix)
            let isNew = tables[prefix.family]?.sets[set.name]?.ranges.insert(range).inserted ?? false
            if !isNew {
                tables[prefix.family]?.mistakes.append("add of \(key) \(prefix) to \(set.name): exists, or no such set")
            }
        }
        (additions, prefixes, ranges) = ([], [], [])
    }

    /// The names of what a family's table has.
    package func inventory(_ family: IPFamily) -> NFTInventory? {
        tables[family].map { NFTInventory(chains: Set($0.chains.keys), sets: Set($0.sets.keys)) }
    }

    private static func bytes(_ data: NFTData) -> [UInt8] { unsafe data.withBytes { unsafe Array($0) } }
}
