import Net

/// A UDP socket that takes datagrams and never answers: what a probe of it sees is its own time-out.
package final class SilentSocket: Sendable {
    package let address: SocketAddress
    private let socket: Socket

    /// - Throws: `SocketError` when `address` cannot be bound.
    package init(listen address: SocketAddress) throws(SocketError) {
        socket = try Socket(.udp, address.address.family)
        try socket.bind(to: address)
        self.address = try socket.localAddress()
    }
}
