import CLinux
import Net

/// How far away an address or a destination is (`RT_SCOPE_…`).
package struct RouteScope: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let global = RouteScope(rawValue: UInt8(RT_SCOPE_UNIVERSE.rawValue))
    /// On the link itself, without a gateway.
    package static let link = RouteScope(rawValue: UInt8(RT_SCOPE_LINK.rawValue))
    package static let host = RouteScope(rawValue: UInt8(RT_SCOPE_HOST.rawValue))
    package static let nowhere = RouteScope(rawValue: UInt8(RT_SCOPE_NOWHERE.rawValue))
}

/// What a route does with a packet (`RTN_…`).
package struct RouteKind: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let unicast = RouteKind(rawValue: UInt8(RTN_UNICAST))
    package static let local = RouteKind(rawValue: UInt8(RTN_LOCAL))
    package static let broadcast = RouteKind(rawValue: UInt8(RTN_BROADCAST))
    package static let blackhole = RouteKind(rawValue: UInt8(RTN_BLACKHOLE))
    package static let unreachable = RouteKind(rawValue: UInt8(RTN_UNREACHABLE))
}

/// A route of one next hop.
package struct Route: Hashable, Sendable {
    /// Table 254, where routes are that nobody put elsewhere.
    package static let mainTable = UInt32(RT_TABLE_MAIN.rawValue)
    /// Table 255, which the kernel keeps: our own addresses.
    package static let localTable = UInt32(RT_TABLE_LOCAL.rawValue)

    /// 0.0.0.0/0 or ::/0 is the default route.
    package let destination: IPPrefix
    package var gateway: IPAddress?
    package var linkIndex: Int32?
    /// The source address of what we ourselves send there.
    package var source: IPAddress?
    package var scope: RouteScope
    /// The gateway counts as on the link, whatever its address.
    package var isOnLink: Bool
    package var table: UInt32
    /// Lower wins among routes to the same destination; nil leaves it to the kernel (0, or 1024 with IPv6).
    package var metric: UInt32?
    /// The largest packet, in bytes, where that is not the link's.
    package var mtu: UInt32?
    /// The largest TCP segment that is asked of the other side, in bytes.
    package var advertisedMSS: UInt32?
    package var kind: RouteKind

    package init(
        to destination: IPPrefix, gateway: IPAddress? = nil, linkIndex: Int32? = nil, source: IPAddress? = nil,
        scope: RouteScope? = nil, isOnLink: Bool = false, table: UInt32 = Route.mainTable, metric: UInt32? = nil,
        mtu: UInt32? = nil, advertisedMSS: UInt32? = nil, kind: RouteKind = .unicast
    ) {
        self.destination = destination
        self.gateway = gateway
        self.linkIndex = linkIndex
        self.source = source
        // As `ip route` has it: without a gateway the destination is on the link. IPv6 knows no scopes.
        let isDirect = gateway == nil && kind == .unicast && destination.family == .ipv4
        self.scope = scope ?? (isDirect ? .link : kind == .local && destination.family == .ipv4 ? .host : .global)
        self.isOnLink = isOnLink
        self.table = table
        self.metric = metric
        self.mtu = mtu
        self.advertisedMSS = advertisedMSS
        self.kind = kind
    }
}

extension Route {
    /// From RTM_NEWROUTE; nil for another message, one that is cut short, one of no IP family, or one of several
    /// next hops.
    init?(_ message: NetlinkMessage) {
        guard Int(message.type) == RTM_NEWROUTE, let header = message.payload.load(rtmsg.self),
            let family = IPFamily(addressFamily: header.rtm_family)
        else { return nil }
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<rtmsg>.size))
        func address(_ type: rtattr_type_t) -> IPAddress? {
            attributes.first(type).flatMap { IPAddress(bytes: $0.value) }
        }
        let first = address(RTA_DST) ?? IPAddress(number: 0, family: family)
        guard attributes.first(RTA_MULTIPATH) == nil, first.family == family,
            let destination = IPPrefix(containing: first, length: Int(header.rtm_dst_len))
        else { return nil }
        let metrics = attributes.first(RTA_METRICS)?.nested
        self.init(
            to: destination, gateway: address(RTA_GATEWAY), linkIndex: attributes.first(RTA_OIF)?.load(Int32.self),
            source: address(RTA_PREFSRC), scope: RouteScope(rawValue: header.rtm_scope),
            isOnLink: header.rtm_flags & UInt32(RTNH_F_ONLINK) != 0,
            table: attributes.first(RTA_TABLE)?.load(UInt32.self) ?? UInt32(header.rtm_table),
            metric: attributes.first(RTA_PRIORITY)?.load(UInt32.self), mtu: metrics?.first(RTAX_MTU)?.load(UInt32.self),
            advertisedMSS: metrics?.first(RTAX_ADVMSS)?.load(UInt32.self), kind: RouteKind(rawValue: header.rtm_type))
    }

    /// Asks which route a packet to `destination` would take.
    static func appendQuestion(about destination: IPAddress, to buffer: MessageBuffer) {
        var header = rtmsg()
        header.rtm_family = destination.family.addressFamily
        header.rtm_dst_len = UInt8(destination.family.bitWidth)
        // IPv6 names the table without being asked, and refuses the flag.
        if destination.family == .ipv4 { header.rtm_flags = UInt32(RTM_F_LOOKUP_TABLE) }
        buffer.appendMessage(type: RTM_GETROUTE, flags: 0, header) {
            buffer.appendAttribute(RTA_DST, bytes: destination.bytes)
        }
    }

    func append(_ type: Int, flags: Int32, to buffer: MessageBuffer) {
        var header = rtmsg()
        header.rtm_family = destination.family.addressFamily
        header.rtm_dst_len = UInt8(destination.length)
        // Tables above 255 go into the attribute alone.
        header.rtm_table = UInt8(exactly: table) ?? UInt8(RT_TABLE_UNSPEC.rawValue)
        header.rtm_protocol = UInt8(RTPROT_BOOT)
        // When deleting, RT_SCOPE_NOWHERE matches any scope.
        header.rtm_scope = type == RTM_DELROUTE ? RouteScope.nowhere.rawValue : scope.rawValue
        header.rtm_type = kind.rawValue
        if type == RTM_DELROUTE { header.rtm_protocol = UInt8(RTPROT_UNSPEC) }
        if isOnLink { header.rtm_flags = UInt32(RTNH_F_ONLINK) }
        buffer.appendMessage(type: type, flags: flags, header) {
            if destination.length > 0 { buffer.appendAttribute(RTA_DST, bytes: destination.address.bytes) }
            if let gateway { buffer.appendAttribute(RTA_GATEWAY, bytes: gateway.bytes) }
            if let linkIndex { buffer.appendAttribute(RTA_OIF, number: linkIndex) }
            if let source { buffer.appendAttribute(RTA_PREFSRC, bytes: source.bytes) }
            if let metric { buffer.appendAttribute(RTA_PRIORITY, number: metric) }
            buffer.appendAttribute(RTA_TABLE, number: table)
            if mtu != nil || advertisedMSS != nil {
                buffer.appendNest(Int(RTA_METRICS.rawValue)) {
                    if let mtu { buffer.appendAttribute(RTAX_MTU, number: mtu) }
                    if let advertisedMSS { buffer.appendAttribute(RTAX_ADVMSS, number: advertisedMSS) }
                }
            }
        }
    }
}
