import Net

/// The ranges of which an attachment gets one address.
struct AddressRangeSet: Hashable, Sendable, CustomStringConvertible {
    let ranges: [AddressRange]
    /// The position in the configuration.
    let number: Int

    /// The sets of a configuration.
    ///
    /// - Throws: `.badConfiguration` when there are none, a set is empty or has both families, or ranges overlap.
    static func all(of configuration: IPAMConfiguration) throws(CNIError) -> [AddressRangeSet] {
        guard !configuration.ranges.isEmpty else { throw CNIError(.badConfiguration, "there are no ranges") }
        var sets: [AddressRangeSet] = []
        var known: [AddressRange] = []
        for (number, members) in configuration.ranges.enumerated() {
            guard let family = members.first?.subnet.family else {
                throw CNIError(.badConfiguration, "range set \(number) is empty")
            }
            var ranges: [AddressRange] = []
            for member in members {
                let range = try AddressRange(member)
                guard range.subnet.family == family else {
                    throw CNIError(.badConfiguration, "range set \(number) has ranges of both address families")
                }
                if let other = known.first(where: range.overlaps) {
                    throw CNIError(.badConfiguration, "range \(range) of range set \(number) overlaps with \(other)")
                }
                known.append(range)
                ranges.append(range)
            }
            sets.append(AddressRangeSet(ranges: ranges, number: number))
        }
        return sets
    }

    func range(of address: IPAddress) -> AddressRange? { ranges.first { $0.contains(address) } }

    /// What is searched for a free address, in its order: round and round, from behind the one that was given last.
    func searchOrder(after last: IPAddress?) -> [ClosedRange<IPAddress>] {
        let all = ranges.map { $0.first...$0.lastSearched }
        guard let last, let index = all.firstIndex(where: { $0.contains(last) }) else { return all }
        let range = all[index]
        var order: [ClosedRange<IPAddress>] = []
        if last < range.upperBound {
            order.append(IPAddress(number: last.number + 1, family: last.family)...range.upperBound)
        }
        order += all[(index + 1)...] + all[..<index]
        order.append(range.lowerBound...last)
        return order
    }

    var description: String {
        "range set \(number) (\(ranges.map(\.description).joined(separator: ", ")))"
    }
}
