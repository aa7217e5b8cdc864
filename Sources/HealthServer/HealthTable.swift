import Proxy

/// The Services with a health check server, by port. Belongs to the event loop of the servers.
final class HealthTable {
    private(set) var services: [UInt16: HealthChecks.Service] = [:]
    private let isHealthy: @Sendable () -> Bool

    init(isHealthy: @escaping @Sendable () -> Bool) { self.isHealthy = isHealthy }

    /// Takes the place of all there were. The API server gives a port to one Service only; should two have it, the first
    /// keeps it.
    func replace(with services: [HealthChecks.Service]) {
        self.services = Dictionary(services.map { ($0.port, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What to say to who asks at that port now; nil when no Service has it any more.
    func answer(port: UInt16) -> HTTPAnswer? {
        services[port].map { HTTPAnswer($0, proxyIsHealthy: isHealthy()) }
    }

    /// For people: "Service default/web", or the port's number when no Service has it any more.
    func owner(ofPort port: UInt16) -> String {
        services[port].map { "Service \($0.name.namespace)/\($0.name.name)" } ?? "port \(port)"
    }
}
