import Net

/// What becomes of a connection, asked by an operator.
package struct ExplainQuestion: Hashable, Sendable {
    package let source: IPAddress
    package let destination: IPAddress
    package let port: UInt16
    package let `protocol`: L4Protocol
    /// What the packets come in by; nil where that is not known.
    package let interface: String?

    package init(
        from source: IPAddress, to destination: IPAddress, port: UInt16, protocol: L4Protocol, interface: String? = nil
    ) {
        self.source = source
        self.destination = destination
        self.port = port
        self.protocol = `protocol`
        self.interface = interface
    }

    package var family: IPFamily { destination.family }

    /// As Kubernetes writes a port: `80/TCP`.
    var portText: String { "\(port)/\(`protocol`)" }
    var target: Endpoint { Endpoint(address: destination, port: port) }
}

/// What of a service port a connection is made to.
package enum FrontendRole: String, Hashable, Sendable {
    case clusterIP
    case externalAddress
    case nodePort
}
