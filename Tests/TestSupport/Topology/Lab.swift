import Net
import Netlink

/// Two nodes with pods and a client outside the cluster, each in an anonymous network namespace, on one LAN.
///
/// Node 1 has three pods, node 2 one; pods are attached as the reference `ptp` plugin does it: a routed veth, the pod's
/// address as /32 and /128, the gateway's address on the host's end. Each pod runs an `EchoServer` of its own name on port
/// `serverPort`, TCP and UDP. The nodes route to each other's pods; the client routes the Service CIDRs and the external
/// addresses over node 1, node 2 the latter. All of it goes with the last reference.
package final class Lab: Sendable {
    package static let serverPort: UInt16 = 8080

    package let nodes: [LabNode]
    /// 0, 1 and 2 are on node 1; 3 is on node 2.
    package let pods: [LabPod]
    package let client: NetworkNamespace
    package let clientAddress = LabAddresses.host(100)
    /// More addresses of the client, which everyone routes to it: other clients.
    package let otherClientAddresses = (1...16 as ClosedRange<UInt8>).map(LabAddresses.remote)
    /// The bridge; its address 192.168.7.254 is the nodes' default gateway, where nothing is forwarded. What comes here has
    /// left the cluster.
    package let beyond: NetworkNamespace

    package var node: LabNode { nodes[0] }
    package var otherNode: LabNode { nodes[1] }

    /// - Parameter podBridge: the pods of node 1 are ports of a bridge of this name, which has the gateway's address. They
    ///   route all the same: a pod's packets to its neighbour pass the node, too.
    /// - Throws: `SystemError`, `NetlinkError` or `SocketError`: without root, for the first namespace.
    package init(podBridge: String? = nil) throws {
        beyond = try LabNamespace.create(forwards: false)
        client = try LabNamespace.create(forwards: false)
        nodes = try [1, 2].map { try LabNode(number: $0) }
        pods = try [(1, 11), (1, 12), (1, 13), (2, 11)].map { node, number in
            try LabPod(name: "pod-\(node)-\(number)", number: number, node: node)
        }
        try joinLAN()
        for node in nodes {
            try node.attach(pods.filter { $0.node == node.number }, bridge: node.number == 1 ? podBridge : nil)
            try node.routeToLAN(others: nodes.filter { $0.number != node.number })
        }
        try routeOverNode()
        try awaitCarriers()
    }

    private func routeOverNode() throws {
        func routes(
            _ destinations: [IPPrefix], over gateway: DualAddress, link: Int32 = LabNode.lanLink
        ) -> [RouteRequest] {
            destinations.map { .addRoute(Route(to: $0, gateway: gateway[$0.family], linkIndex: link)) }
        }
        try client.run {
            var socket = try RouteSocket()
            try socket.perform(
                routes(LabAddresses.serviceCIDRs + LabAddresses.externalCIDRs, over: node.address)
                    // On the loopback, so that none is chosen for what names no source.
                    + otherClientAddresses.flatMap { LabNamespace.addresses($0, on: LabNamespace.loopback) })
        }
        for node in nodes {
            try node.namespace.run {
                var socket = try RouteSocket()
                try socket.perform(routes(LabAddresses.remoteCIDRs, over: clientAddress))
            }
        }
        try otherNode.namespace.run {
            var socket = try RouteSocket()
            try socket.perform(routes(LabAddresses.externalCIDRs, over: node.address))
        }
        try beyond.run {
            var socket = try RouteSocket()
            try socket.perform(
                nodes.flatMap { node in
                    routes(LabAddresses.podCIDRs(node: node.number), over: node.address, link: Self.bridgeLink)
                } + routes(LabAddresses.remoteCIDRs, over: clientAddress, link: Self.bridgeLink))
        }
    }

    private static let bridgeLink: Int32 = 10

    private func joinLAN() throws {
        let members = [
            (nodes[0].namespace, nodes[0].address), (nodes[1].namespace, nodes[1].address), (client, clientAddress),
        ]
        try beyond.run {
            var socket = try RouteSocket()
            let bridge = LinkAttributes(name: "lan", index: Self.bridgeLink, isUp: true)
            var requests: [RouteRequest] = [.addLink(LinkSpecification(bridge, kind: .bridge))]
            for (index, member) in members.enumerated() {
                let peer = LinkAttributes(name: "eth0", index: LabNode.lanLink, namespace: member.0)
                let port = LinkAttributes(
                    name: "port\(index)", index: 20 + Int32(index), masterIndex: Self.bridgeLink, isUp: true)
                requests.append(.addLink(LinkSpecification(port, kind: .veth(peer: peer))))
            }
            requests += LabNamespace.addresses(
                LabAddresses.host(254), on: Self.bridgeLink, lengths: LabAddresses.lanPrefixLengths)
            try socket.perform(requests)
        }
        for (namespace, address) in members {
            try namespace.run {
                var socket = try RouteSocket()
                try socket.perform(
                    [LabNamespace.up(LabNode.lanLink)]
                        + LabNamespace.addresses(address, on: LabNode.lanLink, lengths: LabAddresses.lanPrefixLengths))
            }
        }
    }

    /// Gives node 1 another address on the LAN.
    package func addAddress(_ address: DualAddress) throws {
        try node.namespace.run {
            var socket = try RouteSocket()
            try socket.perform(
                LabNamespace.addresses(address, on: LabNode.lanLink, lengths: LabAddresses.lanPrefixLengths))
        }
    }

    /// Takes one away.
    package func removeAddress(_ address: DualAddress) throws {
        try node.namespace.run {
            var socket = try RouteSocket()
            try socket.perform(
                address.both.map {
                    .deleteAddress(
                        InterfaceAddress(
                            $0, prefixLength: LabAddresses.lanPrefixLengths[$0.family] ?? $0.family.bitWidth,
                            linkIndex: LabNode.lanLink))
                })
        }
    }

    /// A server beyond the cluster that has these addresses: it answers what node 1 lets pass.
    package func serveBeyond(_ name: String, on addresses: [DualAddress], port: UInt16) throws -> EchoServer {
        try beyond.run {
            var socket = try RouteSocket()
            try socket.perform(addresses.flatMap { LabNamespace.addresses($0, on: Self.bridgeLink) })
        }
        return try beyond.serve(name, port: port, on: addresses.flatMap(\.both))
    }

    /// The kernel brings a link's two ends together in its own time.
    private func awaitCarriers() throws {
        for namespace in [beyond, client] + nodes.map(\.namespace) + pods.map(\.namespace) {
            try namespace.run {
                var socket = try RouteSocket()
                let deadline = ContinuousClock.now + .seconds(5)
                while try socket.links().contains(where: { $0.isUp && !$0.hasCarrier }), ContinuousClock.now < deadline
                {
                    sleepThread(until: .now + .milliseconds(1))
                }
            }
        }
    }
}

/// A host of the cluster.
package struct LabNode: Sendable {
    /// The index of `eth0`, in the nodes and in the client.
    package static let lanLink: Int32 = 2

    package let number: UInt8
    package let namespace: NetworkNamespace
    package var name: String { "node-\(number)" }
    /// On the LAN.
    package var address: DualAddress { LabAddresses.host(number) }
    /// Of its pods; on the host's end of each of their veths.
    package var gateway: DualAddress { LabAddresses.pod(1, node: number) }

    init(number: UInt8) throws {
        self.number = number
        namespace = try LabNamespace.create(forwards: true)
    }

    private static let bridgeLink: Int32 = 9

    func attach(_ pods: [LabPod], bridge: String?) throws {
        var requests: [RouteRequest] = []
        if let bridge {
            let attributes = LinkAttributes(name: bridge, index: Self.bridgeLink, isUp: true)
            requests.append(.addLink(LinkSpecification(attributes, kind: .bridge)))
            requests += LabNamespace.addresses(gateway, on: Self.bridgeLink, lengths: LabAddresses.podPrefixLengths)
        }
        for pod in pods {
            // Never the index of the other end: the kernel would then take its time to notice the carrier.
            let index = Int32(pod.number)
            let peer = LinkAttributes(name: "eth0", index: 2, namespace: pod.namespace)
            let host = LinkAttributes(
                name: "veth\(pod.number)", index: index, masterIndex: bridge.map { _ in Self.bridgeLink }, isUp: true)
            requests.append(.addLink(LinkSpecification(host, kind: .veth(peer: peer))))
            guard bridge == nil else { continue }
            requests += LabNamespace.addresses(gateway, on: index)
            requests += pod.address.both.map {
                .addRoute(Route(to: LabAddresses.prefix($0, $0.family.bitWidth), linkIndex: index))
            }
        }
        try namespace.run {
            var socket = try RouteSocket()
            try socket.perform(requests)
        }
        if bridge != nil {
            // As CNI plugins do: where bridged packets pass the IP hooks (br_netfilter), one that a pod sends to itself goes
            // back to the port that it came from.
            for pod in pods {
                try Tool.run(
                    "ip", "link", "set", "veth\(pod.number)", "type", "bridge_slave", "hairpin", "on", in: namespace)
            }
        }
        for pod in pods { try pod.configure(gateway: gateway) }
    }

    func routeToLAN(others: [LabNode]) throws {
        try namespace.run {
            var socket = try RouteSocket()
            var routes = LabAddresses.everything.map {
                Route(to: $0, gateway: LabAddresses.host(254)[$0.family], linkIndex: Self.lanLink)
            }
            for other in others {
                routes += LabAddresses.podCIDRs(node: other.number).map {
                    Route(to: $0, gateway: other.address[$0.family], linkIndex: Self.lanLink)
                }
            }
            try socket.perform(routes.map { .addRoute($0) })
        }
    }
}

/// A pod of the cluster, and its server.
package struct LabPod: Sendable {
    package let name: String
    package let number: UInt8
    /// The number of its node.
    package let node: UInt8
    package let namespace: NetworkNamespace
    private let server: EchoServer
    package var nodeName: String { "node-\(node)" }
    package var address: DualAddress { LabAddresses.pod(number, node: node) }

    init(name: String, number: UInt8, node: UInt8) throws {
        (self.name, self.number, self.node) = (name, number, node)
        namespace = try LabNamespace.create(forwards: false)
        server = try namespace.serve(name, port: Lab.serverPort)
    }

    func configure(gateway: DualAddress) throws {
        try namespace.run {
            var socket = try RouteSocket()
            var requests = [LabNamespace.up(2)] + LabNamespace.addresses(address, on: 2)
            for address in gateway.both {
                requests.append(
                    .addRoute(Route(to: LabAddresses.prefix(address, address.family.bitWidth), linkIndex: 2)))
            }
            for destination in LabAddresses.everything {
                requests.append(
                    .addRoute(Route(to: destination, gateway: gateway[destination.family], linkIndex: 2)))
            }
            try socket.perform(requests)
        }
    }
}
