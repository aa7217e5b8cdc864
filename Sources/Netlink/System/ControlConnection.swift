import CLinux
import Glibc

/// One question and its answer between an operator's command and the daemon. Every wait has an end.
package struct ControlConnection: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// Connects to the listener of that name in the network namespace of the calling thread; nil when there is none.
    ///
    /// - Throws: `SystemError`, with `EAGAIN` when it has too many connections waiting.
    package static func connect(to name: String) throws(SystemError) -> ControlConnection? {
        let socket = try AbstractSocket.make("control socket \(name)")
        if try AbstractSocket.call(Glibc.connect, socket, name) { return ControlConnection(socket) }
        if errno == ECONNREFUSED { return nil }
        throw .lastCall("connect to control socket \(name)")
    }

    /// Who is at the other end.
    package var peer: PeerCredentials? { AbstractSocket.peer(of: descriptor) }

    /// Reads up to a line feed, without it.
    ///
    /// - Throws: `SystemError`: `EMSGSIZE` when the line is longer, `ETIMEDOUT`, `ECONNRESET` when the peer closed
    ///   before it.
    package func readLine(maximumByteCount: Int, timeoutMilliseconds: Int) throws(SystemError) -> [UInt8] {
        let deadline = Self.deadline(timeoutMilliseconds)
        var line: [UInt8] = []
        while true {
            guard let part = try read(until: deadline) else {
                throw SystemError(errno: ECONNRESET, operation: "request")
            }
            if let end = part.firstIndex(of: UInt8(ascii: "\n")) {
                line += part[..<end]
                if line.count <= maximumByteCount { return line }
            } else {
                line += part
            }
            guard line.count <= maximumByteCount else { throw SystemError(errno: EMSGSIZE, operation: "request") }
        }
    }

    /// Reads until the peer closes.
    ///
    /// - Throws: `SystemError`: `EMSGSIZE` when it is more, `ETIMEDOUT`.
    package func readAll(maximumByteCount: Int, timeoutMilliseconds: Int) throws(SystemError) -> [UInt8] {
        let deadline = Self.deadline(timeoutMilliseconds)
        var bytes: [UInt8] = []
        while true {
            let part: ArraySlice<UInt8>?
            do throws(SystemError) { part = try read(until: deadline) } catch {
                // One that answers without having read all it was asked resets the connection behind its answer.
                if error.errno == ECONNRESET, !bytes.isEmpty { return bytes }
                throw error
            }
            guard let part else { return bytes }
            bytes += part
            guard bytes.count <= maximumByteCount else { throw SystemError(errno: EMSGSIZE, operation: "answer") }
        }
    }

    /// Writes all of it.
    ///
    /// - Throws: `SystemError`: `ETIMEDOUT`, or `EPIPE` when the peer has gone.
    package func write(_ bytes: [UInt8], timeoutMilliseconds: Int) throws(SystemError) {
        let deadline = Self.deadline(timeoutMilliseconds)
        let number = descriptor.rawValue
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { bytes in
                retryingInterrupted { send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
            }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                try wait(POLLOUT, until: deadline, "write to control socket")
            } else {
                throw .lastCall("write to control socket")
            }
        }
    }

    /// What has come, nil when the peer has closed.
    private func read(until deadline: UInt64) throws(SystemError) -> ArraySlice<UInt8>? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            if let length = try descriptor.read(into: &buffer, "read of control socket") {
                return length == 0 ? nil : buffer[..<length]
            }
            try wait(POLLIN, until: deadline, "read of control socket")
        }
    }

    private static func deadline(_ timeoutMilliseconds: Int) -> UInt64 {
        MonotonicClock.nanoseconds + UInt64(max(timeoutMilliseconds, 0)) * 1_000_000
    }

    private func wait(_ events: Int32, until deadline: UInt64, _ operation: String) throws(SystemError) {
        var entry = pollfd(fd: descriptor.rawValue, events: Int16(events), revents: 0)
        while true {
            let now = MonotonicClock.nanoseconds
            guard now < deadline else { throw SystemError(errno: ETIMEDOUT, operation: operation) }
            let count = poll(&entry, 1, Int32(clamping: (deadline - now + 999_999) / 1_000_000))
            if count > 0 { return }
            if count < 0 && errno != EINTR { throw .lastCall(operation) }
        }
    }
}
