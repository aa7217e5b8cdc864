import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on loopback that answers as a test says.
final class TestAPIServer: Sendable {
    enum Reply: Sendable {
        case answer(Int, headers: [(String, String)] = [], body: [UInt8] = [])
        /// Nothing at all.
        case silence
        /// The head and these bytes, and then nothing.
        case stall(after: [UInt8])
        /// A body without an end, as fast as it is taken.
        case flood
        /// Each element as a chunk when it comes, until the stream ends.
        case chunks(AsyncStream<[UInt8]>)

        static func ok(_ text: String = "{}") -> Reply { .answer(200, body: Array(text.utf8)) }
    }

    struct Request: Sendable {
        let head: HTTPRequestHead
        let body: [UInt8]
        func header(_ name: String) -> String? { head.headers.first(name: name) }
    }

    fileprivate struct State {
        var requests: [Request] = []
        var closedConnections = 0
        var floodedByteCount = 0
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    fileprivate let state = Mutex(State())

    let port: Int
    var requests: [Request] { state.withLock { $0.requests } }
    /// How many connections have ended.
    var closedConnections: Int { state.withLock { $0.closedConnections } }
    var floodedByteCount: Int { state.withLock { $0.floodedByteCount } }

    /// - Parameters:
    ///   - certificate: nil for plain HTTP.
    ///   - clientAuthority: the CA in PEM that clients need a certificate of.
    init(
        host: String = "127.0.0.1", certificate: TestCertificates.Pair? = nil, clientAuthority: String? = nil,
        reply: @escaping @Sendable (Request) -> Reply
    ) async throws {
        let context = try certificate.map { try Self.context($0, clientAuthority: clientAuthority) }
        let box = Box()
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(Handler(box: box, reply: reply))
                }
            }
            .bind(host: host, port: 0).get()
        port = channel.localAddress?.port ?? 0
        box.server.withLock { $0 = self }
    }

    static func context(_ pair: TestCertificates.Pair, clientAuthority: String?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(pair.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: pair.key, format: .pem)))
        if let clientAuthority {
            configuration.trustRoots = .file(clientAuthority)
            configuration.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }

    func stop() async { try? await group.shutdownGracefully() }

    /// What the handlers have of the server, which is made after them.
    fileprivate final class Box: Sendable {
        let server = Mutex<TestAPIServer?>(nil)
        func update(_ body: (inout State) -> Void) {
            let server = server.withLock { $0 }
            server?.state.withLock { body(&$0) }
        }
    }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let box: TestAPIServer.Box
    private let reply: @Sendable (TestAPIServer.Request) -> TestAPIServer.Reply
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isFlooding = false

    init(box: TestAPIServer.Box, reply: @escaping @Sendable (TestAPIServer.Request) -> TestAPIServer.Reply) {
        self.box = box
        self.reply = reply
    }

    func channelInactive(context: ChannelHandlerContext) {
        isFlooding = false
        box.update { $0.closedConnections += 1 }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelWritabilityChanged(context: ChannelHandlerContext) { flood(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer): body += Array(buffer.readableBytesView)
        case .end:
            guard let head else { return }
            let request = TestAPIServer.Request(head: head, body: body)
            box.update { $0.requests.append(request) }
            answer(reply(request), context)
        }
    }

    private func answer(_ reply: TestAPIServer.Reply, _ context: ChannelHandlerContext) {
        switch reply {
        case .silence: break
        case .answer(let status, let headers, let body):
            let length = [("Content-Length", "\(body.count)")]
            start(status, headers + length, context)
            write(body, context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .stall(let bytes):
            start(200, [("Transfer-Encoding", "chunked")], context)
            write(bytes, context)
        case .flood:
            start(200, [("Transfer-Encoding", "chunked")], context)
            isFlooding = true
            flood(context)
        case .chunks(let chunks):
            start(200, [("Transfer-Encoding", "chunked")], context)
            context.flush()
            let channel = context.channel
            Task {
                for await chunk in chunks {
                    try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: chunk))))
                }
                try await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
            }
        }
    }

    private func start(_ status: Int, _ headers: [(String, String)], _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: HTTPHeaders(headers))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
    }

    private func flood(_ context: ChannelHandlerContext) {
        let chunk = [UInt8](repeating: 0x20, count: 1 << 16)
        while isFlooding, context.channel.isWritable {
            write(chunk, context)
            box.update { $0.floodedByteCount += chunk.count }
        }
    }
}
