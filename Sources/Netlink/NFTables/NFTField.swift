import CNftnl
import Net

/// One part of a set's key or of a map's data. The width of an address comes from the table's family.
package enum NFTField: Hashable, Sendable, CaseIterable {
    case sourceAddress, destinationAddress, l4Protocol, sourcePort, destinationPort
    /// `numgen random mod N`: a 32-bit number in host order.
    case numgen
    /// The packet's mark: a 32-bit number in host order.
    case mark
}

extension NFTField {
    /// The field's width on its own, in bytes; inside a concatenation it is rounded up to 4.
    func byteCount(_ family: IPFamily) -> Int {
        switch self {
        case .sourceAddress, .destinationAddress: family.byteCount
        case .l4Protocol: 1
        case .sourcePort, .destinationPort: 2
        case .numgen, .mark: 4
        }
    }

    /// nft's data type (`enum datatypes` of its include/datatype.h). The kernel only stores it for nft, so no kernel
    /// header has these numbers; checked against the messages of nft 1.0.6.
    func dataType(_ family: IPFamily) -> UInt32 {
        switch self {
        case .sourceAddress, .destinationAddress: family == .ipv4 ? 7 : 8
        case .l4Protocol: 12
        case .sourcePort, .destinationPort: 13
        case .numgen: 4
        case .mark: 19
        }
    }

    /// nft's `enum byteorder`, that a set of this one field is marked with: none, host or big endian.
    var byteOrder: UInt32 {
        switch self {
        case .sourceAddress, .destinationAddress, .sourcePort, .destinationPort: 2
        case .l4Protocol: 0
        case .numgen, .mark: 1
        }
    }
}

extension [NFTField] {
    /// The length of a key or of data of these fields, in bytes.
    func byteCount(_ family: IPFamily) -> Int {
        count == 1
            ? self[0].byteCount(family) : reduce(0) { $0 + ($1.byteCount(family) + 3) / 4 * 4 }
    }

    /// nft's number for a concatenation: 6 bits a field (`TYPE_BITS` of its include/datatype.h).
    func dataType(_ family: IPFamily) -> UInt32 {
        reduce(0) { $0 << 6 | $1.dataType(family) }
    }

    /// nft's byte order of the whole: a concatenation has none.
    var byteOrder: UInt32 { count == 1 ? self[0].byteOrder : 0 }
}
