/// An address family of the Internet protocol.
package enum IPFamily: UInt8, Sendable, Hashable, CaseIterable, Comparable, CustomStringConvertible {
    case ipv4 = 4
    case ipv6 = 6

    /// The length of an address, in bits.
    package var bitWidth: Int { self == .ipv4 ? 32 : 128 }

    /// The length of an address, in bytes.
    package var byteCount: Int { self == .ipv4 ? 4 : 16 }

    /// `IPv4` or `IPv6`, as Kubernetes spells `ipFamilies` and `addressType`.
    package var description: String { self == .ipv4 ? "IPv4" : "IPv6" }

    package static func < (left: IPFamily, right: IPFamily) -> Bool { left.rawValue < right.rawValue }
}
