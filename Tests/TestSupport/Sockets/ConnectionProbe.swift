import Net
import Netlink

/// Makes one new connection at a time, as little as shows what its first packet costs.
package struct ConnectionProbe: Sendable {
    package let target: SocketAddress
    package let source: IPAddress
    package let transport: L4Protocol
    package let timeoutMilliseconds: Int

    package init(_ target: SocketAddress, from source: IPAddress, _ transport: L4Protocol, timeoutMilliseconds: Int) {
        self.target = target
        self.source = source
        self.transport = transport
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// Connects from `sourcePort` and closes. TCP is closed by a reset; over UDP one byte goes there and comes back.
    ///
    /// - Returns: Nanoseconds: the call of connect, or from the datagram's sending to its return.
    /// - Throws: `SocketError` when there was no connection or no answer in time.
    package func measure(sourcePort: UInt16) throws(SocketError) -> UInt64 {
        let socket = try Socket(transport, source.family, blockingMilliseconds: timeoutMilliseconds)
        if transport == .tcp { try socket.closeByReset() }
        try socket.bind(to: SocketAddress(source, port: sourcePort))
        var start = MonotonicClock.nanoseconds
        var code = socket.connect(to: target)
        if transport == .udp, code == 0 {
            start = MonotonicClock.nanoseconds
            code = socket.exchangeByte()
        }
        let end = MonotonicClock.nanoseconds
        guard code == 0 else {
            throw SocketError(
                operation: "\(transport) connection from \(source):\(sourcePort) to \(target)", code: code)
        }
        // It must not be closed before the end is taken.
        return withExtendedLifetime(socket) { end - start }
    }
}
