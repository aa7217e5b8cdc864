import Net
import Netlink

/// The way from the node to the rest of the world.
enum Uplink {
    /// Addresses that are nobody's (192.0.2.1 of RFC 5737, 2001:db8::1 of RFC 3849): only a default route leads there.
    private static let elsewhere = [IPAddress(v4: 0xC000_0201), IPAddress(v6: 0x2001_0DB8_0000_0000, 1)]

    /// What the link of the default route takes, in bytes: the least if each family has one of its own, 1500 without any.
    static func mtu(_ host: inout RouteSocket) throws(CNIError) -> UInt32 {
        try Kernel.ask { () throws(NetlinkError) in
            let routes = try host.routes(to: elsewhere).filter { $0.kind == .unicast }
            let links = try host.perform([], reading: routes.compactMap { $0.linkIndex.map { .index($0) } })
            return links.compactMap { $0?.mtu }.min() ?? 1500
        }
    }
}
