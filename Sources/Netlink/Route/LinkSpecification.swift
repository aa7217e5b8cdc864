import CLinux
import Net

/// A link by its index or its name.
package enum LinkReference: Hashable, Sendable, CustomStringConvertible {
    case index(Int32)
    case name(String)

    package var description: String {
        switch self {
        case .index(let index): "link \(index)"
        case .name(let name): "link \(name)"
        }
    }
}

/// A link to make.
package struct LinkSpecification: Sendable {
    package enum Kind: Sendable {
        /// Two ends, made by one request: no moment with only one of them, or with one in the wrong namespace.
        case veth(peer: LinkAttributes)
        case bridge
        /// One VLAN of another link.
        case vlan(id: UInt16, of: Int32)
    }

    package let attributes: LinkAttributes
    package let kind: Kind

    package init(_ attributes: LinkAttributes, kind: Kind) {
        self.attributes = attributes
        self.kind = kind
    }
}

/// What is to be set of a link; nil is left to the kernel, or as it is.
package struct LinkAttributes: Sendable {
    package var name: String?
    /// Of a new link: the index that it shall have, so that requests in the same send can use it.
    package var index: Int32?
    package var mtu: UInt32?
    package var macAddress: MACAddress?
    /// The bridge to be a port of; 0 is none.
    package var masterIndex: Int32?
    package var isUp: Bool?
    package var isPromiscuous: Bool?
    package var receivesAllMulticast: Bool?
    /// In packets.
    package var transmitQueueLength: UInt32?
    /// What is said about the link to people, at most 255 bytes. The kernel takes none of a link that is being made.
    package var alias: String?
    /// A number by which several links can be told apart from all others.
    package var group: UInt32?
    /// Of a bridge: keeps VLANs apart.
    package var filtersVLANs: Bool?
    /// Of a link that is a port of a bridge already.
    package var port: BridgePort?
    /// Neighbours are told of its IPv4 addresses when it is set up and when its MAC address is set (`arp_notify`).
    package var announcesAddresses: Bool?
    /// Packets from and to 127.0.0.0/8 may be routed over it (`route_localnet`).
    package var routesLoopback: Bool?
    /// The namespace to be made in, or to be moved to.
    package var namespace: NetworkNamespace?

    package init(
        name: String? = nil, index: Int32? = nil, mtu: UInt32? = nil, macAddress: MACAddress? = nil,
        masterIndex: Int32? = nil, isUp: Bool? = nil, isPromiscuous: Bool? = nil, receivesAllMulticast: Bool? = nil,
        transmitQueueLength: UInt32? = nil, alias: String? = nil, group: UInt32? = nil, filtersVLANs: Bool? = nil,
        port: BridgePort? = nil, announcesAddresses: Bool? = nil, routesLoopback: Bool? = nil,
        namespace: NetworkNamespace? = nil
    ) {
        self.name = name
        self.index = index
        self.mtu = mtu
        self.macAddress = macAddress
        self.masterIndex = masterIndex
        self.isUp = isUp
        self.isPromiscuous = isPromiscuous
        self.receivesAllMulticast = receivesAllMulticast
        self.transmitQueueLength = transmitQueueLength
        self.alias = alias
        self.group = group
        self.filtersVLANs = filtersVLANs
        self.port = port
        self.announcesAddresses = announcesAddresses
        self.routesLoopback = routesLoopback
        self.namespace = namespace
    }
}

extension LinkAttributes {
    var header: ifinfomsg {
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_UNSPEC)
        header.ifi_index = index ?? 0
        for (value, flag) in [(isUp, IFF_UP), (isPromiscuous, IFF_PROMISC), (receivesAllMulticast, IFF_ALLMULTI)] {
            guard let value else { continue }
            header.ifi_change |= UInt32(flag)
            if value { header.ifi_flags |= UInt32(flag) }
        }
        return header
    }

    func append(to message: MessageBuffer) {
        if let name { message.appendAttribute(IFLA_IFNAME, string: name) }
        if let mtu { message.appendAttribute(IFLA_MTU, number: mtu) }
        if let macAddress { message.appendAttribute(IFLA_ADDRESS, bytes: macAddress.bytes) }
        if let masterIndex { message.appendAttribute(IFLA_MASTER, number: masterIndex) }
        if let transmitQueueLength { message.appendAttribute(IFLA_TXQLEN, number: transmitQueueLength) }
        if let alias { message.appendAttribute(IFLA_IFALIAS, bytes: alias.utf8) }
        if let group { message.appendAttribute(IFLA_GROUP, number: group) }
        if let namespace { message.appendAttribute(IFLA_NET_NS_FD, number: namespace.rawDescriptor) }
        appendIPv4Parameters(to: message)
    }

    /// Parameters of net.ipv4.conf, by their numbers (`IPV4_DEVCONF_…` of linux/ip.h).
    private func appendIPv4Parameters(to message: MessageBuffer) {
        guard announcesAddresses != nil || routesLoopback != nil else { return }
        message.appendNest(IFLA_AF_SPEC) {
            message.appendNest(Int(AF_INET)) {
                message.appendNest(IFLA_INET_CONF) {
                    for (value, number) in [(announcesAddresses, 22), (routesLoopback, 26)] {
                        if let value { message.appendAttribute(number, number: UInt32(value ? 1 : 0)) }
                    }
                }
            }
        }
    }
}

extension LinkSpecification {
    func append(to buffer: MessageBuffer) {
        buffer.appendMessage(type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL, attributes.header) {
            attributes.append(to: buffer)
            if case .vlan(_, let other) = kind { buffer.appendAttribute(IFLA_LINK, number: other) }
            buffer.appendNest(IFLA_LINKINFO) {
                buffer.appendAttribute(IFLA_INFO_KIND, string: kind.name)
                kind.appendData(to: buffer)
                attributes.appendBridgeData(to: buffer)
            }
        }
    }
}

extension LinkSpecification.Kind {
    /// The kernel's name of the driver.
    fileprivate var name: String {
        switch self {
        case .veth: "veth"
        case .bridge: "bridge"
        case .vlan: "vlan"
        }
    }

    fileprivate func appendData(to buffer: MessageBuffer) {
        switch self {
        case .bridge: return
        case .vlan(let id, _):
            buffer.appendNest(IFLA_INFO_DATA) { buffer.appendAttribute(IFLA_VLAN_ID, number: id) }
        case .veth(let peer):
            buffer.appendNest(IFLA_INFO_DATA) {
                buffer.appendNest(VETH_INFO_PEER) {
                    buffer.append(structure: peer.header)
                    peer.append(to: buffer)
                }
            }
        }
    }
}
