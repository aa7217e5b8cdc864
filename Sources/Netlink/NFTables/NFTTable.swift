import CNftnl
import Net

/// A table of nf_tables, in the network namespace of the socket: `table ip fairlead`.
package struct NFTTable: Hashable, Sendable, CustomStringConvertible {
    package let family: IPFamily
    package let name: String

    package init(family: IPFamily, name: String) {
        self.family = family
        self.name = name
    }

    /// As `nft` writes it: "ip fairlead", "ip6 fairlead".
    package var description: String { (family == .ipv4 ? "ip " : "ip6 ") + name }
}

extension IPFamily {
    /// `NFPROTO_IPV4` or `NFPROTO_IPV6`.
    var netfilterProtocol: UInt8 { UInt8(self == .ipv4 ? NFPROTO_IPV4 : NFPROTO_IPV6) }

    /// Nil for a protocol of netfilter that is no IP family (inet, arp, bridge, netdev).
    init?(netfilterProtocol: UInt8) {
        switch Int(netfilterProtocol) {
        case NFPROTO_IPV4: self = .ipv4
        case NFPROTO_IPV6: self = .ipv6
        default: return nil
        }
    }
}
