import CLinux
import Net

/// A network interface.
package struct Link: Hashable, Sendable {
    package let index: Int32
    package let name: String
    /// `veth`, `bridge`, `vxlan`…; nil for hardware and loopback.
    package let kind: String?
    /// Nil where the address is not one of Ethernet.
    package let macAddress: MACAddress?
    package let mtu: UInt32
    /// Set up by the administrator.
    package let isUp: Bool
    /// Up, and the other side is there.
    package let hasCarrier: Bool
    package let isLoopback: Bool
    /// The bridge that the link is a port of.
    package let masterIndex: Int32?
    /// A veth's other end, by its index in its own namespace.
    package let peerIndex: Int32?
    /// Our number for the namespace of the other end; nil when that is this one.
    package let peerNamespaceID: Int32?
    /// Ready to carry packets by the kernel's own word (`IF_OPER_UP`): it follows the carrier by a moment.
    package let isOperational: Bool
    /// What somebody wrote about the link, for people.
    package let alias: String?
    /// The number of the group of links that it is in; 0 unless somebody put it elsewhere.
    package let group: UInt32
    package let isPromiscuous: Bool
    package let receivesAllMulticast: Bool
    /// In packets.
    package let transmitQueueLength: UInt32
    /// What it is like as a bridge; nil for another kind.
    package let bridge: BridgeState?
    /// What it is like as a port of a bridge; nil when it is none.
    package let port: BridgePort?
}

extension Link {
    /// From RTM_NEWLINK; nil for another message, or one that is cut short.
    init?(_ message: NetlinkMessage) {
        guard Int(message.type) == RTM_NEWLINK, let header = message.payload.load(ifinfomsg.self) else { return nil }
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<ifinfomsg>.size))
        guard let name = attributes.first(IFLA_IFNAME)?.string else { return nil }
        let details = attributes.first(IFLA_LINKINFO)?.nested
        self.init(
            index: header.ifi_index, name: name, kind: details?.first(IFLA_INFO_KIND)?.string,
            macAddress: attributes.first(IFLA_ADDRESS).flatMap { MACAddress(bytes: $0.value) },
            mtu: attributes.first(IFLA_MTU)?.load(UInt32.self) ?? 0,
            isUp: header.ifi_flags & UInt32(IFF_UP) != 0,
            hasCarrier: header.ifi_flags & UInt32(IFF_RUNNING) != 0,
            isLoopback: header.ifi_flags & UInt32(IFF_LOOPBACK) != 0,
            masterIndex: attributes.first(IFLA_MASTER)?.load(Int32.self),
            peerIndex: attributes.first(IFLA_LINK)?.load(Int32.self),
            peerNamespaceID: attributes.first(IFLA_LINK_NETNSID)?.load(Int32.self),
            isOperational: attributes.first(IFLA_OPERSTATE)?.load(UInt8.self) == UInt8(IF_OPER_UP),
            alias: attributes.first(IFLA_IFALIAS)?.string, group: attributes.first(IFLA_GROUP)?.load(UInt32.self) ?? 0,
            isPromiscuous: header.ifi_flags & UInt32(IFF_PROMISC) != 0,
            receivesAllMulticast: header.ifi_flags & UInt32(IFF_ALLMULTI) != 0,
            transmitQueueLength: attributes.first(IFLA_TXQLEN)?.load(UInt32.self) ?? 0,
            bridge: details.flatMap { BridgeState($0) }, port: details.flatMap { BridgePort($0) })
    }
}
