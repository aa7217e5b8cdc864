import Net

/// A port of the node that leads to the container (`runtimeConfig.portMappings`).
package struct HostPort: Hashable, Sendable, CustomStringConvertible {
    package var transport: L4Protocol
    /// The node's address; nil is each of them, in the families that the container has.
    package var hostAddress: IPAddress?
    package var hostPort: UInt16
    package var containerPort: UInt16

    package init(_ transport: L4Protocol, hostAddress: IPAddress? = nil, hostPort: UInt16, containerPort: UInt16) {
        self.transport = transport
        self.hostAddress = hostAddress
        self.hostPort = hostPort
        self.containerPort = containerPort
    }

    package var description: String {
        "host port \(hostAddress.map { "\($0) " } ?? "")\(hostPort)/\(transport)"
    }
}

/// How host ports are translated: the fields of the reference plugin `portmap`.
package struct HostPortConfiguration: Hashable, Sendable {
    package var ports: [HostPort] = []
    /// `snat`: connections from the node's loopback and from the container itself are masqueraded.
    package var masqueradesLocal = true
    /// `masqAll`: all connections are.
    package var masqueradesAll = false
    /// `markMasqBit`: the bit of the packet mark that says so.
    package var markBit: UInt8 = 13

    package init() {}
}
