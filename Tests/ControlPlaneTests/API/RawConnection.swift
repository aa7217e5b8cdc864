import NIOCore
import NIOPosix
import Synchronization

/// A connection to a server whose bytes a test writes itself, with what came back.
final class RawConnection: Sendable {
    private final class Reader: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let received = Mutex("")

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            received.withLock { $0 += text }
        }
    }

    private let channel: any Channel
    private let reader: Reader

    private init(_ channel: any Channel, _ reader: Reader) {
        self.channel = channel
        self.reader = reader
    }

    /// Connects, and sends what the client says first.
    ///
    /// - Parameter reads: whether it takes anything in.
    static func open(_ port: UInt16, reads: Bool = true, _ text: String) async throws -> RawConnection {
        let reader = Reader()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(reader) }
            }
            .connect(host: "127.0.0.1", port: Int(port)).get()
        let connection = RawConnection(channel, reader)
        // A server that is quick may have closed it.
        try? await connection.send(text)
        return connection
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    /// All that has come so far.
    var text: String { reader.received.withLock { $0 } }

    /// Whether the server has closed it, or this side has.
    var isClosed: Bool { !channel.isActive }

    /// Returns when the server has closed it.
    func closed() async throws { try await channel.closeFuture.get() }

    func close() async throws { try await channel.close() }
}
