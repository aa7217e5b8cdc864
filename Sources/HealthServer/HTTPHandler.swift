import NIOCore
import NIOHTTP1

/// Answers the one request of a connection, whatever its body, and closes it.
final class HTTPHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let responder: HTTPResponder
    private var hasBegun = false

    init(_ responder: HTTPResponder) { self.responder = responder }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let request) = unwrapInboundIn(data), !hasBegun else { return }
        hasBegun = true
        switch responder {
        case .immediate(let answer): send(answer(), to: request, context)
        case .routes(let routes):
            switch Self.route(request, routes) {
            case .answer(let answer): send(answer, to: request, context)
            case .ask(.immediate(let answer)): send(answer(), to: request, context)
            case .ask(.asynchronous(let answer)):
                let context = NIOLoopBound(context, eventLoop: context.eventLoop)
                let this = NIOLoopBound(self, eventLoop: context.value.eventLoop)
                context.value.eventLoop.makeFutureWithTask { await answer() }.whenSuccess { answer in
                    // The client may have gone meanwhile: what is written then is dropped.
                    this.value.send(answer, to: request, context.value)
                }
            }
        }
    }

    private enum Decision {
        case answer(HTTPAnswer)
        case ask(StatusServer.Route)
    }

    private static func route(_ request: HTTPRequestHead, _ routes: [String: StatusServer.Route]) -> Decision {
        let path = request.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        guard let route = routes[String(path)] else { return .answer(.notFound) }
        guard request.method == .GET || request.method == .HEAD else { return .answer(.methodNotAllowed) }
        return .ask(route)
    }

    private func send(_ answer: HTTPAnswer?, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard let answer else { return context.close(promise: nil) }
        var head = HTTPResponseHead(version: request.version, status: HTTPResponseStatus(statusCode: answer.statusCode))
        for header in answer.headers { head.headers.add(name: header.name, value: header.value) }
        head.headers.add(name: "Content-Length", value: "\(answer.body.count)")
        // One answer a connection: none is left over when its server goes.
        head.headers.add(name: "Connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD {
            let body = context.channel.allocator.buffer(bytes: answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let sent = context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// What answers the requests of a listener.
enum HTTPResponder {
    /// On the listener's thread, whatever the method and the path; nil closes the connection.
    case immediate(() -> HTTPAnswer?)
    /// By path; anything else is not found.
    case routes([String: StatusServer.Route])
}
