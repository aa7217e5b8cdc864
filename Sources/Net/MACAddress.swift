/// A 48-bit Ethernet address.
package struct MACAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in the low 48 bits, first octet highest.
    package let bits: UInt64

    /// From the low 48 bits of `bits`.
    package init(bits: UInt64) { self.bits = bits & 0xFFFF_FFFF_FFFF }

    /// From six bytes; nil for any other length.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 6 else { return nil }
        self.init(bits: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Parses `02:42:ac:11:00:02`.
    ///
    /// - Throws: `AddressParseError` when the text is not six octets.
    package init(_ text: String) throws(AddressParseError) {
        let octets = text.split(separator: ":", omittingEmptySubsequences: false)
        let bytes = octets.compactMap { $0.count == 2 ? UInt8($0, radix: 16) : nil }
        guard octets.count == 6, let address = MACAddress(bytes: bytes) else {
            throw AddressParseError(text, expected: "a MAC address")
        }
        self = address
    }

    package var bytes: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: bits >> (40 - UInt64($0) * 8)) } }

    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
