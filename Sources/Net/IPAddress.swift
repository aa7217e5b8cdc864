/// An IPv4 or IPv6 address, as a value of 17 bytes without any reference.
///
/// IPv4 is held in the low 32 bits. An IPv4-mapped IPv6 address stays IPv6.
package struct IPAddress: Hashable, Sendable, Comparable {
    private let high: UInt64
    private let low: UInt64
    package let family: IPFamily

    private init(high: UInt64, low: UInt64, family: IPFamily) {
        self.high = high
        self.low = low
        self.family = family
    }

    /// An IPv4 address from its number in host byte order: 10.0.0.1 is `0x0A000001`.
    package init(v4 number: UInt32) { self.init(high: 0, low: UInt64(number), family: .ipv4) }

    /// An IPv6 address from its upper and lower half, in host byte order.
    package init(v6 high: UInt64, _ low: UInt64) { self.init(high: high, low: low, family: .ipv6) }

    /// An address of `family` from its number; bits above the family's width are dropped.
    package init(number: UInt128, family: IPFamily) {
        switch family {
        case .ipv4: self.init(v4: UInt32(truncatingIfNeeded: number))
        case .ipv6: self.init(v6: UInt64(truncatingIfNeeded: number >> 64), UInt64(truncatingIfNeeded: number))
        }
    }

    /// The address from its 4 or 16 bytes in network order; nil for any other length.
    package init?(bytes: some Collection<UInt8>) {
        var number: UInt128 = 0
        for byte in bytes.prefix(16) { number = number << 8 | UInt128(byte) }
        switch bytes.count {
        case 4: self.init(number: number, family: .ipv4)
        case 16: self.init(number: number, family: .ipv6)
        default: return nil
        }
    }

    /// The address as a number in host byte order.
    package var number: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// An IPv4 address as 32 bits in host byte order; the low 32 bits of an IPv6 one.
    package var v4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// The 64 upper bits (0 for IPv4), in host byte order.
    package var highBits: UInt64 { high }

    /// The 64 lower bits, in host byte order.
    package var lowBits: UInt64 { low }

    /// The 4 or 16 bytes in network order.
    package var bytes: [UInt8] {
        let number = self.number
        return (0..<family.byteCount).reversed().map { UInt8(truncatingIfNeeded: number >> (UInt128($0) * 8)) }
    }

    package var isLoopback: Bool { family == .ipv4 ? low >> 24 == 127 : number == 1 }
    package var isUnspecified: Bool { number == 0 }

    /// 169.254.0.0/16 or fe80::/10.
    package var isLinkLocal: Bool { family == .ipv4 ? low >> 16 == 0xA9FE : high >> 54 == 0xFE80 >> 6 }

    /// 224.0.0.0/4 or ff00::/8.
    package var isMulticast: Bool { family == .ipv4 ? low >> 28 == 0xE : high >> 56 == 0xFF }

    /// IPv4 before IPv6, then by number.
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.family != right.family { return left.family < right.family }
        return left.high == right.high ? left.low < right.low : left.high < right.high
    }
}
