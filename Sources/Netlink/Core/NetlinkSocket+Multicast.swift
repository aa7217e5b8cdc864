import CLinux
import Glibc

extension NetlinkSocket {
    /// The number that the kernel gave this socket: `nlmsg_pid` of what it is told, and of the news of what it did.
    func portID() throws(NetlinkError) -> UInt32 {
        var address = sockaddr_nl()
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let number = rawDescriptor
        let status = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(number, __SOCKADDR_ARG(__sockaddr__: $0), &length)
            }
        }
        guard status == 0 else { throw .lastCall("netlink getsockname") }
        return address.nl_pid
    }

    /// Makes the kernel drop the news of what another socket did before they are queued here, so that they neither wake
    /// anybody nor take room. All news of a datagram are of one socket.
    func ignoreNews(ofPort port: UInt32) throws(NetlinkError) {
        // A classic BPF program reads words in network order.
        let offset = UInt32(MemoryLayout<nlmsghdr>.offset(of: \.nlmsg_pid) ?? 0)
        var program = [
            sock_filter(code: UInt16(BPF_LD | BPF_W | BPF_ABS), jt: 0, jf: 0, k: offset),
            sock_filter(code: UInt16(BPF_JMP | BPF_JEQ | BPF_K), jt: 0, jf: 1, k: port.bigEndian),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: 0),
            sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: .max),
        ]
        let number = rawDescriptor
        let status = program.withUnsafeMutableBufferPointer { program in
            var description = sock_fprog(len: UInt16(program.count), filter: program.baseAddress)
            return setsockopt(
                number, SOL_SOCKET, SO_ATTACH_FILTER, &description, socklen_t(MemoryLayout<sock_fprog>.size))
        }
        guard status == 0 else { throw .lastCall("netlink option SO_ATTACH_FILTER") }
    }

    /// Joins a multicast group, or leaves it. What is queued stays.
    func setMembership(_ isMember: Bool, of group: UInt32) throws(NetlinkError) {
        var group = Int32(bitPattern: group)
        let option = isMember ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP
        guard setsockopt(rawDescriptor, SOL_NETLINK, option, &group, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw .lastCall("netlink option \(isMember ? "NETLINK_ADD_MEMBERSHIP" : "NETLINK_DROP_MEMBERSHIP")")
        }
    }
}
