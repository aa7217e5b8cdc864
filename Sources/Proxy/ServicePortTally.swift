import Dataplane
import Net

/// How many service ports there are, and how many of a kind: kept up to date with each change, never counted anew.
struct ServicePortTally: Equatable, Sendable {
    struct Counts: Equatable, Sendable {
        var servicePorts = 0
        /// That get new connections, counted for each service port.
        var endpoints = 0
        /// Whose ClusterIP drops connections: the internal policy is Local, and all endpoints are on other nodes.
        var internalWithoutLocal = 0
        /// Whose external frontends drop connections: the external policy is Local, and all endpoints are on other nodes.
        var externalWithoutLocal = 0
    }

    private(set) var families = FamilyPair { _ in Counts() }

    mutating func add(_ port: ServicePort, _ family: IPFamily) { count(port, family, 1) }
    mutating func remove(_ port: ServicePort, _ family: IPFamily) { count(port, family, -1) }

    private mutating func count(_ port: ServicePort, _ family: IPFamily, _ sign: Int) {
        var counts = families[family]
        counts.servicePorts += sign
        counts.endpoints += sign * port.endpoints.count
        if port.localEndpoints.isEmpty, !port.endpoints.isEmpty {
            if port.internalPolicy == .local { counts.internalWithoutLocal += sign }
            let isExternal = port.nodePort != nil || !port.externalAddresses.isEmpty
            if isExternal, port.externalPolicy == .local { counts.externalWithoutLocal += sign }
        }
        families[family] = counts
    }
}
