import Logging
import NIOCore
import Net
import Proxy

/// All listeners of this node's health check servers; one that is closing is there until it has closed. Belongs to its event loop.
final class HealthListeners {
    private let table: HealthTable
    private let loop: any EventLoop
    private let limits: HTTPLimits
    private let logger: Logger
    private let failed: (BindFailure) -> Void
    private var listeners: [ListenAddress: HTTPListener] = [:]

    /// - Parameter failed: called with the first of a row of attempts to listen that fail.
    init(
        table: HealthTable, loop: any EventLoop, limits: HTTPLimits, logger: Logger,
        failed: @escaping (BindFailure) -> Void
    ) {
        self.failed = failed
        self.table = table
        self.loop = loop
        self.limits = limits
        self.logger = logger
    }

    /// Opens what is wanted and not there, and closes what is there and not wanted; touches nothing else.
    func apply(_ checks: HealthChecks) {
        table.replace(with: checks.services)
        var wanted: Set<ListenAddress> = []
        for address in checks.addresses {
            for port in table.services.keys { wanted.insert(ListenAddress(address: address, port: port)) }
        }
        for (place, listener) in listeners where !wanted.contains(place) { listener.close() }
        for place in wanted.sorted() { listener(at: place).open() }
    }

    private func listener(at place: ListenAddress) -> HTTPListener {
        if let listener = listeners[place] { return listener }
        let (table, port) = (table, place.port)
        let listener = HTTPListener(
            place, name: { "health check server of \(table.owner(ofPort: port))" },
            responder: .immediate { table.answer(port: port) }, loop: loop, limits: limits, logger: logger
        ) { listener, news in
            switch news {
            case .opened: break
            case .failed(var failure):
                failure.service = table.services[port]?.name
                self.failed(failure)
            case .closed: self.listeners[listener.place] = nil
            }
        }
        listeners[place] = listener
        return listener
    }
}
