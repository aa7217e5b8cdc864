import CLinux
import Glibc

/// Unix sockets of abstract names `fairlead/<name>`: such names belong to a network namespace, and go with the process.
enum AbstractSocket {
    static func make(_ object: String) throws(SystemError) -> OwnedDescriptor {
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        return try OwnedDescriptor(checking: socket(AF_UNIX, flags, 0), "socket of \(object)")
    }

    /// Calls `bind` or `connect`, which have the same shape, with the abstract name; whether that succeeded, else see
    /// `errno`.
    static func call(
        _ function: (Int32, __CONST_SOCKADDR_ARG, socklen_t) -> Int32, _ socket: borrowing OwnedDescriptor,
        _ name: String
    ) throws(SystemError) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let text = [0] + [UInt8]("fairlead/\(name)".utf8)
        guard text.count <= MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError(errno: ENAMETOOLONG, operation: "socket name fairlead/\(name)")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: text) }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? MemoryLayout<sa_family_t>.size
        let number = socket.rawValue
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(number, __CONST_SOCKADDR_ARG(__sockaddr__: $0), socklen_t(offset + text.count)) == 0
            }
        }
    }

    /// Who is at the other end, as it was when it connected or began to listen (`SO_PEERCRED`).
    static func peer(of socket: borrowing OwnedDescriptor) -> PeerCredentials? {
        var peer = ucred()
        var length = socklen_t(MemoryLayout<ucred>.size)
        guard getsockopt(socket.rawValue, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 else { return nil }
        return PeerCredentials(processID: peer.pid, userID: peer.uid)
    }
}

/// A process at the other end of a Unix socket.
package struct PeerCredentials: Hashable, Sendable {
    /// 0 for one in a process namespace that cannot be seen from here.
    package let processID: Int32
    /// As this process's user namespace numbers it.
    package let userID: UInt32

    /// Root, or this process's own user.
    package var isTrusted: Bool { userID == 0 || userID == geteuid() }
}
