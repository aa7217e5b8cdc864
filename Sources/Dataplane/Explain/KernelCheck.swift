import Net
import Netlink

/// Compares what a trace came to with what the kernel has.
package struct KernelCheck: ~Copyable {
    private var socket: NFTSocket
    private let table: NFTTable

    /// - Throws: `NetlinkError` without the right to read nftables in the calling thread's network namespace.
    package init(_ table: NFTTable) throws(NetlinkError) {
        socket = try NFTSocket()
        self.table = table
    }

    /// Those of the sets that have the key.
    package mutating func sets(_ names: [String], with key: [UInt8]) throws(NetlinkError) -> [String] {
        guard let key = NFTData(keyBytes: key) else { return [] }
        var found: [String] = []
        for name in names where try socket.elements([key], of: name, in: table).first.flatMap({ $0 }) != nil {
            found.append(name)
        }
        return found
    }

    /// What the kernel has otherwise than the trace: sentences, none when all is the same.
    package mutating func differences(
        _ trace: PacketTrace, from intended: RecordedTable
    ) throws(NetlinkError) -> [String] {
        guard let structure = try socket.structure(of: table) else { return ["The kernel has no table \(table)."] }
        var differences: [String] = []
        for chain in trace.chains {
            guard structure.chains[chain] != nil else {
                differences.append("The kernel has no chain \(chain).")
                continue
            }
            let wanted = intended.rules[chain]?.count ?? 0
            let found = structure.rules[chain]?.count ?? 0
            // Chains of picks have rules for service ports that have nothing to do with the question.
            if found < wanted { differences.append("The kernel has \(found) of \(wanted) rules in chain \(chain).") }
        }
        var keys: [String: [TracedLookup]] = [:]
        for lookup in trace.lookups { keys[lookup.set, default: []].append(lookup) }
        for (set, lookups) in keys.sorted(by: { $0.key < $1.key }) {
            guard structure.sets[set] != nil, let elements = intended.sets[set] else {
                differences.append("The kernel has no set \(set).")
                continue
            }
            // What packets write there is read from the kernel in the first place.
            if elements.isDynamic { continue }
            let data = lookups.compactMap { NFTData(keyBytes: $0.key) }
            let found = try socket.elements(data, of: set, in: table)
            for (lookup, element) in zip(lookups, found) {
                let text = elements.keyText(lookup.key, table.family)
                if let difference = Self.difference(lookup, element, text, elements, table.family) {
                    differences.append(difference)
                }
            }
        }
        return differences
    }

    private static func difference(
        _ lookup: TracedLookup, _ element: NFTElement?, _ text: String, _ elements: RecordedTable.Elements,
        _ family: IPFamily
    ) -> String? {
        let key = "{ \(text) }"
        switch (lookup.answer, element) {
        case (.absent, nil): return nil
        case (.absent, _?): return "The kernel has an element that should not be: \(lookup.set) \(key)."
        case (_, nil): return "The kernel has no such element: \(lookup.set) \(key)."
        case (.present(let data), let element?):
            if data.isEmpty || element.data == NFTData(keyBytes: data) { return nil }
            return "The kernel's element \(lookup.set) \(key) does not lead to \(elements.dataText(data, family))."
        case (.goto(let chain), let element?):
            return element.verdict == .goto(chain)
                ? nil : "The kernel's element \(lookup.set) \(key) does not lead to chain \(chain)."
        }
    }
}
