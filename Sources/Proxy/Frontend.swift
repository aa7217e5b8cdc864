import Net

/// An address and port that clients connect to. At most one service port has it.
struct Frontend: Hashable, Sendable {
    private let address: IPAddress
    private let port: UInt16
    private let `protocol`: L4Protocol

    static func clusterIP(of port: ParsedService.Port) -> Frontend {
        Frontend(address: port.clusterIP, port: port.port, protocol: port.protocol)
    }

    /// A NodePort is held on all of the node's addresses of a family: on the unspecified one.
    static func nodePort(of port: ParsedService.Port) -> Frontend? {
        port.nodePort.map {
            Frontend(address: IPAddress(number: 0, family: port.family), port: $0, protocol: port.protocol)
        }
    }
}

extension Frontend: CustomStringConvertible {
    /// "ClusterIP 10.96.0.1 port 80/TCP" or "NodePort 30080/TCP (IPv4)".
    var description: String {
        address.isUnspecified
            ? "NodePort \(port)/\(`protocol`) (\(address.family))" : "ClusterIP \(address) port \(port)/\(`protocol`)"
    }
}
