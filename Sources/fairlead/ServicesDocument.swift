import Dataplane
import Net

/// Traffic since the daemon's start.
struct Traffic: Codable, Hashable, Sendable {
    var connections: UInt64 = 0
    /// Of the connections, those that have not ended.
    var open: UInt64 = 0
    /// Both ways.
    var packets: UInt64 = 0
    var bytes: UInt64 = 0
}

/// The traffic of a service port, and of its endpoints where those are counted, by address and port.
struct ServiceTraffic: Hashable, Sendable {
    var total = Traffic()
    var endpoints: [String: Traffic] = [:]
}

extension ServiceTraffic {
    init(_ counted: ServicePortTraffic) {
        total = Traffic(counted.total)
        for (end, count) in counted.endpoints { endpoints[end.description] = Traffic(count) }
    }
}

extension Traffic {
    fileprivate init(_ count: TrafficCount) {
        (connections, open) = (count.connections, count.open)
        packets = count.toEndpoints.packets + count.fromEndpoints.packets
        bytes = count.toEndpoints.bytes + count.fromEndpoints.bytes
    }
}

/// What `fairlead services` shows. The names of its properties are the keys of `--json`.
struct ServicesDocument: Codable, Sendable {
    enum State: String, Codable, Sendable {
        case serving
        /// Connections are refused: there is no endpoint.
        case refuses
        /// Connections are dropped: the policy is Local, and all endpoints are on other nodes.
        case drops
        /// The kernel refused it.
        case setAside
    }

    struct ServicePortEntry: Codable, Sendable {
        let namespace: String
        let name: String
        let portName: String
        let family: String
        let `protocol`: String
        let port: UInt16
        let clusterIP: String?
        let nodePort: UInt16?
        let externalAddresses: [String]
        let internalTrafficPolicy: String
        let externalTrafficPolicy: String
        let sessionAffinitySeconds: UInt32
        /// Endpoints on this node, and all.
        let localEndpointCount: Int
        let endpointCount: Int
        /// Of the ClusterIP.
        let state: State
        /// Of NodePort and external addresses; null where there are none.
        let externalState: State?
        /// Null where traffic is not counted.
        let traffic: Traffic?
        /// Null unless asked for.
        let endpoints: [EndpointEntry]?
    }

    struct EndpointEntry: Codable, Sendable {
        let address: String
        let port: UInt16
        let local: Bool
        /// Gets new connections of frontends with policy Cluster.
        let cluster: Bool
        /// Gets new connections of frontends with policy Local.
        let localPolicy: Bool
        /// Gets no new connections; those it has go on.
        let draining: Bool
        let traffic: Traffic?
    }

    let services: [ServicePortEntry]
}

extension ServicesDocument {
    init(
        _ snapshot: SyncSnapshot, _ request: ServicesRequest, _ traffic: [ServicePortName: ServiceTraffic]?
    ) {
        let isWanted = { (name: ServicePortName) in
            (request.namespace == nil || request.namespace == name.namespace)
                && (request.name == nil || request.name == name.service)
        }
        let programmed = snapshot.desired.servicePorts.filter { isWanted($0.key) }.map { ($0.key, $0.value, false) }
        let refused = snapshot.refused.filter { isWanted($0.key) }.map { ($0.key, $0.value, true) }
        services = (programmed + refused).sorted { $0.0 < $1.0 }.map { name, port, isSetAside in
            // Where traffic is counted, a service port without any had none.
            ServicePortEntry(
                name, port, isSetAside: isSetAside, withEndpoints: request.endpoints,
                traffic.map { $0[name] ?? ServiceTraffic() })
        }
    }
}

extension ServicesDocument.ServicePortEntry {
    init(
        _ id: ServicePortName, _ servicePort: ServicePort, isSetAside: Bool, withEndpoints: Bool,
        _ counted: ServiceTraffic?
    ) {
        namespace = id.namespace
        name = id.service
        portName = id.port
        family = "\(id.family)"
        `protocol` = "\(id.protocol)"
        port = servicePort.port
        clusterIP = servicePort.clusterIP?.description
        nodePort = servicePort.nodePort
        externalAddresses = servicePort.externalAddresses.map(\.address.description)
        internalTrafficPolicy = servicePort.internalPolicy.text
        externalTrafficPolicy = servicePort.externalPolicy.text
        sessionAffinitySeconds = servicePort.affinitySeconds
        let usesLocal = servicePort.internalPolicy == .local || servicePort.externalPolicy == .local
        localEndpointCount =
            usesLocal ? servicePort.localEndpoints.count : servicePort.endpoints.count(where: \.isLocal)
        endpointCount = Set(servicePort.endpoints).union(servicePort.localEndpoints).count
        state = isSetAside ? .setAside : servicePort.state(.clusterIP)
        let isExternal = servicePort.nodePort != nil || !servicePort.externalAddresses.isEmpty
        externalState = !isExternal ? nil : isSetAside ? .setAside : servicePort.state(.nodePort)
        traffic = counted?.total
        endpoints = withEndpoints ? Self.endpoints(of: servicePort, counted) : nil
    }

    private static func endpoints(
        of port: ServicePort, _ counted: ServiceTraffic?
    ) -> [ServicesDocument.EndpointEntry] {
        let (cluster, local, draining) = (Set(port.endpoints), Set(port.localEndpoints), Set(port.retainedEndpoints))
        return cluster.union(local).union(draining).sorted().map { endpoint in
            ServicesDocument.EndpointEntry(
                address: endpoint.address.description, port: endpoint.port, local: endpoint.isLocal,
                cluster: cluster.contains(endpoint), localPolicy: local.contains(endpoint),
                draining: !cluster.contains(endpoint) && !local.contains(endpoint),
                traffic: counted.flatMap { $0.endpoints[endpoint.description] })
        }
    }
}

extension ServicePort {
    fileprivate func state(_ role: FrontendRole) -> ServicesDocument.State {
        if endpoints.isEmpty { return .refuses }
        return policy(role) == .local && localEndpoints.isEmpty ? .drops : .serving
    }
}

extension TrafficPolicy {
    fileprivate var text: String {
        switch self {
        case .cluster: "Cluster"
        case .local: "Local"
        }
    }
}
