import NIOCore
import NIOSSL

/// What is done with each new connection, after its TLS handshake and before its first request.
enum ConnectionSetup {
    /// A peer that has gone without a word is noticed after 45 s, whether we wait for it (keep-alive probes) or for its
    /// acknowledgement (user time-out): the time that client-go takes over HTTP/2.
    private static let options: [(option: ChannelOptions.Types.SocketOption, value: Int)] = [
        (.socketOption(.so_keepalive), 1),
        (.tcpOption(TCP.keepIdleSeconds), 15),
        (.tcpOption(TCP.keepIntervalSeconds), 10),
        (.tcpOption(TCP.keepCount), 3),
        (.tcpOption(TCP.userTimeoutMilliseconds), 45_000),
    ]

    /// Linux' own options, which NIO has no names for, from include/uapi/linux/tcp.h: they are part of the kernel's ABI.
    private enum TCP {
        static let keepIdleSeconds = NIOBSDSocket.Option(rawValue: 4)
        static let keepIntervalSeconds = NIOBSDSocket.Option(rawValue: 5)
        static let keepCount = NIOBSDSocket.Option(rawValue: 6)
        static let userTimeoutMilliseconds = NIOBSDSocket.Option(rawValue: 18)
    }

    /// Sets the socket's options, and compares the server's certificate with whom it has to be for; nil for anybody.
    static func apply(to channel: any Channel, verifying identity: ServerIdentity?) -> EventLoopFuture<Void> {
        guard let identity else { return setOptions(of: channel) }
        return closing(
            channel,
            after: setOptions(of: channel).flatMap { channel.nioSSL_peerCertificate() }
                .flatMapThrowing { try identity.verify($0) })
    }

    /// Sets the socket's options, and goes through the proxy that the connection is to.
    static func apply(to channel: any Channel, through tunnel: ProxyTunnel) -> EventLoopFuture<Void> {
        closing(channel, after: setOptions(of: channel).flatMap { tunnel.open(on: channel) })
    }

    private static func setOptions(of channel: any Channel) -> EventLoopFuture<Void> {
        EventLoopFuture.andAllComplete(
            options.map { channel.setOption($0.option, value: $0.value) }, on: channel.eventLoop)
    }

    private static func closing(
        _ channel: any Channel, after verified: EventLoopFuture<Void>
    ) -> EventLoopFuture<Void> {
        verified.whenFailure { _ in
            // Once the pool has heard of the failure, which it does not answer by closing.
            channel.eventLoop.execute { channel.close(promise: nil) }
        }
        return verified
    }
}
