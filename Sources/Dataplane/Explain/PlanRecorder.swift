import Net
import Netlink

/// Records plans of both families.
package struct PlanRecorder: NFTPlanSink {
    package private(set) var tables: [IPFamily: RecordedTable] = [:]
    /// Elements written since the last reset of this number.
    package var elementCount = 0

    // As in the kernel, elements go in after everything else: deletes first, then adds.
    private var additions: [(IPFamily, String, [UInt8], [UInt8])] = []
    private var prefixes: [(String, IPPrefix)] = []

    package init() {}

    package mutating func replace(_ table: NFTTable) { tables[table.family] = RecordedTable() }

    package mutating func flushRules(in table: NFTTable) { tables[table.family]?.rules = [:] }

    package mutating func flushElements(of set: String, in table: NFTTable) {
        if tables[table.family]?.sets[set] == nil {
            tables[table.family]?.mistakes.append("flush of \(set): no such set")
        }
        tables[table.family]?.sets[set]?.exact = [:]
        tables[table.family]?.sets[set]?.intervals = []
    }

    package mutating func delete(chain: String, in table: NFTTable) { tables[table.family]?.chains[chain] = nil }
    package mutating func delete(set: String, in table: NFTTable) { tables[table.family]?.sets[set] = nil }

    package mutating func create(_ set: SetID, in layout: NFTLayout) {
        if tables[layout.family]?.sets[set.name] != nil { return }
        let count = set.definition(capacity: layout.capacity).keyByteCount(layout.family)
        tables[layout.family]?.sets[set.name] = RecordedTable.Elements(keyByteCount: count)
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

    package mutating func add(_ prefix: IPPrefix, to set: SetID) { prefixes.append((set.name, prefix)) }

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
        for (set, prefix) in prefixes { tables[prefix.family]?.sets[set]?.intervals.append(prefix) }
        (additions, prefixes) = ([], [])
    }

    /// The names of what a family's table has.
    package func inventory(_ family: IPFamily) -> NFTInventory? {
        tables[family].map { NFTInventory(chains: Set($0.chains.keys), sets: Set($0.sets.keys)) }
    }

    private static func bytes(_ data: NFTData) -> [UInt8] { unsafe data.withBytes { unsafe Array($0) } }
}
