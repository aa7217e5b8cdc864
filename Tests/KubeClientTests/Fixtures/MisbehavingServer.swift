import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server at 127.0.0.1 whose every answer a test writes itself.
final class MisbehavingServer: Sendable {
    typealias Handler = @Sendable (ServedRequest, ServerAnswer) async throws -> Void

    private struct State {
        var listener: (any Channel)?
        var connections: [ObjectIdentifier: any Channel] = [:]
        var requests: [ServedRequest] = []
        var port = 0
    }

    private let state = Mutex(State())
    private let handler: Handler

    init(_ handler: @escaping Handler) async throws {
        self.handler = handler
        try await listen()
    }

    var port: Int { state.withLock(\.port) }
    var requests: [ServedRequest] { state.withLock(\.requests) }

    /// Listens at a port of the kernel's choice, later at the same one again.
    func listen() async throws {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ByteToMessageHandler(HTTPRequestDecoder()), Receiver(server: self))
                }
            }
        let listener = try await bind(bootstrap)
        state.withLock { state in
            state.listener = listener
            state.port = listener.localAddress?.port ?? 0
        }
    }

    /// A program that another test starts just then holds a closed socket, and so its port, for a moment.
    private func bind(_ bootstrap: ServerBootstrap) async throws -> any Channel {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                return try await bootstrap.bind(host: "127.0.0.1", port: port).get()
            } catch let error as IOError where error.errnoCode == 98 && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// Closes the listener and every connection.
    func stop() async {
        let channels = state.withLock { state in
            defer { (state.listener, state.connections) = (nil, [:]) }
            return [state.listener].compactMap(\.self) + state.connections.values
        }
        for channel in channels { try? await channel.close() }
    }

    private func add(_ channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)] = channel }
    }

    private func remove(_ channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)] = nil }
    }

    private func answer(_ request: ServedRequest, on channel: any Channel) {
        state.withLock { $0.requests.append(request) }
        let handler = handler
        Task {
            // A client that has gone is what many tests are about.
            try? await handler(request, ServerAnswer(channel: channel))
        }
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart

        private let server: MisbehavingServer
        private var head: HTTPRequestHead?
        private var body = ""

        init(server: MisbehavingServer) { self.server = server }

        func channelActive(context: ChannelHandlerContext) { server.add(context.channel) }
        func channelInactive(context: ChannelHandlerContext) { server.remove(context.channel) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, "")
            case .body(let part): body += String(buffer: part)
            case .end:
                guard let head else { return }
                server.answer(ServedRequest(head, body: body), on: context.channel)
            }
        }
    }
}
