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

/// What a service port should do, whatever the back end: its frontends, and where each sends new connections.
///
/// Everything that Kubernetes decides (which endpoints are usable, which frontends this Service may have) has been
/// decided here already; a back end decides nothing.
package struct ServicePort: Hashable, Sendable {
    /// The ClusterIP; nil when another service port holds this frontend.
    package var clusterIP: IPAddress?
    /// The port on the ClusterIP.
    package var port: UInt16
    /// The port on the node's NodePort addresses; nil for none.
    package var nodePort: UInt16?
    /// The usable endpoints of the whole cluster, without duplicates. Empty means: refuse connections.
    package var endpoints: [Endpoint]

    package init(clusterIP: IPAddress?, port: UInt16, nodePort: UInt16? = nil, endpoints: [Endpoint] = []) {
        self.clusterIP = clusterIP
        self.port = port
        self.nodePort = nodePort
        self.endpoints = endpoints
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
