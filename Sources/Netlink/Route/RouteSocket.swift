import CLinux
import Glibc
import Net

/// The way to the links, addresses and routes of the network namespace in which the socket was made. It has one owner;
/// each call is done when it returns.
package struct RouteSocket: ~Copyable, Sendable {
    private var socket: NetlinkSocket

    /// Opens the socket.
    ///
    /// - Throws: `NetlinkError` when the kernel refuses the buffers (CAP_NET_ADMIN).
    package init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_ROUTE, receiveBufferByteCount: 1 << 20)
    }

    /// Carries out requests, sent together, one after the other. It is no transaction: those after a failed one are
    /// carried out all the same.
    ///
    /// - Throws: `NetlinkError` of the first request that failed, with its `requestIndex`.
    package mutating func perform(_ requests: [RouteRequest]) throws(NetlinkError) {
        _ = try perform(requests, reading: [])
    }

    /// As `perform(_:)`, and tells in the same send what links are like after that.
    ///
    /// - Parameter acceptsExisting: What is there already is no failure.
    /// - Returns: For each of `links` the link, or nil when there is none.
    package mutating func perform(
        _ requests: [RouteRequest], acceptsExisting: Bool = false, reading links: [LinkReference]
    ) throws(NetlinkError) -> [Link?] {
        let buffer = MessageBuffer()
        for request in requests { request.append(to: buffer) }
        for link in links { link.appendQuestion(to: buffer) }
        var found: [Link] = []
        try socket.exchange(
            buffer, count: requests.count + links.count,
            accepts: { index, errno in
                guard index < requests.count else { return errno == ENODEV }
                return acceptsExisting && errno == EEXIST || requests[index].accepts(errno)
            },
            name: { $0 < requests.count ? requests[$0].object : links[$0 - requests.count].description },
            receive: { if let link = Link($0) { found.append(link) } })
        return links.map { reference in found.first { reference.isReference(to: $0) } }
    }

    /// As `perform(_:)` for one.
    package mutating func perform(_ request: RouteRequest) throws(NetlinkError) { try perform([request]) }

    /// All links.
    ///
    /// - Parameter acceptsTorn: While others make and remove links all the time, a list without some of them will do.
    package mutating func links(acceptsTorn: Bool = false) throws(NetlinkError) -> [Link] {
        try list(RTM_GETLINK, ifinfomsg(), "list of links", acceptsTorn: acceptsTorn) { buffer in
            buffer.appendAttribute(IFLA_EXT_MASK, number: UInt32(RTEXT_FILTER_SKIP_STATS))
        } decode: {
            Link($0)
        }
    }

    /// One link.
    ///
    /// - Throws: `NetlinkError` with `ENODEV` when there is none.
    package mutating func link(_ reference: LinkReference) throws(NetlinkError) -> Link {
        let buffer = MessageBuffer()
        reference.appendQuestion(to: buffer)
        return try one(buffer, reference.description) { Link($0) }
    }

    /// The VLANs of all ports of bridges, and of the bridges themselves.
    package mutating func vlans() throws(NetlinkError) -> [BridgeVLANs] {
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_BRIDGE)
        return try list(RTM_GETLINK, header, "list of VLANs") { buffer in
            buffer.appendAttribute(IFLA_EXT_MASK, number: UInt32(RTEXT_FILTER_BRVLAN_COMPRESSED))
        } decode: {
            BridgeVLANs($0)
        }
    }

    /// All addresses, or those of a family or a link.
    package mutating func addresses(
        _ family: IPFamily? = nil, linkIndex: Int32? = nil
    ) throws(NetlinkError) -> [InterfaceAddress] {
        var header = ifaddrmsg()
        header.ifa_family = family?.addressFamily ?? UInt8(AF_UNSPEC)
        header.ifa_index = UInt32(bitPattern: linkIndex ?? 0)
        return try list(RTM_GETADDR, header, "list of addresses") { InterfaceAddress($0) }
    }

    /// The routes of a table, or of all tables. Routes of several next hops are left out.
    package mutating func routes(
        _ family: IPFamily, table: UInt32? = Route.mainTable
    ) throws(NetlinkError) -> [Route] {
        var header = rtmsg()
        header.rtm_family = family.addressFamily
        do throws(NetlinkError) {
            return try list(RTM_GETROUTE, header, "list of \(family) routes") { buffer in
                if let table { buffer.appendAttribute(RTA_TABLE, number: table) }
            } decode: {
                Route($0)
            }
        } catch  where error.errno == ENOENT && table != nil {
            // The kernel makes a table with its first route.
            return []
        }
    }

    /// The route that a packet to `destination` would take.
    ///
    /// - Throws: `NetlinkError` with `ENETUNREACH` (or another of the route's own) when there is none.
    package mutating func route(to destination: IPAddress) throws(NetlinkError) -> Route {
        let buffer = MessageBuffer()
        Route.appendQuestion(about: destination, to: buffer)
        return try one(buffer, "route to \(destination)") { Route($0) }
    }

    /// The routes that packets to `destinations` would take, those that have none left out.
    package mutating func routes(to destinations: [IPAddress]) throws(NetlinkError) -> [Route] {
        let buffer = MessageBuffer()
        for destination in destinations { Route.appendQuestion(about: destination, to: buffer) }
        var found: [Route] = []
        // Whatever the error is, it is the route's: unreachable, prohibited, or none at all.
        try socket.exchange(
            buffer, count: destinations.count, accepts: { _, _ in true },
            name: { "route to \(destinations[$0])" }, receive: { if let route = Route($0) { found.append(route) } })
        return found
    }

    /// The neighbours of a family, or those on one link.
    package mutating func neighbours(
        _ family: IPFamily, linkIndex: Int32? = nil
    ) throws(NetlinkError) -> [Neighbour] {
        var header = ndmsg()
        header.ndm_family = family.addressFamily
        return try list(RTM_GETNEIGH, header, "list of \(family) neighbours") { buffer in
            if let linkIndex { buffer.appendAttribute(NDA_IFINDEX, number: linkIndex) }
        } decode: {
            Neighbour($0)
        }
    }

    /// The routing rules of a family.
    package mutating func rules(_ family: IPFamily) throws(NetlinkError) -> [RoutingRule] {
        var header = fib_rule_hdr()
        header.family = family.addressFamily
        return try list(RTM_GETRULE, header, "list of \(family) rules") { RoutingRule($0) }
    }

    private mutating func list<Element>(
        _ type: Int, _ header: some BitwiseCopyable, _ object: String, acceptsTorn: Bool = false,
        filter: (MessageBuffer) -> Void = { _ in }, decode: (NetlinkMessage) -> Element?
    ) throws(NetlinkError) -> [Element] {
        let buffer = MessageBuffer()
        buffer.appendMessage(type: type, flags: NLM_F_DUMP, header) { filter(buffer) }
        return try socket.dump(buffer, object, acceptsTorn: acceptsTorn, decode)
    }

    private mutating func one<Element>(
        _ request: MessageBuffer, _ object: String, _ decode: (NetlinkMessage) -> Element?
    ) throws(NetlinkError) -> Element {
        var found: Element?
        try socket.exchange(request, count: 1, name: { _ in object }, receive: { found = decode($0) ?? found })
        guard let found else { throw NetlinkError(errno: ENOENT, object: object) }
        return found
    }
}
