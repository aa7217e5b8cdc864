import CLinux

/// What has changed since the last look.
package struct RouteChanges: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let links = RouteChanges(rawValue: 1)
    package static let addresses = RouteChanges(rawValue: 2)
    package static let routes = RouteChanges(rawValue: 4)
    /// News were lost: list everything anew.
    package static let overflow = RouteChanges(rawValue: 8)
}

/// Tells that links, addresses or routes of the network namespace in which it was made have changed. It says no more:
/// the state is listed with `RouteSocket`, after the monitor was made.
package struct RouteMonitor: ~Copyable, Sendable, Pollable {
    private let socket: NetlinkSocket
    private var datagram = [UInt8](repeating: 0, count: 32 << 10)

    /// - Parameter receiveBufferByteCount: What the kernel may queue before it drops news.
    package init(receiveBufferByteCount: Int = 1 << 20) throws(NetlinkError) {
        socket = try NetlinkSocket(
            family: NETLINK_ROUTE,
            groups: [
                RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
            ].map { $0.rawValue }, receiveBufferByteCount: receiveBufferByteCount)
    }

    package var rawDescriptor: Int32 { socket.rawDescriptor }

    /// Takes all news that are there, without waiting; empty when there are none.
    package mutating func drain() throws(NetlinkError) -> RouteChanges {
        var changes: RouteChanges = []
        while true {
            switch try socket.receive(into: &datagram) {
            case .empty: return changes
            case .overflow: changes.insert(.overflow)
            case .datagram(let length):
                for message in NetlinkMessages(datagram[..<length]) { changes.formUnion(RouteChanges(message.type)) }
            }
        }
    }
}

extension RouteChanges {
    fileprivate init(_ type: UInt16) {
        switch Int(type) {
        case RTM_NEWLINK, RTM_DELLINK: self = .links
        case RTM_NEWADDR, RTM_DELADDR: self = .addresses
        case RTM_NEWROUTE, RTM_DELROUTE: self = .routes
        default: self = []
        }
    }
}
