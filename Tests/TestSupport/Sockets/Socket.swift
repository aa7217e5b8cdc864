import CLinux
import Glibc
import Net

/// A system call that failed, and on what.
package struct SocketError: Error, Equatable, CustomStringConvertible {
    /// The call and its object: "bind 10.0.0.1:80".
    package let operation: String
    /// The `errno` of the call.
    package let code: Int32

    package var description: String { "\(operation): \(String(cString: strerror(code)))" }
}

/// A TCP or UDP socket, non-blocking unless made otherwise, that is closed when its last reference goes.
///
/// It stays in the network namespace that its maker's thread was in. This file and `Threads.swift` hold all system
/// calls of the test sockets.
final class Socket: Sendable {
    /// What a read came to.
    enum Received {
        case bytes([UInt8], from: SocketAddress?)
        /// Nothing yet.
        case none
        /// The peer closed its side.
        case end
        case failed(errno: Int32)
    }

    let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// A new socket of `transport`; IPv6 ones never carry IPv4.
    ///
    /// - Parameter blockingMilliseconds: nil for a socket that never blocks; else how long each of its calls may.
    convenience init(
        _ transport: L4Protocol, _ family: IPFamily, blockingMilliseconds: Int? = nil
    ) throws(SocketError) {
        let kind = transport == .udp ? SOCK_DGRAM : SOCK_STREAM
        var flags = Int32(SOCK_CLOEXEC.rawValue)
        if blockingMilliseconds == nil { flags |= Int32(SOCK_NONBLOCK.rawValue) }
        let descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, Int32(kind.rawValue) | flags, 0)
        guard descriptor >= 0 else { throw SocketError(operation: "socket \(transport) \(family)", code: errno) }
        self.init(descriptor: descriptor)
        if family == .ipv6 { try setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: Int32(1)) }
        try setOption(SOL_SOCKET, SO_REUSEADDR, to: Int32(1))
        if let blockingMilliseconds {
            let time = timeval(
                tv_sec: blockingMilliseconds / 1000, tv_usec: blockingMilliseconds % 1000 * 1000)
            // connect(2) takes the time-out of sending, accept(2) that of receiving: socket(7).
            try setOption(SOL_SOCKET, SO_SNDTIMEO, to: time)
            try setOption(SOL_SOCKET, SO_RCVTIMEO, to: time)
        }
    }

    /// A socket for all packets of `transport` that come in, beside the kernel's own; for which root is needed.
    convenience init(raw transport: L4Protocol, _ family: IPFamily) throws(SocketError) {
        let flags = Int32(SOCK_RAW.rawValue) | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family == .ipv4 ? AF_INET : AF_INET6, flags, Int32(transport.rawValue))
        guard descriptor >= 0 else {
            throw SocketError(operation: "raw socket for \(transport), \(family)", code: errno)
        }
        self.init(descriptor: descriptor)
    }

    deinit { close(descriptor) }

    /// Lets closing end a TCP connection by a reset, so that neither side waits for stray segments of it.
    func closeByReset() throws(SocketError) {
        try setOption(SOL_SOCKET, SO_LINGER, to: linger(l_onoff: 1, l_linger: 0))
    }

    private func setOption<Value: BitwiseCopyable>(
        _ level: Int32, _ name: Int32, to value: Value
    ) throws(SocketError) {
        var value = value
        if setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Value>.size)) != 0 {
            throw SocketError(operation: "setsockopt \(level) \(name)", code: errno)
        }
    }

    func bind(to address: SocketAddress) throws(SocketError) {
        if withRaw(address, { CLinux.bind(descriptor, $0, $1) }) != 0 {
            throw SocketError(operation: "bind \(address)", code: errno)
        }
    }

    /// - Parameter backlog: connections that may wait to be accepted; the kernel allows `net.core.somaxconn`.
    func listen(backlog: Int32 = 1024) throws(SocketError) {
        if Glibc.listen(descriptor, backlog) != 0 { throw SocketError(operation: "listen", code: errno) }
    }

    /// The address the socket is bound to; the kernel's choice where port 0 was asked for.
    func localAddress() throws(SocketError) -> SocketAddress {
        var raw = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withMutableRaw(&raw) { getsockname(descriptor, $0, &length) }
        guard status == 0, let address = SocketAddress(raw) else {
            throw SocketError(operation: "getsockname", code: errno)
        }
        return address
    }

    /// Starts to connect; 0 when connected at once, else the `errno`, `EINPROGRESS` while it goes on.
    func connect(to address: SocketAddress) -> Int32 {
        withRaw(address) { CLinux.connect(descriptor, $0, $1) } == 0 ? 0 : errno
    }

    /// The error that waits on the socket, 0 for none; it is cleared.
    func takeError() -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno
    }

    /// The next connection that waits, nil when none does.
    func accept() -> (Socket, SocketAddress)? {
        var raw = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let accepted = withMutableRaw(&raw) { accept4(descriptor, $0, &length, flags) }
        guard accepted >= 0 else { return nil }
        let socket = Socket(descriptor: accepted)
        return SocketAddress(raw).map { (socket, $0) }
    }

    /// Reads what is there, at most 4 KiB, and who sent it.
    func receive() -> Received {
        var raw = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = withMutableRaw(&raw) { recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length) }
        if count < 0 { return errno == EAGAIN || errno == EINTR ? .none : .failed(errno: errno) }
        if count == 0 { return .end }
        return .bytes(Array(bytes.prefix(count)), from: SocketAddress(raw))
    }

    /// Takes the next connection that waits and closes it; false when none came in the socket's time.
    func acceptAndClose() -> Bool {
        let accepted = accept4(descriptor, __SOCKADDR_ARG(__sockaddr__: nil), nil, Int32(SOCK_CLOEXEC.rawValue))
        if accepted >= 0 { close(accepted) }
        return accepted >= 0
    }

    /// Sends one byte on a connected socket and takes one datagram's first; 0, or the `errno`.
    func exchangeByte() -> Int32 {
        var byte: UInt8 = 1
        guard Glibc.send(descriptor, &byte, 1, Int32(MSG_NOSIGNAL)) == 1 else { return errno }
        return recv(descriptor, &byte, 1, 0) == 1 ? 0 : errno
    }

    /// Sends the first byte of the next datagram back to its sender.
    func echoByte() {
        var raw = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var byte: UInt8 = 0
        withMutableRaw(&raw) { address in
            guard recvfrom(descriptor, &byte, 1, 0, address, &length) == 1 else { return }
            sendto(
                descriptor, &byte, 1, Int32(MSG_NOSIGNAL), __CONST_SOCKADDR_ARG(__sockaddr__: address.__sockaddr__),
                length)
        }
    }

    /// Sends `bytes`, to `address` on a socket that is not connected; 0, or the `errno` when not all went out at once.
    @discardableResult
    func send(_ bytes: [UInt8], to address: SocketAddress? = nil) -> Int32 {
        let flags = Int32(MSG_NOSIGNAL)
        let count =
            if let address {
                withRaw(address) { sendto(descriptor, bytes, bytes.count, flags, $0, $1) }
            } else {
                Glibc.send(descriptor, bytes, bytes.count, flags)
            }
        if count < 0 { return errno }
        return count == bytes.count ? 0 : EAGAIN
    }
}

extension SocketAddress {
    fileprivate init?(_ raw: sockaddr_storage) {
        let isV6 = Int32(raw.ss_family) == AF_INET6
        guard isV6 || Int32(raw.ss_family) == AF_INET else { return nil }
        // sockaddr_in and sockaddr_in6 (ip(7), ipv6(7)): the port at 2, the address at 4 and at 8.
        let parsed = withUnsafeBytes(of: raw) { bytes in
            (IPAddress(bytes: isV6 ? bytes[8..<24] : bytes[4..<8]), UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
        }
        guard let address = parsed.0 else { return nil }
        self.init(address, port: parsed.1)
    }
}

private func withRaw<Result>(_ address: SocketAddress, _ body: (__CONST_SOCKADDR_ARG, socklen_t) -> Result) -> Result {
    var raw = sockaddr_storage()
    let isV6 = address.address.family == .ipv6
    raw.ss_family = sa_family_t(isV6 ? AF_INET6 : AF_INET)
    withUnsafeMutableBytes(of: &raw) { bytes in
        bytes[2] = UInt8(address.port >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: address.port)
        for (index, byte) in address.address.bytes.enumerated() { bytes[(isV6 ? 8 : 4) + index] = byte }
    }
    let length = isV6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
    return withUnsafePointer(to: &raw) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            body(__CONST_SOCKADDR_ARG(__sockaddr__: $0), socklen_t(length))
        }
    }
}

private func withMutableRaw<Result>(_ raw: inout sockaddr_storage, _ body: (__SOCKADDR_ARG) -> Result) -> Result {
    withUnsafeMutablePointer(to: &raw) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(__SOCKADDR_ARG(__sockaddr__: $0)) }
    }
}
