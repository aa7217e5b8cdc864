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

    /// An address from outside of the cluster, of the port's family.
    static func external(_ address: IPAddress, of port: ParsedService.Port) -> Frontend {
        Frontend(address: address, port: port.port, protocol: port.protocol)
    }

    /// "ClusterIP 10.96.0.1 port 80/TCP", "NodePort 30080/TCP (IPv4)" or "address 192.0.2.1 port 80/TCP", as `owner`
    /// sees it.
    func description(for owner: ParsedService.Port) -> String {
        if address.isUnspecified { return "NodePort \(port)/\(`protocol`) (\(address.family))" }
        return "\(address == owner.clusterIP ? "ClusterIP" : "address") \(address) port \(port)/\(`protocol`)"
    }
}
