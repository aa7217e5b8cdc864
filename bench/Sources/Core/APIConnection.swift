import BenchReport
import KubeAPI
import NIOCore
import NIOPosix
import NIOSSL
import Netlink

/// What a request got.
struct APIAnswer: Sendable {
    let status: Int
    let body: ByteBuffer
    /// When its last byte was read, by the monotonic clock.
    let nanoseconds: UInt64

    /// - Throws: `BenchmarkError` when it is none of success.
    func check(_ what: String) throws(BenchmarkError) {
        guard !(200..<300).contains(status) else { return }
        // A Status, where it is the API server's own.
        let message = (try? JSONValue(json: Array(body.readableBytesView)))?["message"]?.string
        throw BenchmarkError(
            description: "\(what): status \(status): \(message ?? "\(String(buffer: body).prefix(300))")")
    }
}

/// A request, and who hears of its answer, on the connection's event loop.
private struct APIExchange: Sendable {
    let bytes: ByteBuffer
    let answer: EventLoopPromise<APIAnswer>
    /// Takes the body of an answer of success as it comes, in place of the answer.
    let stream: (@Sendable (ByteBuffer) -> Void)?
}

/// One connection in HTTP/1.1, on which one request after the other is answered. Leaner than a client with a pool, so that less of what
/// is measured is the client's.
struct APIConnection: Sendable {
    let channel: any Channel
    private let endpoint: APIEndpoint

    static func open(_ endpoint: APIEndpoint, on loop: any EventLoop) async throws -> APIConnection {
        let channel = try await ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls = endpoint.tls {
                        // Where the host is an address, the certificate is compared with that of the socket.
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: nil))
                    }
                    try channel.pipeline.syncOperations.addHandler(APIExchangeHandler())
                }
            }
            .connect(host: endpoint.host, port: endpoint.port).get()
        return APIConnection(channel: channel, endpoint: endpoint)
    }

    /// Can be called on the event loop, too: the answer's callbacks come on it.
    func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, stream: (@Sendable (ByteBuffer) -> Void)? = nil
    ) -> EventLoopFuture<APIAnswer> {
        var head =
            "\(method) \(endpoint.pathPrefix)\(path) HTTP/1.1\r\nHost: \(endpoint.host)\r\nAccept: application/json\r\n"
        if let authorization = endpoint.authorization { head += "Authorization: \(authorization)\r\n" }
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        var bytes = ByteBuffer(string: head + "\r\n")
        if let body { bytes.writeBytes(body) }
        let promise = channel.eventLoop.makePromise(of: APIAnswer.self)
        channel.writeAndFlush(APIExchange(bytes: bytes, answer: promise, stream: stream)).cascadeFailure(to: promise)
        return promise.futureResult
    }

    func close() { channel.close(promise: nil) }
}

private final class APIExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = APIExchange
    typealias OutboundOut = ByteBuffer

    private var parser = HTTPAnswerParser()
    private var waiting = CircularBuffer<APIExchange>()
    private var status = 0
    private var body = ByteBuffer()

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        waiting.append(exchange)
        context.write(wrapOutboundOut(exchange.bytes), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        parser.append(&bytes)
        do {
            while let event = try parser.next() { take(event) }
        } catch {
            fail(error)
            context.close(promise: nil)
        }
    }

    private func take(_ event: HTTPAnswerParser.Event) {
        switch event {
        case .head(let status):
            self.status = status
            body = ByteBuffer()
        case .body(var piece):
            if let stream = waiting.first?.stream, status == 200 {
                stream(piece)
            } else {
                body.writeBuffer(&piece)
            }
        case .end:
            let answer = APIAnswer(status: status, body: body, nanoseconds: MonotonicClock.nanoseconds)
            body = ByteBuffer()
            waiting.popFirst()?.answer.succeed(answer)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(BenchmarkError(description: "the server closed the connection"))
        context.fireChannelInactive()
    }

    private func fail(_ error: any Error) {
        while let exchange = waiting.popFirst() { exchange.answer.fail(error) }
    }
}
