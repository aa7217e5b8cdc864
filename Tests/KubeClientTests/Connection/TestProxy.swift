import NIOCore
import NIOPosix
import Synchronization

/// A proxy on loopback: HTTP, of which it knows CONNECT only, or SOCKS 5.
final class TestProxy: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let heads: Heads

    let port: Int
    /// The heads of all requests so far, as text.
    var requests: [String] { heads.all.withLock { $0 } }

    /// - Parameter status: what it answers in HTTP, connecting only for 200; nil for SOCKS.
    init(status: String? = "200 OK") async throws {
        let heads = Heads()
        self.heads = heads
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                status.map { channel.pipeline.addHandler(TunnelHandler(status: $0, heads: heads)) }
                    ?? channel.pipeline.addHandler(SOCKSHandler(heads: heads))
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func stop() async { try? await group.shutdownGracefully() }

    fileprivate final class Heads: Sendable {
        let all = Mutex<[String]>([])
    }
}

/// Reads one CONNECT, connects, and passes bytes on both ways from then on.
private final class TunnelHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct State {
        var head = ""
        var peer: (any Channel)?
    }

    private let status: String
    private let heads: TestProxy.Heads
    private let state = Mutex(State())

    init(status: String, heads: TestProxy.Heads) {
        self.status = status
        self.heads = heads
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let peer = state.withLock({ $0.peer }) {
            peer.writeAndFlush(buffer, promise: nil)
            return
        }
        let head = state.withLock { state in
            state.head += String(buffer: buffer)
            return state.head
        }
        guard head.hasSuffix("\r\n\r\n") else { return }
        heads.all.withLock { $0.append(head) }
        let client = context.channel
        let target = head.split(separator: " ").dropFirst().first?.split(separator: ":") ?? []
        guard status.hasPrefix("200"), target.count == 2, let port = Int(target[1]) else {
            client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n"), promise: nil)
            return
        }
        ClientBootstrap(group: client.eventLoop)
            .channelInitializer { $0.pipeline.addHandler(BackHandler(client: client)) }
            .connect(host: String(target[0]), port: port)
            .whenComplete { result in
                guard case .success(let peer) = result else {
                    client.close(promise: nil)
                    return
                }
                self.state.withLock { $0.peer = peer }
                client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"), promise: nil)
            }
    }

    func channelInactive(context: ChannelHandlerContext) { state.withLock { $0.peer }?.close(promise: nil) }
}

/// Speaks SOCKS 5 (RFC 1928) without authentication, for IPv4 addresses.
private final class SOCKSHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct State {
        var received: [UInt8] = []
        var isGreeted = false
        var peer: (any Channel)?
    }

    private let heads: TestProxy.Heads
    private let state = Mutex(State())

    init(heads: TestProxy.Heads) { self.heads = heads }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let peer = state.withLock({ $0.peer }) {
            peer.writeAndFlush(buffer, promise: nil)
            return
        }
        let (received, isGreeted) = state.withLock { state in
            state.received += Array(buffer.readableBytesView)
            return (state.received, state.isGreeted)
        }
        let client = context.channel
        if !isGreeted, received.count >= 3 {
            state.withLock { state in
                state.received = []
                state.isGreeted = true
            }
            client.writeAndFlush(ByteBuffer(bytes: [5, 0]), promise: nil)
        } else if isGreeted, received.count == 10, received.starts(with: [5, 1, 0, 1]) {
            connect(
                client, to: received[4..<8].map(String.init).joined(separator: "."),
                Int(received[8]) << 8 | Int(received[9]))
        }
    }

    private func connect(_ client: any Channel, to host: String, _ port: Int) {
        heads.all.withLock { $0.append("\(host):\(port)") }
        ClientBootstrap(group: client.eventLoop)
            .channelInitializer { $0.pipeline.addHandler(BackHandler(client: client)) }
            .connect(host: host, port: port)
            .whenSuccess { peer in
                self.state.withLock { $0.peer = peer }
                client.writeAndFlush(ByteBuffer(bytes: [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]), promise: nil)
            }
    }

    func channelInactive(context: ChannelHandlerContext) { state.withLock { $0.peer }?.close(promise: nil) }
}

/// Passes on what the server sends.
private final class BackHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    private let client: any Channel

    init(client: any Channel) { self.client = client }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        client.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
}
