import BenchReport
import Net
import Netlink
import TestSupport

/// A client and two pods around a node's network namespace, so that packets show which way they take.
final class PathLab {
    private static let clientLink: Int32 = 701
    private static let podLink: Int32 = 702

    let node: NetworkNamespace
    let client: NetworkNamespace
    let pods: NetworkNamespace
    private var servers: [EchoServer] = []

    /// The node's addresses on the client's link.
    static let nodeAddresses = DualAddress(v4: IPAddress(v4: 0xC0A8_4D01), v6: IPAddress(v6: 0xFD00_0077 << 32, 1))
    static let clientAddresses = DualAddress(
        v4: IPAddress(v4: 0xC0A8_4D02), v6: IPAddress(v6: 0xFD00_0077 << 32, 2))
    private static let towardsPods = DualAddress(
        v4: IPAddress(v4: 0xC0A8_4E01), v6: IPAddress(v6: 0xFD00_0078 << 32, 1))
    private static let podsGateway = DualAddress(
        v4: IPAddress(v4: 0xC0A8_4E02), v6: IPAddress(v6: 0xFD00_0078 << 32, 2))

    /// Adds links to a namespace that is there, in which an API server may run.
    init(node: NetworkNamespace) throws {
        self.node = node
        client = try LabNamespace.create(forwards: false)
        pods = try LabNamespace.create(forwards: false)
        try node.run {
            try Sysctl.write("net.ipv4.ip_forward", "1")
            try Sysctl.write("net.ipv6.conf.all.forwarding", "1")
        }
        try Self.connect(node, client, Self.clientLink, Self.nodeAddresses, Self.clientAddresses)
        try Self.connect(node, pods, Self.podLink, Self.towardsPods, Self.podsGateway)
        let everywhere = DualAddress(v4: IPAddress(v4: 0), v6: IPAddress(v6: 0, 0))
        for (end, link, gateway) in [
            (client, Self.clientLink, Self.nodeAddresses), (pods, Self.podLink, Self.towardsPods),
        ] {
            try end.run {
                var socket = try RouteSocket()
                for family in IPFamily.allCases {
                    let all = LabAddresses.prefix(everywhere[family], 0)
                    try socket.perform([.addRoute(Route(to: all, gateway: gateway[family], linkIndex: link + 1000))])
                }
            }
        }
        for which in 0..<2 {
            for family in IPFamily.allCases {
                let address = CompareObjects.livePod(which, family)
                try pods.run {
                    var socket = try RouteSocket()
                    try socket.perform([
                        .addAddress(
                            InterfaceAddress(
                                address, prefixLength: family.bitWidth, linkIndex: LabNamespace.loopback,
                                skipsDuplicateDetection: family == .ipv6))
                    ])
                }
                try node.run {
                    var socket = try RouteSocket()
                    let prefix = LabAddresses.prefix(address, family.bitWidth)
                    try socket.perform([
                        .addRoute(Route(to: prefix, gateway: Self.podsGateway[family], linkIndex: Self.podLink))
                    ])
                }
            }
            servers.append(
                try pods.serve(
                    Self.podName(which), port: CompareObjects.podPort,
                    on: IPFamily.allCases.map { CompareObjects.livePod(which, $0) }, transports: [.tcp]))
        }
    }

    deinit { for server in servers { server.stop() } }

    static func podName(_ which: Int) -> String { "pod-\(which)" }

    private static func connect(
        _ one: NetworkNamespace, _ other: NetworkNamespace, _ index: Int32, _ addresses: DualAddress,
        _ otherAddresses: DualAddress
    ) throws {
        func assign(_ socket: inout RouteSocket, _ addresses: DualAddress, _ index: Int32) throws {
            for (address, length) in [(addresses.v4, 24), (addresses.v6, 64)] {
                try socket.perform([
                    .addAddress(
                        InterfaceAddress(
                            address, prefixLength: length, linkIndex: index,
                            skipsDuplicateDetection: address.family == .ipv6))
                ])
            }
        }
        try one.run {
            var socket = try RouteSocket()
            let peer = LinkAttributes(name: "bench\(index)", index: index + 1000, namespace: other)
            try socket.perform([
                .addLink(
                    LinkSpecification(
                        LinkAttributes(name: "bench\(index)", index: index, isUp: true), kind: .veth(peer: peer)))
            ])
            try assign(&socket, addresses, index)
        }
        try other.run {
            var socket = try RouteSocket()
            try socket.perform([.setLink(.index(index + 1000), LinkAttributes(isUp: true))])
            try assign(&socket, otherAddresses, index + 1000)
        }
    }
}
