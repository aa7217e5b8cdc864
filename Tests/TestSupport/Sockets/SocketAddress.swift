import Net

/// An address and a port, as `10.96.0.1:80` or `[fd00::1]:80`.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    package var address: IPAddress
    package var port: UInt16

    package init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Parses `10.96.0.1:80` or `[fd00::1]:80`.
    ///
    /// - Throws: `AddressParseError` when the text is neither.
    package init(_ text: String) throws(AddressParseError) {
        let failure = AddressParseError(text, expected: "an address and a port such as 10.96.0.1:80 or [fd00::1]:80")
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw failure
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(parsing: String(host)), isBracketed == (address.family == .ipv6) else {
            throw failure
        }
        self.init(address, port: port)
    }

    package var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}
