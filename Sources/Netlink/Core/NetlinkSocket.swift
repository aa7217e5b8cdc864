import CLinux
import Glibc

/// A netlink socket with a port id that the kernel assigned and extended acknowledgements. It belongs to the network
/// namespace of the thread that made it.
struct NetlinkSocket: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor
    /// The number of the last request.
    private(set) var sequence: UInt32 = 0
    /// What answers are read into; kept for the next request.
    private var answers: [UInt8] = []

    /// - Parameters:
    ///   - family: `NETLINK_NETFILTER` or `NETLINK_ROUTE`.
    ///   - groups: Multicast groups to join (`RTNLGRP_…`).
    ///   - receiveBufferByteCount: Asked of the kernel above the limit of net.core.rmem_max, which needs CAP_NET_ADMIN.
    init(family: Int32, groups: [UInt32] = [], receiveBufferByteCount: Int) throws(NetlinkError) {
        descriptor = try Self.open(family, groups, receiveBufferByteCount)
    }

    private static func open(
        _ family: Int32, _ groups: [UInt32], _ receiveBufferByteCount: Int
    ) throws(NetlinkError) -> OwnedDescriptor {
        let number = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), family)
        guard number >= 0 else { throw .lastCall("netlink socket") }
        let descriptor = OwnedDescriptor(owning: number)
        try descriptor.set(SOL_NETLINK, NETLINK_EXT_ACK, 1, "NETLINK_EXT_ACK")
        // Errors come without the request in them: its sequence number and the offset of the attribute are enough.
        try descriptor.set(SOL_NETLINK, NETLINK_CAP_ACK, 1, "NETLINK_CAP_ACK")
        if family == NETLINK_ROUTE {
            try descriptor.set(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1, "NETLINK_GET_STRICT_CHK")
        }
        try descriptor.set(SOL_SOCKET, SO_RCVBUFFORCE, Int32(receiveBufferByteCount), "SO_RCVBUFFORCE")
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, __CONST_SOCKADDR_ARG(__sockaddr__: $0), socklen_t(MemoryLayout<sockaddr_nl>.size))
            }
        }
        guard bound == 0 else { throw .lastCall("netlink bind") }
        for group in groups {
            try descriptor.set(
                SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, Int32(bitPattern: group), "NETLINK_ADD_MEMBERSHIP")
        }
        return descriptor
    }

    /// For a poller.
    var rawDescriptor: Int32 { descriptor.rawValue }

    /// Takes `count` sequence numbers and returns the first. Zero is left out: the kernel uses it for events.
    mutating func takeSequence(_ count: Int) -> UInt32 {
        if UInt64(sequence) + UInt64(count) > UInt64(UInt32.max) { sequence = 0 }
        defer { sequence += UInt32(count) }
        return sequence + 1
    }

    /// A buffer for answers, that of the last request where there was one. `keep` gives it back.
    mutating func takeAnswers() -> [UInt8] {
        guard answers.isEmpty else {
            let buffer = answers
            answers = []
            return buffer
        }
        return Self.answerBuffer()
    }

    mutating func keep(_ buffer: consuming [UInt8]) { answers = buffer }

    /// Room for any datagram that answers a request: the kernel fills at most 32 KiB of a list into one, and as much as the reader has
    /// shown to have room for. Its memory is touched only as far as answers reach.
    static func answerBuffer() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 64 << 10) { $1 = $0.count }
    }

    /// Sends pieces as one datagram to the kernel, which works on it before this returns.
    mutating func send(_ pieces: [iovec]) throws(NetlinkError) {
        let byteCount = pieces.reduce(0) { $0 + $1.iov_len }
        var sent = sendOnce(pieces)
        if sent < 0, errno == EMSGSIZE {
            // The kernel doubles the value, for its own bookkeeping.
            guard let size = Int32(exactly: byteCount + Self.sendBufferMargin) else {
                throw NetlinkError(errno: EMSGSIZE, object: "netlink request of \(byteCount) bytes")
            }
            try descriptor.set(SOL_SOCKET, SO_SNDBUFFORCE, size, "SO_SNDBUFFORCE")
            sent = sendOnce(pieces)
        }
        guard sent == byteCount else { throw .lastCall("netlink request of \(byteCount) bytes") }
    }

    private func sendOnce(_ pieces: [iovec]) -> Int {
        var kernel = sockaddr_nl()
        kernel.nl_family = sa_family_t(AF_NETLINK)
        var pieces = pieces
        let number = descriptor.rawValue
        return pieces.withUnsafeMutableBufferPointer { pieces in
            withUnsafeMutablePointer(to: &kernel) { kernel in
                var message = msghdr()
                message.msg_name = UnsafeMutableRawPointer(kernel)
                message.msg_namelen = socklen_t(MemoryLayout<sockaddr_nl>.size)
                message.msg_iov = pieces.baseAddress
                message.msg_iovlen = pieces.count
                return retryingInterrupted { sendmsg(number, &message, 0) }
            }
        }
    }

    /// What a read of the socket gave.
    enum Reception {
        /// A datagram of the kernel, in full.
        case datagram(length: Int)
        /// Nothing is queued.
        case empty
        /// The kernel dropped datagrams for want of room in the socket's buffer, or one did not fit ours.
        case overflow
    }

    /// Reads one datagram into `buffer`, without waiting: the kernel does what it is asked inside `sendmsg`, and goes
    /// on with a list inside `recvmsg`.
    func receive(into buffer: inout [UInt8]) throws(NetlinkError) -> Reception {
        // With MSG_TRUNC the result is the datagram's length even where the buffer is shorter.
        let flags = Int32(MSG_TRUNC) | Int32(MSG_DONTWAIT)
        while true {
            var sender = sockaddr_nl()
            let length = receive(&buffer, &sender, flags)
            if length < 0 { return try Self.failedReception() }
            // Any process may send to our port; only the kernel's own port is 0.
            if sender.nl_pid == 0 { return length <= buffer.count ? .datagram(length: length) : .overflow }
        }
    }

    private func receive(_ buffer: inout [UInt8], _ sender: inout sockaddr_nl, _ flags: Int32) -> Int {
        let number = descriptor.rawValue
        return buffer.withUnsafeMutableBytes { bytes in
            withUnsafeMutablePointer(to: &sender) { sender in
                var piece = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &piece) { piece in
                    var message = msghdr()
                    message.msg_name = UnsafeMutableRawPointer(sender)
                    message.msg_namelen = socklen_t(MemoryLayout<sockaddr_nl>.size)
                    message.msg_iov = piece
                    message.msg_iovlen = 1
                    return retryingInterrupted { recvmsg(number, &message, flags) }
                }
            }
        }
    }

    private static func failedReception() throws(NetlinkError) -> Reception {
        switch errno {
        case EAGAIN: return .empty
        case ENOBUFS: return .overflow
        default: throw .lastCall("netlink reply")
        }
    }

    /// Above the request itself the kernel wants room for its own header.
    private static var sendBufferMargin: Int { 64 << 10 }
}

extension OwnedDescriptor {
    fileprivate func set(_ level: Int32, _ option: Int32, _ value: Int32, _ name: String) throws(NetlinkError) {
        var value = value
        guard setsockopt(rawValue, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw .lastCall("netlink option \(name)")
        }
    }
}

/// Repeats a system call that a signal interrupted.
@inline(__always)
func retryingInterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
