import CLinux
import Glibc
import Net

/// The way to the conntrack table of the network namespace in which the socket was made (ctnetlink). It has one owner;
/// each call is done when it returns.
package struct ConntrackSocket: ~Copyable, Sendable {
    private var socket: NetlinkSocket
    /// How many entries the kernel has sent so far, wanted or not.
    package private(set) var receivedCount: UInt64 = 0
    /// The kernel looks for what a filter wants; else it sends all of the family.
    package private(set) var kernelFilters = true

    /// Opens the socket.
    ///
    /// - Throws: `NetlinkError` when the kernel has no netfilter netlink or refuses the buffers (CAP_NET_ADMIN).
    package init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_NETFILTER, receiveBufferByteCount: 1 << 20)
    }

    /// The entries that the filter wants, as far as `isWanted` agrees.
    ///
    /// - Throws: `NetlinkError`: the kernel's refusal, or `EAGAIN` when the table changed under each of several attempts.
    package mutating func flows(
        _ filter: ConntrackFilter, where isWanted: (ConntrackFlow) -> Bool = { _ in true }
    ) throws(NetlinkError) -> [ConntrackFlow] {
        guard kernelFilters else { return try list(filter, inKernel: false, isWanted) }
        do throws(NetlinkError) {
            return try list(filter, inKernel: true, isWanted)
        } catch  where [EOPNOTSUPP, EINVAL].contains(error.errno) {
            let flows = try list(filter, inKernel: false, isWanted)
            kernelFilters = false
            return flows
        }
    }

    /// Removes that entry, and no later one of the same tuple, unless the kernel gave it the same memory: the number
    /// is made of the tuple and the address (nf_ct_get_id).
    ///
    /// - Returns: False when it has gone already.
    package mutating func delete(_ flow: ConntrackFlow) throws(NetlinkError) -> Bool {
        let request = MessageBuffer()
        request.appendConntrackMessage(IPCTNL_MSG_CT_DELETE, flow.original.source.family, flags: 0) {
            flow.original.append(CTA_TUPLE_ORIG, to: request)
            request.appendAttribute(CTA_ID, number: flow.id.bigEndian)
        }
        do throws(NetlinkError) {
            try socket.exchange(request, count: 1, name: { _ in "conntrack entry \(flow.original)" })
            return true
        } catch  where error.errno == ENOENT {
            return false
        }
    }

    /// Has the kernel remove all entries that the filter wants, which takes it a sixtieth of a list's time: a list locks every bucket of the
    /// table.
    ///
    /// - Parameter filter: Names a protocol.
    /// - Returns: False when it cannot: before Linux 6.8 it takes this for a request to remove one entry, and finds that to lack parts,
    ///   and by an IPv6 address it never can.
    package mutating func deleteInKernel(_ filter: ConntrackFilter) throws(NetlinkError) -> Bool {
        guard filter.isForKernel, filter.protocol != nil else { return false }
        let request = MessageBuffer()
        request.appendConntrackMessage(IPCTNL_MSG_CT_DELETE, filter.family, flags: 0) { filter.append(to: request) }
        do throws(NetlinkError) {
            try socket.exchange(request, count: 1, name: { _ in "\(filter.family) conntrack entries" })
            return true
        } catch  where [EOPNOTSUPP, EINVAL, ENOENT].contains(error.errno) {
            return false
        }
    }

    private mutating func list(
        _ filter: ConntrackFilter, inKernel: Bool, _ isWanted: (ConntrackFlow) -> Bool
    ) throws(NetlinkError) -> [ConntrackFlow] {
        let request = MessageBuffer()
        request.appendConntrackMessage(IPCTNL_MSG_CT_GET, filter.family, flags: NLM_F_DUMP) {
            if inKernel { filter.append(to: request) }
        }
        var count: UInt64 = 0
        defer { receivedCount += count }
        return try socket.dump(request, "list of \(filter.family) conntrack entries") { message in
            guard message.type == UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(IPCTNL_MSG_CT_NEW) else { return nil }
            count += 1
            // Kernels that do not know a filter's attribute ignore it.
            guard let flow = ConntrackFlow(message), filter.matches(flow), isWanted(flow) else { return nil }
            return flow
        }
    }
}

extension MessageBuffer {
    fileprivate func appendConntrackMessage(
        _ type: cntl_msg_types, _ family: IPFamily, flags: Int32, _ body: () -> Void
    ) {
        let header = nfgenmsg(
            nfgen_family: family.netfilterProtocol, version: UInt8(NFNETLINK_V0), res_id: 0)
        appendMessage(type: Int(NFNL_SUBSYS_CTNETLINK) << 8 | Int(type), flags: flags, header, body)
    }
}
