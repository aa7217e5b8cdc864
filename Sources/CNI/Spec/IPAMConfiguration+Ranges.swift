import Net

extension IPAMConfiguration.Range {
    /// An element of `ranges`: ranges that are used one after the other.
    static func set(_ node: JSONNode, _ name: String) throws(CNIError) -> [Self] {
        try ConfigurationSection.list(node, name) { (node, name) throws(CNIError) in
            try Self(try ConfigurationSection.section(node, name))
        }
    }

    /// `subnet`, `rangeStart`, `rangeEnd` and `gateway`.
    init(_ section: ConfigurationSection) throws(CNIError) {
        let name = section.name("subnet")
        guard let text = try section.text("subnet") else { throw CNIError(.badConfiguration, "\(name): not given") }
        do throws(AddressParseError) { self.init(try IPPrefix(text)) } catch {
            throw CNIError(.badConfiguration, "\(name): \(error)")
        }
        guard subnet.length <= subnet.family.bitWidth - 2 else {
            throw CNIError(.badConfiguration, "\(name): \(subnet) has no address to give away")
        }
        first = try member("rangeStart", section)
        last = try member("rangeEnd", section)
        gateway = try section.address("gateway")
        if let gateway, gateway.family != subnet.family {
            throw CNIError(
                .badConfiguration, "\(section.name("gateway")): \(gateway) is of another family than \(subnet)")
        }
        guard lowest <= highest else {
            throw CNIError(.badConfiguration, "\(section.name("rangeEnd")): \(highest) is before \(lowest)")
        }
    }

    private func member(_ key: String, _ section: ConfigurationSection) throws(CNIError) -> IPAddress? {
        guard let address = try section.address(key) else { return nil }
        guard subnet.contains(address) else {
            throw CNIError(.badConfiguration, "\(section.name(key)): \(address) is not in \(subnet)")
        }
        return address
    }

    private var lowest: IPAddress { first ?? subnet.address }
    private var highest: IPAddress { last ?? subnet.lastAddress }

    fileprivate func overlaps(_ other: Self) -> Bool {
        subnet.family == other.subnet.family && lowest <= other.highest && other.lowest <= highest
    }
}

extension IPAMConfiguration {
    /// A set is of one family, and no address is in two ranges.
    static func check(_ sets: [[Range]]) throws(CNIError) {
        for (position, set) in sets.enumerated() {
            guard let first = set.first else { throw CNIError(.badConfiguration, "range set \(position) is empty") }
            guard set.allSatisfy({ $0.subnet.family == first.subnet.family }) else {
                throw CNIError(.badConfiguration, "range set \(position) has ranges of both families")
            }
        }
        let ranges = sets.flatMap { $0 }
        for (position, range) in ranges.enumerated() {
            if let other = ranges[..<position].first(where: range.overlaps) {
                throw CNIError(.badConfiguration, "the ranges of \(other.subnet) and \(range.subnet) overlap")
            }
        }
    }
}
