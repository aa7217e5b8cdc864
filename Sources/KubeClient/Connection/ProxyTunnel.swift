import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS

/// The way through a proxy to an API server: layers that are put under the HTTP of a connection to the proxy, one after the
/// other. TLS to the proxy, where it has that; the tunnel that it is asked for; TLS to the server.
///
/// AsyncHTTPClient takes the connection for one of plain HTTP, and knows nothing of all this.
struct ProxyTunnel: Sendable {
    /// Who the other end of a layer of TLS has to be.
    struct Security: Sendable {
        let context: NIOSSLContext
        /// What is asked for; nil for an address.
        let serverName: String?
        /// Whom the certificate has to be for; nil for anybody.
        let identity: ServerIdentity?
    }

    /// An error of the way to the proxy itself.
    struct ProxyFailure: Error {
        let cause: any Error
    }

    let proxy: ProxyServer
    let server: KubeServer
    /// Nil for a proxy without TLS.
    let proxySecurity: Security?
    /// Nil for plain HTTP.
    let serverSecurity: Security?
    /// For all layers together.
    let timeout: TimeAmount

    /// Puts the layers under the HTTP of a connection to the proxy that has not carried anything yet.
    ///
    /// - Returns: fails with `ProxyFailure`, `ProxyGreeting.Refusal`, or what TLS to the server fails with. The connection
    ///   is left open then.
    func open(on channel: any Channel) -> EventLoopFuture<Void> {
        let loop = channel.eventLoop
        let promise = loop.makePromise(of: Void.self)
        let timer = loop.scheduleTask(in: timeout) {
            promise.fail(ProxyFailure(cause: ChannelError.connectTimeout(timeout)))
        }
        promise.futureResult.whenComplete { _ in timer.cancel() }
        secure(channel, by: proxySecurity)
            .flatMapErrorThrowing { throw ProxyFailure(cause: $0) }
            .flatMap { greet(channel) }
            .flatMap { secure(channel, by: serverSecurity) }
            .cascade(to: promise)
        return promise.futureResult
    }

    private func secure(_ channel: any Channel, by security: Security?) -> EventLoopFuture<Void> {
        let loop = channel.eventLoop
        guard let security else { return loop.makeSucceededVoidFuture() }
        return loop.flatSubmit {
            let pipeline = channel.pipeline.syncOperations
            let promise = loop.makePromise(of: Void.self)
            do {
                let tls = try NIOSSLClientHandler(context: security.context, serverHostname: security.serverName)
                let waiter = HandshakeWaiter(promise)
                try pipeline.addHandler(waiter, position: .before(try Self.http(pipeline)))
                try pipeline.addHandler(tls, position: .before(waiter))
                return promise.futureResult.assumeIsolated()
                    .flatMapThrowing { try security.identity?.verify(tls.peerCertificate) }
                    .flatMap { pipeline.removeHandler(waiter) }
                    .nonisolated()
            } catch {
                promise.fail(error)
                return promise.futureResult
            }
        }
    }

    private func greet(_ channel: any Channel) -> EventLoopFuture<Void> {
        let loop = channel.eventLoop
        return loop.flatSubmit {
            let pipeline = channel.pipeline.syncOperations
            let promise = loop.makePromise(of: Void.self)
            do {
                let handler = GreetingHandler(ProxyGreeting(proxy, target: server), promise)
                try pipeline.addHandler(handler, position: .before(try Self.http(pipeline)))
                return promise.futureResult.assumeIsolated()
                    .flatMap { pipeline.removeHandler(handler) }
                    .nonisolated()
            } catch {
                promise.fail(error)
                return promise.futureResult
            }
        }
    }

    /// The outermost of AsyncHTTPClient's handlers: our layers come before it.
    private static func http(_ pipeline: ChannelPipeline.SynchronousOperations) throws -> HTTPRequestEncoder {
        try pipeline.handler(type: HTTPRequestEncoder.self)
    }
}

/// Waits for the end of a TLS handshake. Until then nothing of it comes to the HTTP behind it.
private final class HandshakeWaiter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<Void>

    init(_ promise: EventLoopPromise<Void>) { self.promise = promise }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent {
            promise.succeed()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}

/// Greets a proxy.
private final class GreetingHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var greeting: ProxyGreeting
    private let promise: EventLoopPromise<Void>
    private var received: [UInt8] = []

    init(_ greeting: ProxyGreeting, _ promise: EventLoopPromise<Void>) {
        self.greeting = greeting
        self.promise = promise
    }

    func handlerAdded(context: ChannelHandlerContext) { send(greeting.opening, context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytesView
        do throws(ProxyGreeting.Refusal) {
            switch try greeting.answer(to: &received) {
            case .wait: break
            case .send(let bytes): send(bytes, context)
            case .connected:
                // A server waits for its client's first word.
                guard received.isEmpty else { throw .malformed }
                promise.succeed()
            }
        } catch {
            promise.fail(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(ProxyTunnel.ProxyFailure(cause: error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ProxyTunnel.ProxyFailure(cause: ChannelError.eof))
        context.fireChannelInactive()
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }
}
