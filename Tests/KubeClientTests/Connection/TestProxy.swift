import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import KubeClient

/// A proxy on loopback: HTTP, of which it knows CONNECT only, or SOCKS 5. All names are this machine to it.
final class TestProxy: Sendable {
    enum Kind {
        /// Connects only where the status is 200, with which it answers.
        case connect(status: String)
        /// Answers with these bytes, whatever it is asked.
        case raw([UInt8])
        case socks(login: ProxyServer.Login?)
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let heads: Heads

    let port: Int
    /// The heads of all requests so far, as text.
    var requests: [String] { heads.all.withLock { $0 } }

    /// - Parameter certificate: nil for no TLS.
    init(_ kind: Kind = .connect(status: "200 OK"), certificate: TestCertificates.Pair? = nil) async throws {
        let heads = Heads()
        self.heads = heads
        let context = try certificate.map { try TestAPIServer.context($0, clientAuthority: nil) }
        channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                    switch kind {
                    case .connect(let status): try pipeline.addHandler(TunnelHandler(status: status, heads: heads))
                    case .raw(let bytes): try pipeline.addHandler(RawHandler(bytes: bytes))
                    case .socks(let login): try pipeline.addHandler(SOCKSHandler(login: login, heads: heads))
                    }
                }
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
            .connect(host: target[0].address, port: port)
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

extension Substring {
    /// An address is itself.
    fileprivate var address: String { allSatisfy { $0.isNumber || $0 == "." } ? String(self) : "127.0.0.1" }
}

/// Answers with the same bytes whatever comes.
private final class RawHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }
}

/// Speaks SOCKS 5 (RFC 1928), with a login (RFC 1929) where it wants one, for IPv4 addresses and names.
private final class SOCKSHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private enum Phase { case greeting, login, request, connecting }

    private struct State {
        var received: [UInt8] = []
        var phase = Phase.greeting
        var peer: (any Channel)?
    }

    private let login: [UInt8]?
    private let heads: TestProxy.Heads
    private let state = Mutex(State())

    init(login: ProxyServer.Login?, heads: TestProxy.Heads) {
        self.login = login.map { login in
            let user = Array(login.username.utf8)
            return [1, UInt8(user.count)] + user + [UInt8(login.password.bytes.count)] + login.password.bytes
        }
        self.heads = heads
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let peer = state.withLock({ $0.peer }) {
            peer.writeAndFlush(buffer, promise: nil)
            return
        }
        let client = context.channel
        let (received, phase) = state.withLock { state in
            state.received += Array(buffer.readableBytesView)
            return (state.received, state.phase)
        }
        switch phase {
        case .greeting:
            guard received.count >= 2, received.count == 2 + Int(received[1]) else { return }
            let method: UInt8 = login == nil ? 0 : 2
            let isOffered = received.dropFirst(2).contains(method)
            answer(client, [5, isOffered ? method : 0xFF], then: login == nil ? .request : .login)
        case .login:
            guard let login, received.count >= login.count else { return }
            answer(client, [1, received == login ? 0 : 1], then: .request)
        case .request:
            guard received.count > 7, received.starts(with: [5, 1, 0]) else { return }
            let isName = received[3] == 3
            let end = isName ? 5 + Int(received[4]) : 8
            guard received.count == end + 2 else { return }
            let host =
                isName
                ? String(decoding: received[5..<end], as: UTF8.self)
                : received[4..<8].map(String.init).joined(separator: ".")
            state.withLock { $0.phase = .connecting }
            connect(client, to: host, Int(received[end]) << 8 | Int(received[end + 1]))
        case .connecting: break
        }
    }

    private func answer(_ client: any Channel, _ bytes: [UInt8], then phase: Phase) {
        state.withLock { state in
            state.received = []
            state.phase = phase
        }
        client.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    private func connect(_ client: any Channel, to host: String, _ port: Int) {
        heads.all.withLock { $0.append("\(host):\(port)") }
        ClientBootstrap(group: client.eventLoop)
            .channelInitializer { $0.pipeline.addHandler(BackHandler(client: client)) }
            .connect(host: host[...].address, port: port)
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
