import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// Serves a registry as the Kubernetes API over HTTP.
///
/// At its graceful shutdown no connection is accepted any more, lists are written to their end, and every watch ends with
/// its last chunk.
package final class APIServer: ServiceLifecycle.Service {
    /// Why it does not serve.
    package enum Failure: Error, CustomStringConvertible {
        case cannotListen(String, cause: String)

        package var description: String {
            switch self {
            case .cannotListen(let address, let cause): "the API cannot be served on \(address): \(cause)"
            }
        }
    }

    private let responder: APIResponder
    private let configuration: APIServerConfiguration
    private let logger: Logger
    private let boundPort = Mutex<UInt16>(0)
    private let listening = Gate()

    /// `isReady` is what `/readyz` says.
    package init(
        _ registry: Registry, _ configuration: APIServerConfiguration = APIServerConfiguration(), logger: Logger,
        isReady: @escaping @Sendable () -> Bool = { true }
    ) {
        responder = APIResponder(registry, configuration, isReady: isReady)
        self.configuration = configuration
        self.logger = logger
    }

    /// The port that is served, once it is.
    ///
    /// - Throws: `CancellationError`.
    package func port() async throws -> UInt16 {
        try await listening.wait()
        return boundPort.withLock { $0 }
    }

    /// Serves until the task is cancelled or the process shuts down.
    ///
    /// - Throws: `Failure`.
    package func run() async throws {
        // The library's own lines are about itself: only its errors are for an operator.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .error)
        let http = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(idleTimeout: TimeAmount(configuration.idleLimit)))
        let application = Application(
            responder: responder,
            server: try configuration.tls.map { try .tls(http, tlsConfiguration: $0) } ?? http,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.address.description, port: Int(configuration.port)),
                availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: quiet)),
            onServerRunning: { channel in self.didBind(channel) },
            logger: quiet)
        do {
            try await application.run()
        } catch  where !listening.isOpen {
            throw Failure.cannotListen(configuration.listenAddress, cause: "\(error)")
        }
    }

    private func didBind(_ channel: any Channel) {
        let port = channel.localAddress?.port.flatMap(UInt16.init(exactly:)) ?? configuration.port
        boundPort.withLock { $0 = port }
        var bound = configuration
        bound.port = port
        let scheme = configuration.tls == nil ? "http" : "https"
        logger.notice("serving the API on \(scheme)://\(bound.listenAddress)")
        listening.open()
    }
}

extension APIServerConfiguration {
    /// `127.0.0.1:8001`, `[::1]:8001`.
    var listenAddress: String {
        address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
}
