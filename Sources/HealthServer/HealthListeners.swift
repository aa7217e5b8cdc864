import Logging
import NIOCore
import Net
import Proxy

/// All listeners of this node's health check servers; one that is closing is there until it has closed. Belongs to its event loop.
final class HealthListeners {
    private let table: HealthTable
    private let loop: any EventLoop
    private let limits: HealthLimits
    private let logger: Logger
    private var listeners: [ListenAddress: HealthListener] = [:]

    init(table: HealthTable, loop: any EventLoop, limits: HealthLimits, logger: Logger) {
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

    private func listener(at place: ListenAddress) -> HealthListener {
        if let listener = listeners[place] { return listener }
        let listener = HealthListener(place, table: table, loop: loop, limits: limits, logger: logger) { closed in
            self.listeners[closed.place] = nil
        }
        listeners[place] = listener
        return listener
    }
}
