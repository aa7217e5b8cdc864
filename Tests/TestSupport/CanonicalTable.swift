import Dataplane
import Net

/// A table without what may differ between two ways to the same state: which endpoint is in which slot, and size
/// classes that no service needs any more. Read from any source: a recorded plan, or `nft -j`.
package struct CanonicalTable: Equatable, CustomStringConvertible {
    /// Set name to its elements' keys, as text, sorted. Empty sets are left out.
    package var sets: [String: [String]] = [:]
    /// Map name and frontend to its endpoints, sorted.
    package var endpoints: [String: [String]] = [:]
    /// Frontends whose slots are not 0…N-1.
    package var gaps: [String] = []

    package init() {}

    package init(_ table: RecordedTable) {
        for (name, set) in table.sets {
            let intervals = set.intervals.map(\.description) + set.ranges.map { "\($0.key) \($0.prefix)" }
            if name.hasSuffix("endpoints") {
                add(
                    map: name,
                    set.exact.map { (Array($0.key.dropLast(4)), UInt32(word: $0.key.suffix(4)), "\($0.value)") })
            } else if !set.exact.isEmpty || !intervals.isEmpty {
                sets[name] = (set.exact.map { "\($0.key)" + ($0.value.isEmpty ? "" : ": \($0.value)") } + intervals)
                    .sorted()
            }
        }
    }

    /// Adds a map's elements: frontend, slot, endpoint.
    package mutating func add<Frontend>(map name: String, _ elements: [(Frontend, UInt32, String)]) {
        var slots: [String: [UInt32]] = [:]
        for (frontend, slot, endpoint) in elements {
            slots["\(name) \(frontend)", default: []].append(slot)
            endpoints["\(name) \(frontend)", default: []].append(endpoint)
        }
        for (key, numbers) in slots where numbers.sorted() != Array(0..<UInt32(numbers.count)) { gaps.append(key) }
        for key in slots.keys { endpoints[key]?.sort() }
    }

    package var description: String {
        (sets.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
            + endpoints.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" } + gaps.map { "gap: \($0)" })
            .joined(separator: "\n")
    }
}

extension UInt32 {
    fileprivate init(word: some BidirectionalCollection<UInt8>) {
        self = word.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
