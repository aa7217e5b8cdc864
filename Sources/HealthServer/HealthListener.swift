import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Netlink

/// A listening socket of a health check server, or the wish for one: what cannot be bound is tried again until it is closed.
/// Belongs to its event loop.
final class HealthListener {
    private enum State {
        case closed
        case binding
        case open(any Channel)
        case waiting(Scheduled<Void>)
        case closing
    }

    let place: ListenAddress
    /// Called when it is closed and not wanted any more.
    private let whenClosed: (HealthListener) -> Void
    private let table: HealthTable
    private let loop: any EventLoop
    private let limits: HealthLimits
    private let logger: Logger
    private var state = State.closed
    private var isWanted = false
    /// Attempts that failed since the last that did not.
    private var failures = 0
    private var connections = 0

    init(
        _ place: ListenAddress, table: HealthTable, loop: any EventLoop, limits: HealthLimits, logger: Logger,
        whenClosed: @escaping (HealthListener) -> Void
    ) {
        self.place = place
        self.table = table
        self.loop = loop
        self.limits = limits
        self.logger = logger
        self.whenClosed = whenClosed
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
            logger.notice("health check server of \(table.owner(ofPort: place.port)) listens on \(place) now")
        }
        failures = 0
    }

    private func failed(_ error: any Error) {
        guard isWanted else { return closed() }
        let cause = (error as? IOError).map { "\(SystemError(errno: $0.errnoCode, operation: "bind"))" } ?? "\(error)"
        // The same comes with every attempt: once is enough.
        logger.log(
            level: failures == 0 ? .error : .debug,
            "health check server of \(table.owner(ofPort: place.port)) cannot listen on \(place): \(cause); trying again"
        )
        let delay = limits.retryDelay(afterFailures: failures)
        failures += 1
        state = .waiting(loop.assumeIsolated().scheduleTask(in: delay) { self.bind() })
    }

    private func close(_ channel: any Channel) {
        state = .closing
        channel.close().assumeIsolated().whenComplete { _ in self.closed() }
    }

    private func closed() {
        state = .closed
        failures = 0
        if isWanted { bind() } else { whenClosed(self) }
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
        if place.address.family == .ipv6 {
            // NIO turns it off; the other family's port belongs to others.
            let onlyIPv6 = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
            bootstrap = bootstrap.serverChannelOption(onlyIPv6, value: 1)
        }
        return bootstrap
    }

    /// Prepares a connection.
    ///
    /// - Throws: `ChannelError` or `HealthOverload`: NIO then closes it.
    private func accept(_ channel: any Channel) throws {
        guard connections < limits.connections else { throw HealthOverload() }
        connections += 1
        let deadline = loop.scheduleTask(in: limits.connectionTime) { channel.close(promise: nil) }
        channel.closeFuture.assumeIsolated().whenComplete { _ in
            self.connections -= 1
            deadline.cancel()
        }
        let (table, port) = (table, place.port)
        try channel.pipeline.syncOperations.addHandlers([
            HTTPResponseEncoder(),
            ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits.request)),
            HTTPServerProtocolErrorHandler(),
            HealthHandler { table.answer(port: port) },
        ])
    }
}

/// A listener has as many connections as it may have.
private struct HealthOverload: Error {}
