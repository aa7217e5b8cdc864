/// A network in CIDR notation: an address whose host bits are zero, and a length.
package struct IPPrefix: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The first address of the network.
    package let address: IPAddress
    /// The number of leading bits that are fixed, 0…32 or 0…128.
    package let length: Int

    /// The network of `length` bits that holds `address`; the host bits are cleared. Nil for a length out of range.
    package init?(containing address: IPAddress, length: Int) {
        guard (0...address.family.bitWidth).contains(length) else { return nil }
        let host = address.family.bitWidth - length
        let number = host >= 128 ? 0 : (address.number >> UInt128(host)) << UInt128(host)
        self.address = IPAddress(number: number, family: address.family)
        self.length = length
    }

    /// Parses `10.244.0.0/16`. Host bits must be zero, as the API server wants.
    ///
    /// - Throws: `AddressParseError` when the text is not a network.
    package init(_ text: String) throws(AddressParseError) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(parsing: String(parts[0])),
            !parts[1].isEmpty, parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let length = Int(parts[1]),
            let prefix = IPPrefix(containing: address, length: length)
        else { throw AddressParseError(text, expected: "a network in CIDR notation") }
        guard prefix.address == address else {
            throw AddressParseError(text, expected: "a network in CIDR notation (did you mean \(prefix)?)")
        }
        self = prefix
    }

    package var family: IPFamily { address.family }

    /// The last address of the network.
    package var lastAddress: IPAddress {
        let host = UInt128(family.bitWidth - length)
        return IPAddress(number: address.number | (host == 128 ? .max : (1 << host) - 1), family: family)
    }

    package func contains(_ other: IPAddress) -> Bool {
        other.family == family && address <= other && other <= lastAddress
    }

    package func overlaps(_ other: IPPrefix) -> Bool { contains(other.address) || other.contains(address) }

    package var description: String { "\(address)/\(length)" }

    package static func < (left: IPPrefix, right: IPPrefix) -> Bool {
        left.address == right.address ? left.length < right.length : left.address < right.address
    }
}
