import Net

/// Who a service port is: one port of one Service in one address family.
package struct ServicePortName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let namespace: String
    package let service: String
    /// Empty for the nameless port of a Service that has one.
    package let port: String
    package let `protocol`: L4Protocol
    package let family: IPFamily

    package init(namespace: String, service: String, port: String, protocol: L4Protocol, family: IPFamily) {
        self.namespace = namespace
        self.service = service
        self.port = port
        self.protocol = `protocol`
        self.family = family
    }

    /// `default/web:http/TCP (IPv4)`.
    package var description: String {
        "\(namespace)/\(service)\(port.isEmpty ? "" : ":\(port)")/\(`protocol`) (\(family))"
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.namespace, left.service, left.port, left.protocol, left.family)
            < (right.namespace, right.service, right.port, right.protocol, right.family)
    }
}

/// Which endpoints a frontend may send connections to (`internalTrafficPolicy`, `externalTrafficPolicy`).
package enum TrafficPolicy: Hashable, Sendable {
    case cluster
    case local
}

/// What a service port should do, whatever the back end: its frontends, and where each sends new connections.
///
/// Everything that Kubernetes decides (which endpoints are usable, which frontends this Service may have) has been
/// decided here already; a back end decides nothing.
package struct ServicePort: Hashable, Sendable {
    /// The ClusterIP; nil when another service port holds this frontend.
    package var clusterIP: IPAddress?
    /// The port on the ClusterIP and on `externalAddresses`.
    package var port: UInt16
    /// The port on the node's NodePort addresses; nil for none.
    package var nodePort: UInt16?
    /// What connections to the ClusterIP may use.
    package var internalPolicy = TrafficPolicy.cluster
    /// What connections to the NodePort and to `externalAddresses` may use. With `local` those from pods and from the node
    /// itself may use `endpoints` all the same.
    package var externalPolicy = TrafficPolicy.cluster
    /// Write this one before the others when all have to be written: the API server and DNS.
    package var isEssential = false
    /// How long a client keeps its endpoint after its last new connection, in seconds; 0 for no affinity.
    package var affinitySeconds: UInt32 = 0
    /// Addresses of load balancers, and `externalIPs`.
    package var externalAddresses: [ExternalAddress] = []
    /// What policy `cluster` uses: of the whole cluster, without duplicates. Empty means that there is none anywhere:
    /// refuse connections.
    package var endpoints: [Endpoint]
    /// What policy `local` uses, empty where neither policy is `local`. Where this is empty and `endpoints` is not,
    /// connections that may use only these are dropped.
    package var localEndpoints: [Endpoint] = []
    /// Endpoints that get no new connection by now and serve those they have: they terminate while others are ready, or
    /// are of another zone.
    package var retainedEndpoints: [Endpoint] = []

    package init(clusterIP: IPAddress?, port: UInt16, nodePort: UInt16? = nil, endpoints: [Endpoint] = []) {
        self.clusterIP = clusterIP
        self.port = port
        self.nodePort = nodePort
        self.endpoints = endpoints
    }
}

/// An address from outside of the cluster that leads to a service port.
package struct ExternalAddress: Hashable, Sendable {
    package let address: IPAddress
    /// Who may connect (`loadBalancerSourceRanges`); nil for everyone. No network is within another.
    package let allowedSources: [IPPrefix]?

    package init(_ address: IPAddress, allowedSources: [IPPrefix]? = nil) {
        self.address = address
        self.allowedSources = allowedSources
    }
}

/// Where a connection can be sent.
package struct Endpoint: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let address: IPAddress
    package let port: UInt16
    /// The endpoint may be on this node, so that it may reach itself through a Service (hairpin): true when its
    /// `nodeName` is this node's, or not known.
    package let isLocal: Bool

    package init(address: IPAddress, port: UInt16, isLocal: Bool = false) {
        self.address = address
        self.port = port
        self.isLocal = isLocal
    }

    /// `10.244.0.5:8080` or `[fd00::5]:8080`.
    package var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.address, left.port) < (right.address, right.port)
    }
}
