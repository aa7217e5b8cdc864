import Dataplane
import Net
import Netlink
import TestSupport

/// A node between the client and the server, in a network namespace of its own, and its addresses: no two nodes share any, so
/// that all of them stay set up while the measurement goes from one to another.
struct ConnectionNode {
    static let endpointCount: UInt32 = 10
    static let endpointPort: UInt16 = 8080
    static let servicePort: UInt16 = 80
    static let nodePort: UInt16 = 30_000

    let rules: NodeRules
    let namespace: NetworkNamespace
    /// From 1.
    private let number: UInt32

    init(_ rules: NodeRules, number: UInt32) throws {
        self.rules = rules
        self.number = number
        namespace = try ConnectionLab.makeNamespace(forwards: true)
    }

    /// Its link to the client, and that to the server; the same in their namespaces.
    var clientLink: Int32 { 100 + Int32(number) * 2 }
    var serverLink: Int32 { 101 + Int32(number) * 2 }

    /// 10.1.n.1 and .2, 10.2.n.1 and .2, 10.3.n.1 to .10.
    var onClientLink: IPAddress { IPAddress(v4: 0x0A01_0001 + number << 8) }
    var client: IPAddress { IPAddress(v4: 0x0A01_0002 + number << 8) }
    var onServerLink: IPAddress { IPAddress(v4: 0x0A02_0001 + number << 8) }
    var server: IPAddress { IPAddress(v4: 0x0A02_0002 + number << 8) }
    var endpoints: [IPAddress] { (1...Self.endpointCount).map { IPAddress(v4: 0x0A03_0000 + number << 8 + $0) } }

    /// The ClusterIPs of this node: 172.n+15.0.0/16.
    private func clusterIP(_ index: Int) -> IPAddress {
        IPAddress(v4: 0xAC10_0001 + (number - 1) << 16 + UInt32(index))
    }

    var clientNetwork: IPPrefix { LabAddresses.prefix(IPAddress(v4: 0x0A01_0000 + number << 8), 24) }
    /// What the client reaches over this node.
    var destinations: [IPPrefix] {
        [LabAddresses.prefix(IPAddress(v4: 0xAC10_0000 + (number - 1) << 16), 16), endpointNetwork]
    }
    private var endpointNetwork: IPPrefix { LabAddresses.prefix(IPAddress(v4: 0x0A03_0000 + number << 8), 24) }

    /// The frontend of the Service whose endpoints are there: the one in the middle.
    func target(_ frontend: ConnectionPath.Frontend) -> SocketAddress {
        switch frontend {
        case .endpoint: SocketAddress(endpoints[0], port: Self.endpointPort)
        case .clusterIP: SocketAddress(clusterIP(targetIndex), port: Self.servicePort)
        case .nodePort: SocketAddress(onClientLink, port: Self.nodePort)
        }
    }

    private var targetIndex: Int { (rules.services ?? 0) / 2 }

    /// Its conntrack follows connections.
    var isTracking: Bool { rules != .none }

    /// Connects it to both, and routes.
    func attach(client: NetworkNamespace, server: NetworkNamespace) throws {
        func link(_ name: String, _ index: Int32, _ peer: NetworkNamespace) -> RouteRequest {
            // Never the index of the other end: the kernel would then take its time to notice the carrier.
            let other = LinkAttributes(name: "node\(number)", index: index + 1000, namespace: peer)
            return .addLink(
                LinkSpecification(LinkAttributes(name: name, index: index, isUp: true), kind: .veth(peer: other)))
        }
        try namespace.run {
            var socket = try RouteSocket()
            try socket.perform([
                link("client", clientLink, client), link("server", serverLink, server),
                .addAddress(InterfaceAddress(onClientLink, prefixLength: 24, linkIndex: clientLink)),
                .addAddress(InterfaceAddress(onServerLink, prefixLength: 24, linkIndex: serverLink)),
            ])
        }
        try client.run {
            var socket = try RouteSocket()
            let index = clientLink + 1000
            try socket.perform(
                [
                    .setLink(.index(index), LinkAttributes(isUp: true)),
                    .addAddress(InterfaceAddress(self.client, prefixLength: 24, linkIndex: index)),
                ] + destinations.map { .addRoute(Route(to: $0, gateway: onClientLink, linkIndex: index)) })
        }
        try server.run {
            var socket = try RouteSocket()
            let index = serverLink + 1000
            try socket.perform(
                [
                    .setLink(.index(index), LinkAttributes(isUp: true)),
                    .addAddress(InterfaceAddress(self.server, prefixLength: 24, linkIndex: index)),
                    .addRoute(Route(to: clientNetwork, gateway: onServerLink, linkIndex: index)),
                ] + endpoints.map { .addAddress(InterfaceAddress($0, prefixLength: 32, linkIndex: index)) })
        }
        // One neighbour for all endpoints: the namespaces of a machine share few entries.
        try namespace.run {
            var socket = try RouteSocket()
            try socket.perform([.addRoute(Route(to: endpointNetwork, gateway: self.server, linkIndex: serverLink))])
        }
    }

    /// Writes its table. Conntrack keeps what has ended, so that each connection can be counted after a round.
    ///
    /// - Returns: what must go on to run, where something must.
    func program() throws -> CountingDaemon? {
        var daemon: CountingDaemon?
        var configuration = DataplaneConfiguration(detector: .podNetworks)
        configuration.families = [.ipv4]
        switch rules {
        case .none: return nil
        case .tracking, .singleRule, .singleRuleAgain, .singleRuleAndMasquerade:
            try Tool.run("nft", "-f", "-", in: namespace, input: handWrittenTable)
        case .fairlead(let services):
            var backend = try namespace.run { try NFTBackend(configuration) }
            _ = try backend.commit(.everything, desired: desiredState(services: services))
        case .fairleadCounting(let services):
            daemon = try namespace.run {
                let daemon = try CountingDaemon(configuration, desired: desiredState(services: services))
                try daemon.start(configuration)
                return daemon
            }
        }
        try namespace.run {
            for name in ["tcp_timeout_close", "tcp_timeout_time_wait", "udp_timeout", "udp_timeout_stream"] {
                try Sysctl.write("net.netfilter.nf_conntrack_\(name)", "300")
            }
        }
        return daemon
    }

    private var handWrittenTable: String {
        // A dnat rule makes the kernel track connections; an empty NAT chain does not. The one of `tracking` meets no packet.
        let address = rules == .tracking ? IPAddress(v4: 0xFFFF_FFFF) : target(.clusterIP).address
        let dnat = ["tcp", "udp"].map {
            "ip daddr \(address) \($0) dport \(Self.servicePort) dnat to \(endpoints[0]):\(Self.endpointPort)"
        }
        let masquerade = rules == .singleRuleAndMasquerade ? "masquerade fully-random" : ""
        return """
            table ip bench {
              chain prerouting {
                type nat hook prerouting priority dstnat
                \(dnat.joined(separator: "\n"))
              }
              chain postrouting {
                type nat hook postrouting priority srcnat
                \(masquerade)
              }
            }
            """
    }

    private func desiredState(services: Int) -> DesiredState {
        var desired = DesiredState()
        desired.node.podNetworks = [clientNetwork]
        desired.node.nodePortAddresses = [onClientLink]
        let here = endpoints.map { Endpoint(address: $0, port: Self.endpointPort) }
        var elsewhere: UInt32 = 0x0A40_0000
        for index in 0..<services {
            var port = ServicePort(clusterIP: clusterIP(index), port: Self.servicePort)
            if index == targetIndex {
                port.nodePort = Self.nodePort
                port.endpoints = here
                desired.servicePorts[Self.name(index, .udp)] = port
            } else {
                port.nodePort = index % 10 == 0 && index < 27_000 ? 30_001 + UInt16(index / 10) : nil
                port.endpoints = (0..<Self.endpointCount).map {
                    Endpoint(address: IPAddress(v4: elsewhere + $0), port: Self.endpointPort)
                }
                elsewhere += Self.endpointCount
            }
            desired.servicePorts[Self.name(index, .tcp)] = port
        }
        return desired
    }

    private static func name(_ index: Int, _ transport: L4Protocol) -> ServicePortName {
        ServicePortName(
            namespace: "default", service: "s-\(index)", port: "\(transport)", protocol: transport, family: .ipv4)
    }
}
