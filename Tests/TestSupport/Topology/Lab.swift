import Net
import Netlink

/// Two nodes with pods and a client outside the cluster, each in an anonymous network namespace, on one LAN.
///
/// Node 1 has three pods, node 2 one; pods are attached as the reference `ptp` plugin does it: a routed veth, the pod's
/// address as /32 and /128, the gateway's address on the host's end. Each pod runs an `EchoServer` of its own name on port
/// `serverPort`, TCP and UDP. The nodes route to each other's pods; the client routes the Service CIDRs, and nothing
/// else, over node 1. All of it goes with the last reference.
package final class Lab: Sendable {
    package static let serverPort: UInt16 = 8080

    package let nodes: [LabNode]
    /// 0, 1 and 2 are on node 1; 3 is on node 2.
    package let pods: [LabPod]
    package let client: NetworkNamespace
    package let clientAddress = LabAddresses.host(100)
    /// The bridge; its address 192.168.7.254 is the nodes' default gateway, where nothing is forwarded.
    private let lan: NetworkNamespace

    package var node: LabNode { nodes[0] }
    package var otherNode: LabNode { nodes[1] }

    /// - Throws: `SystemError`, `NetlinkError` or `SocketError`: without root, for the first namespace.
    package init() throws {
        lan = try LabNamespace.create(forwards: false)
        client = try LabNamespace.create(forwards: false)
        nodes = try [1, 2].map { try LabNode(number: $0) }
        pods = try [(1, 11), (1, 12), (1, 13), (2, 11)].map { node, number in
            try LabPod(name: "pod-\(node)-\(number)", number: number, node: node)
        }
        try joinLAN()
        for node in nodes {
            try node.attach(pods.filter { $0.node == node.number })
            try node.routeToLAN(others: nodes.filter { $0.number != node.number })
        }
        try client.run {
            var socket = try RouteSocket()
            try socket.perform(
                LabAddresses.serviceCIDRs.map {
                    .addRoute(Route(to: $0, gateway: node.address[$0.family], linkIndex: LabNode.lanLink))
                })
        }
        try awaitCarriers()
    }

    private func joinLAN() throws {
        let members = [
            (nodes[0].namespace, nodes[0].address), (nodes[1].namespace, nodes[1].address), (client, clientAddress),
        ]
        try lan.run {
            var socket = try RouteSocket()
            var requests: [RouteRequest] = [
                .addLink(LinkSpecification(LinkAttributes(name: "lan", index: 10, isUp: true), kind: .bridge))
            ]
            for (index, member) in members.enumerated() {
                let peer = LinkAttributes(name: "eth0", index: LabNode.lanLink, namespace: member.0)
                let port = LinkAttributes(
                    name: "port\(index)", index: 20 + Int32(index), masterIndex: 10, isUp: true)
                requests.append(.addLink(LinkSpecification(port, kind: .veth(peer: peer))))
            }
            requests += LabNamespace.addresses(LabAddresses.host(254), on: 10, lengths: LabAddresses.lanPrefixLengths)
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

    /// The kernel brings a link's two ends together in its own time.
    private func awaitCarriers() throws {
        for namespace in [lan, client] + nodes.map(\.namespace) + pods.map(\.namespace) {
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

    func attach(_ pods: [LabPod]) throws {
        var requests: [RouteRequest] = []
        for pod in pods {
            // Never the index of the other end: the kernel would then take its time to notice the carrier.
            let index = Int32(pod.number)
            let peer = LinkAttributes(name: "eth0", index: 2, namespace: pod.namespace)
            let host = LinkAttributes(name: "veth\(pod.number)", index: index, isUp: true)
            requests.append(.addLink(LinkSpecification(host, kind: .veth(peer: peer))))
            requests += LabNamespace.addresses(gateway, on: index)
            requests += pod.address.both.map {
                .addRoute(Route(to: LabAddresses.prefix($0, $0.family.bitWidth), linkIndex: index))
            }
        }
        try namespace.run {
            var socket = try RouteSocket()
            try socket.perform(requests)
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
