import CLinux
import Glibc

/// The way to the queueing disciplines and filters of the network namespace in which the socket was made, and to the links that
/// only they need. It has one owner; each call is done when it returns.
package struct TrafficControlSocket: ~Copyable, Sendable {
    private var socket: NetlinkSocket

    /// Opens the socket.
    ///
    /// - Throws: `NetlinkError` when the kernel refuses the buffers (CAP_NET_ADMIN).
    package init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_ROUTE, receiveBufferByteCount: 1 << 20)
    }

    /// Carries out requests one after the other, until one fails.
    ///
    /// - Throws: `NetlinkError`; `ENOENT` where the kernel lacks a discipline or filter.
    package mutating func perform(_ requests: [TrafficControlRequest]) throws(NetlinkError) {
        for request in requests {
            let buffer = MessageBuffer()
            request.append(to: buffer)
            try socket.exchange(buffer, count: request.messageCount, name: { request.object($0) })
        }
    }

    // MARK: Intermediate links

    /// Makes a link of kind `ifb` and sets it up. It has its alias from the start: one call of the kernel does both.
    ///
    /// - Returns: Its index.
    /// - Throws: `NetlinkError`: `EEXIST` when there is a link of that name, `EOPNOTSUPP` where the kernel lacks the kind.
    package mutating func addIntermediateLink(name: String, mtu: UInt32, alias: String) throws(NetlinkError) -> Int32 {
        let buffer = MessageBuffer()
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_UNSPEC)
        buffer.appendMessage(type: RTM_NEWLINK, flags: NLM_F_CREATE | NLM_F_EXCL, header) {
            buffer.appendAttribute(IFLA_IFNAME, string: name)
            buffer.appendAttribute(IFLA_MTU, number: mtu)
            buffer.appendNest(IFLA_LINKINFO) { buffer.appendAttribute(IFLA_INFO_KIND, string: IntermediateLink.kind) }
        }
        // The kernel takes no alias with a new link.
        header.ifi_change = UInt32(IFF_UP)
        header.ifi_flags = UInt32(IFF_UP)
        buffer.appendMessage(type: RTM_SETLINK, flags: 0, header) {
            buffer.appendAttribute(IFLA_IFNAME, string: name)
            buffer.appendAttribute(IFLA_IFALIAS, string: alias)
        }
        header = ifinfomsg()
        buffer.appendMessage(type: RTM_GETLINK, flags: 0, header) {
            buffer.appendAttribute(IFLA_IFNAME, string: name)
        }
        var index: Int32?
        let object = "new link \(name)"
        try socket.exchange(buffer, count: 3, name: { _ in object }) { index = IntermediateLink($0)?.index ?? index }
        guard let index else { throw NetlinkError(errno: ENODEV, object: object) }
        return index
    }

    /// Removes a link of kind `ifb`.
    ///
    /// - Returns: False when there is none of that name; one of another kind stays.
    package mutating func deleteIntermediateLink(name: String) throws(NetlinkError) -> Bool {
        guard let link = try intermediateLink(name: name) else { return false }
        let buffer = MessageBuffer()
        var header = ifinfomsg()
        header.ifi_index = link.index
        buffer.appendMessage(type: RTM_DELLINK, flags: 0, header)
        do throws(NetlinkError) {
            try socket.exchange(buffer, count: 1, name: { _ in "link \(name)" })
            return true
        } catch  where error.errno == ENODEV {
            return false
        }
    }

    /// The link of that name; nil when there is none of kind `ifb`.
    package mutating func intermediateLink(name: String) throws(NetlinkError) -> IntermediateLink? {
        let buffer = MessageBuffer()
        buffer.appendMessage(type: RTM_GETLINK, flags: 0, ifinfomsg()) {
            buffer.appendAttribute(IFLA_IFNAME, string: name)
        }
        var link: IntermediateLink?
        do throws(NetlinkError) {
            try socket.exchange(buffer, count: 1, name: { _ in "link \(name)" }) { link = IntermediateLink($0) ?? link }
        } catch  where error.errno == ENODEV {
            return nil
        }
        return link
    }

    /// All links of kind `ifb`, but for those that others make or remove while they are listed.
    package mutating func intermediateLinks() throws(NetlinkError) -> [IntermediateLink] {
        let buffer = MessageBuffer()
        buffer.appendMessage(type: RTM_GETLINK, flags: NLM_F_DUMP, ifinfomsg()) {
            buffer.appendNest(IFLA_LINKINFO) { buffer.appendAttribute(IFLA_INFO_KIND, string: IntermediateLink.kind) }
        }
        do throws(NetlinkError) {
            return try socket.dump(buffer, "list of ifb links", acceptsTorn: true) { IntermediateLink($0) }
        } catch  where error.errno == EOPNOTSUPP {
            // A kernel that lacks the kind.
            return []
        }
    }

    // MARK: What there is

    /// Whether what leaves a link is limited so.
    package mutating func isLimited(linkIndex: Int32, by bucket: TokenBucket) throws(NetlinkError) -> Bool {
        let buffer = MessageBuffer()
        buffer.appendMessage(
            type: RTM_GETQDISC, flags: NLM_F_DUMP, TrafficControlRequest.header(linkIndex, parent: 0, handle: 0))
        let readings = try socket.dump(buffer, "list of queueing disciplines") { message -> TokenBucket.Reading? in
            guard Int(message.type) == RTM_NEWQDISC, let header = message.payload.load(tcmsg.self),
                header.tcm_ifindex == linkIndex, header.tcm_parent == TC_H_ROOT
            else { return nil }
            let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<tcmsg>.size))
            guard attributes.first(Int(TCA_KIND))?.string == TokenBucket.kind else { return nil }
            return attributes.first(Int(TCA_OPTIONS)).flatMap { TokenBucket.Reading($0.nested) }
        }
        return readings.contains { bucket.matches($0) }
    }

    /// The links that what a link receives is redirected to.
    package mutating func redirections(linkIndex: Int32) throws(NetlinkError) -> [Int32] {
        let buffer = MessageBuffer()
        let parent = TrafficControlRequest.ingressHandle
        buffer.appendMessage(
            type: RTM_GETTFILTER, flags: NLM_F_DUMP,
            TrafficControlRequest.header(linkIndex, parent: parent, handle: 0))
        return try socket.dump(buffer, "list of filters of link \(linkIndex)") { message in
            guard Int(message.type) == RTM_NEWTFILTER else { return nil }
            let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<tcmsg>.size))
            guard let options = attributes.first(Int(TCA_OPTIONS))?.nested,
                let action = options.first(Int(TCA_U32_ACT))?.nested.first(1)?.nested.first(Int(TCA_ACT_OPTIONS)),
                let redirect = action.nested.first(Int(TCA_MIRRED_PARMS))?.load(tc_mirred.self)
            else { return nil }
            return Int32(bitPattern: redirect.ifindex)
        }
    }
}
