import Dataplane
import KubeAPI
import Net
import Testing

@testable import Proxy

/// A model together with what its changes add up to, as a back end would see it.
struct ModelUnderTest {
    static let nodeName = "this"

    private(set) var model: ProxyModel
    private(set) var servicePorts: [ServicePortName: ServicePort] = [:]
    private(set) var node: NodeState?
    /// What was last handed out for the health check servers.
    private(set) var healthChecks: HealthChecks?
    /// What the last `take()` returned.
    private(set) var lastChanges = DesiredChanges()
    /// All problems so far, as text.
    private(set) var problems: [String] = []

    /// - Parameter isSynced: false leaves it to the test to sync.
    init(
        _ configuration: ProxyConfiguration = ProxyConfiguration(nodeName: nodeName), isSynced: Bool = true
    ) {
        model = ProxyModel(configuration)
        if isSynced {
            apply(.synced(.service), .synced(.endpointSlice))
        }
    }

    /// Applies the events as one batch, and takes the changes.
    mutating func apply(_ events: ProxyEvent...) { apply(events) }

    mutating func apply(_ events: [ProxyEvent]) {
        for event in events {
            if let parsed = ParsedEvent(event, model.configuration) { model.apply(parsed) }
        }
        take()
    }

    mutating func apply(parsed events: [ParsedEvent]) {
        for event in events { model.apply(event) }
        take()
    }

    mutating func setLocalAddresses(_ addresses: [LocalAddress]) {
        model.setLocalAddresses(addresses)
        take()
    }

    mutating func add(_ services: Service...) { apply(services.map { .service(.added($0)) }) }
    mutating func add(_ slices: EndpointSlice...) { apply(slices.map { .endpointSlice(.added($0)) }) }
    mutating func remove(_ service: Service) { apply(.service(.deleted(service))) }
    mutating func remove(_ slice: EndpointSlice) { apply(.endpointSlice(.deleted(slice))) }

    /// Takes the changes and adds them to the state. A change that changes nothing is a failure of the test.
    private mutating func take() {
        model.resolveDirty()
        let changes = model.takeChanges()
        for (name, value) in changes.servicePorts {
            #expect(servicePorts[name] != value, "\(name) has not changed")
            servicePorts[name] = value
        }
        if let state = changes.node {
            #expect(state != node, "the node's state has not changed")
            node = state
        }
        if let checks = model.takeHealthChecks() {
            #expect(checks != healthChecks, "the health checks have not changed")
            healthChecks = checks
        }
        problems += model.takeProblems().map(\.description)
        lastChanges = changes
    }
}

extension ModelUnderTest {
    var nodePortAddresses: Set<IPAddress>? { node?.nodePortAddresses }

    /// The service port of a Service in `default`.
    subscript(
        service: String, port: String = "http", protocol: L4Protocol = .tcp, family: IPFamily = .ipv4
    ) -> ServicePort? {
        servicePorts[
            ServicePortName(
                namespace: "default", service: service, port: port, protocol: `protocol`, family: family)]
    }

    /// Its endpoints as text, in order.
    func endpoints(
        _ service: String, port: String = "http", protocol: L4Protocol = .tcp, family: IPFamily = .ipv4
    ) -> [String]? {
        self[service, port, `protocol`, family]?.endpoints.map(\.description)
    }
}
