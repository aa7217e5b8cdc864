import Logging
import NIOCore
import NIOPosix
import Synchronization

/// An HTTP server of the proxy itself, at one address: `GET` and `HEAD` of a few paths.
///
/// One thread of its own serves it, in the network namespace of the thread that makes this.
package final class StatusServer: Sendable {
    /// Makes the answer to a request.
    package enum Route: Sendable {
        /// On the server's own thread, so that it must not block, and nothing else that is busy delays it.
        case immediate(@Sendable () -> HTTPAnswer)
        case asynchronous(@Sendable () async -> HTTPAnswer)
    }

    private struct State {
        var port: UInt16?
        /// Who waits for the first attempt to listen.
        var starting: CheckedContinuation<BindFailure?, Never>?
    }

    private let group: MultiThreadedEventLoopGroup
    private let listener: NIOLoopBoundBox<HTTPListener?>
    private let state = Mutex(State())
    private let place: ListenAddress
    private let name: String
    private let routes: [String: Route]
    private let limits: HTTPLimits
    private let logger: Logger

    /// Starts the thread; nothing listens until `start`.
    ///
    /// - Parameters:
    ///   - name: for the log: "healthz server".
    ///   - place: `0.0.0.0` is all of IPv4, `::` all of both families.
    ///   - routes: by path, such as "/healthz".
    package init(
        name: String, at place: ListenAddress, routes: [String: Route], limits: HTTPLimits = HTTPLimits(),
        logger: Logger
    ) {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        listener = NIOLoopBoundBox.makeBoxSendingValue(nil, eventLoop: group.next())
        self.name = name
        self.place = place
        self.routes = routes
        self.limits = limits
        self.logger = logger
    }

    /// Listens, and returns after the first attempt to; if that failed it is tried again until `stop()`. Once.
    ///
    /// - Parameters:
    ///   - failsHard: it is tried once only (kube-proxy's `bindAddressHardFail`).
    ///   - failed: called on the server's thread with the first of a row of attempts that fail.
    /// - Throws: `BindFailure`, where `failsHard` says so.
    package func start(
        failsHard: Bool = false, failed: @escaping @Sendable (BindFailure) -> Void = { _ in }
    ) async throws(BindFailure) {
        let failure = await withCheckedContinuation { continuation in
            state.withLock { $0.starting = continuation }
            group.next().execute { self.open(failsHard: failsHard, failed: failed) }
        }
        if failsHard, let failure { throw failure }
    }

    private func open(failsHard: Bool, failed: @escaping @Sendable (BindFailure) -> Void) {
        let listener = HTTPListener(
            place, name: { self.name }, responder: .routes(routes), loop: group.next(), limits: limits, logger: logger
        ) { listener, news in
            switch news {
            case .opened(let port): self.started(port, nil)
            case .failed(let failure):
                if failsHard { listener.close() }
                failed(failure)
                self.started(nil, failure)
            case .closed: self.state.withLock { $0.port = nil }
            }
        }
        self.listener.value = listener
        listener.open()
    }

    private func started(_ port: UInt16?, _ failure: BindFailure?) {
        let waiter = state.withLock { state in
            state.port = port
            defer { state.starting = nil }
            return state.starting
        }
        waiter?.resume(returning: failure)
    }

    /// Where it listens; nil while it does not.
    package var port: UInt16? { state.withLock { $0.port } }

    /// Closes the listener and ends the thread; the last call.
    package func stop() async {
        group.next().execute { self.listener.value?.close() }
        // What a thread that ends could not close, its end closes.
        try? await group.shutdownGracefully()
    }
}
