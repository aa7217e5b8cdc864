import Net

/// A range of the configuration, checked and with its defaults, as the reference plugin `host-local` has them: the network's first address
/// is the gateway, and neither the network's own address nor, in IPv4, the broadcast address is given, unless `first` or `last` say so.
struct AddressRange: Hashable, Sendable {
    /// How many addresses of a range are searched for a free one, from the first on: the rest of, say, an IPv6 /64 is given on request
    /// alone. A node never has as many pods.
    static let searchedCount: UInt128 = 1 << 20

    let subnet: IPPrefix
    let first: IPAddress
    let last: IPAddress
    let gateway: IPAddress

    /// - Throws: `.badConfiguration` with the cause.
    init(_ range: IPAMConfiguration.Range) throws(CNIError) {
        let subnet = range.subnet
        let family = subnet.family
        guard subnet.length <= family.bitWidth - 2 else {
            throw CNIError(.badConfiguration, "network \(subnet) of a range is too small: no address is left to give")
        }
        self.subnet = subnet
        let network = subnet.address.number
        let broadcast = subnet.lastAddress.number
        first = range.first ?? IPAddress(number: network + 1, family: family)
        last = range.last ?? IPAddress(number: family == .ipv4 ? broadcast - 1 : broadcast, family: family)
        gateway = range.gateway ?? IPAddress(number: network + 1, family: family)
        for (name, address) in [("rangeStart", first), ("rangeEnd", last)] where !subnet.contains(address) {
            throw CNIError(.badConfiguration, "\(name) \(address) is not in network \(subnet)")
        }
        guard first <= last else {
            throw CNIError(.badConfiguration, "rangeStart \(first) is behind rangeEnd \(last) in network \(subnet)")
        }
        guard gateway.family == family else {
            throw CNIError(.badConfiguration, "gateway \(gateway) is of another family than network \(subnet)")
        }
    }

    func contains(_ address: IPAddress) -> Bool {
        address.family == subnet.family && first <= address && address <= last
    }

    func overlaps(_ other: AddressRange) -> Bool {
        subnet.family == other.subnet.family && first <= other.last && other.first <= last
    }

    /// The last one that is searched.
    var lastSearched: IPAddress {
        IPAddress(number: min(last.number, first.number + (Self.searchedCount - 1)), family: subnet.family)
    }
}

extension AddressRange: CustomStringConvertible {
    var description: String { "\(first)-\(last)" }
}
