import CLinux
import Glibc
import Net

/// The way to the list of sockets of the network namespace in which it was made (linux/sock_diag.h, linux/inet_diag.h). It has
/// one owner; each call is done when it returns.
package struct SocketDiagnostics: ~Copyable, Sendable {
    private var socket: NetlinkSocket

    /// Opens the socket.
    ///
    /// - Throws: `NetlinkError` when the kernel refuses the buffers (CAP_NET_ADMIN).
    package init() throws(NetlinkError) {
        socket = try NetlinkSocket(family: NETLINK_SOCK_DIAG, receiveBufferByteCount: 1 << 20)
    }

    /// The sockets of both families that listen, or are bound and not connected: on one port or (nil) on any. None when the
    /// kernel does not have the protocol.
    package mutating func listeners(_ transport: L4Protocol, port: UInt16? = nil) throws(NetlinkError)
        -> [ListeningSocket]
    {
        var found: [ListeningSocket] = []
        for family in [AF_INET, AF_INET6] {
            var request = inet_diag_req_v2()
            request.sdiag_family = UInt8(family)
            request.sdiag_protocol = transport.rawValue
            // TCP's states stand for those of all (include/net/tcp_states.h): a UDP socket without a peer is closed.
            request.idiag_states = 1 << UInt32(transport == .udp ? TCP_CLOSE : TCP_LISTEN)
            request.id.idiag_sport = (port ?? 0).bigEndian
            let buffer = MessageBuffer()
            buffer.appendMessage(type: Int(SOCK_DIAG_BY_FAMILY), flags: NLM_F_DUMP, request)
            do throws(NetlinkError) {
                found += try socket.dump(buffer, "list of \(transport) sockets") { message in
                    // Kernels that do not look for the port themselves send all.
                    guard let found = ListeningSocket(message, transport), port == nil || found.port == port,
                        found.port != 0
                    else { return nil }
                    return found
                }
            } catch  where error.errno == ENOENT {
                continue
            }
        }
        return found
    }
}
