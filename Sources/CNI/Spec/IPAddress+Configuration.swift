import Net

extension IPAddress {
    /// An address as configurations spell it: one of IPv4 that is written as one of IPv6 is one of IPv4. Nil for what is none.
    init?(configured text: some StringProtocol) {
        guard let address = IPAddress(parsing: String(text)) else { return nil }
        self = address.family == .ipv6 && address.number >> 32 == 0xFFFF ? IPAddress(v4: address.v4Bits) : address
    }

    /// As above, of `<address>[/<length>]`; the length says nothing about which address it is.
    init?(withOptionalLength text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(configured: first) else { return nil }
        if parts.count == 2 {
            guard let length = Int(parts[1]), (0...address.family.bitWidth).contains(length) else { return nil }
        }
        self = address
    }
}
