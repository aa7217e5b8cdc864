import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Netlink

/// A listening socket of a server, or the wish for one: what cannot be bound is tried again until it is closed.
/// Belongs to its event loop.
final class HTTPListener {
    private enum State {
        case closed
        case binding
        case open(any Channel)
        case waiting(Scheduled<Void>)
        case closing
    }

    let place: ListenAddress
    /// What becomes of a listener.
    enum News {
        /// It listens; at this port.
        case opened(UInt16)
        /// It could not listen: the first of a row of attempts.
        case failed(BindFailure)
        /// It is closed and not wanted any more.
        case closed
    }

    private let tell: (HTTPListener, News) -> Void
    private let responder: HTTPResponder
    /// For people: whose server it is.
    private let name: () -> String
    private let loop: any EventLoop
    private let limits: HTTPLimits
    private let logger: Logger
    private var state = State.closed
    private var isWanted = false
    /// Attempts that failed since the last that did not.
    private var failures = 0
    private var connections = 0

    init(
        _ place: ListenAddress, name: @escaping () -> String, responder: HTTPResponder, loop: any EventLoop,
        limits: HTTPLimits, logger: Logger, tell: @escaping (HTTPListener, News) -> Void
    ) {
        self.place = place
        self.name = name
        self.responder = responder
        self.loop = loop
        self.limits = limits
        self.logger = logger
        self.tell = tell
    }

    /// Starts to listen, or tries until `close()`; one that listens goes on.
    func open() {
        isWanted = true
        if case .closed = state { bind() }
    }

    /// Ends it; connections that are open get their answer, if the Service is still there, or end by their time limit.
    func close() {
        isWanted = false
        switch state {
        case .open(let channel): close(channel)
        case .waiting(let retry):
            retry.cancel()
            closed()
        // What is under way ends first: a socket that is bound yet would be in its successor's way.
        case .binding, .closing, .closed: break
        }
    }

    private func bind() {
        state = .binding
        let bound: EventLoopFuture<any Channel>
        do {
            bound = bootstrap.bind(to: try place.socketAddress)
        } catch {
            return failed(error)
        }
        bound.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel): self.opened(channel)
            case .failure(let error): self.failed(error)
            }
        }
    }

    private func opened(_ channel: any Channel) {
        guard isWanted else { return close(channel) }
        state = .open(channel)
        if failures > 0 {
            logger.notice("\(name()) listens on \(place) now")
        }
        failures = 0
        tell(self, .opened(channel.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? place.port))
    }

    private func failed(_ error: any Error) {
        guard isWanted else { return closed() }
        let cause = (error as? IOError).map { "\(SystemError(errno: $0.errnoCode, operation: "bind"))" } ?? "\(error)"
        // The same comes with every attempt: once is enough.
        let failure = BindFailure(server: name(), place: place, cause: cause)
        let delay = limits.retryDelay(afterFailures: failures)
        let isFirst = failures == 0
        failures += 1
        state = .waiting(loop.assumeIsolated().scheduleTask(in: delay) { self.bind() })
        // Whoever is told may not want it any more.
        if isFirst { tell(self, .failed(failure)) }
        if isWanted { logger.log(level: isFirst ? .error : .debug, "\(failure); trying again") }
    }

    private func close(_ channel: any Channel) {
        state = .closing
        channel.close().assumeIsolated().whenComplete { _ in self.closed() }
    }

    private func closed() {
        state = .closed
        failures = 0
        if isWanted { bind() } else { tell(self, .closed) }
    }

    private var bootstrap: ServerBootstrap {
        let this = NIOLoopBound(self, eventLoop: loop)
        var bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try this.value.accept(channel) }
            }
        if place.address.family == .ipv6, !place.address.isUnspecified {
            // NIO turns it off; the other family's port belongs to others. On `[::]` both are meant, as anywhere.
            let onlyIPv6 = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
            bootstrap = bootstrap.serverChannelOption(onlyIPv6, value: 1)
        }
        return bootstrap
    }

    /// Prepares a connection.
    ///
    /// - Throws: `ChannelError` or `HTTPOverload`: NIO then closes it.
    private func accept(_ channel: any Channel) throws {
        guard connections < limits.connections else { throw HTTPOverload() }
        connections += 1
        let deadline = loop.scheduleTask(in: limits.connectionTime) { channel.close(promise: nil) }
        channel.closeFuture.assumeIsolated().whenComplete { _ in
            self.connections -= 1
            deadline.cancel()
        }
        try channel.pipeline.syncOperations.addHandlers([
            HTTPResponseEncoder(),
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits.request)),
            HTTPServerProtocolErrorHandler(),
            HTTPHandler(responder),
        ])
    }
}

/// A listener has as many connections as it may have.
private struct HTTPOverload: Error {}
