import Netlink
import TestSupport

/// A node for one chain of plugins: a network namespace that forwards, with an uplink and its default route, and a folder for leases.
final class CNIBenchNode: Sendable {
    let chain: CNIChain
    let namespace: NetworkNamespace
    /// At the other end of the uplink.
    private let beyond: NetworkNamespace
    let dataFolder: String

    init(_ chain: CNIChain) throws {
        self.chain = chain
        namespace = try LabNamespace.create(forwards: true)
        beyond = try LabNamespace.create(forwards: false)
        try namespace.run { [beyond] in
            var socket = try RouteSocket()
            let peer = LinkAttributes(name: "uplink", namespace: beyond)
            try socket.perform(.addLink(LinkSpecification(LinkAttributes(name: "uplink"), kind: .veth(peer: peer))))
        }
        try Tool.run(
            "bash", "-ec",
            """
            ip address add 192.168.9.1/24 dev uplink
            ip link set uplink up
            ip route add default via 192.168.9.2
            """, in: namespace)
        dataFolder = String(try Tool.run("mktemp", "-d", in: namespace).prefix { !$0.isNewline })
    }

    deinit { _ = try? Tool.run("rm", "-rf", dataFolder, in: namespace) }
}

/// A pod to measure with.
struct CNIBenchPod: Sendable {
    private let pod: HeldNamespace
    let interface: ContainerInterface
    let number: Int

    init(_ number: Int, _ node: CNIBenchNode) throws {
        self.number = number
        pod = try HeldNamespace()
        interface = ContainerInterface(
            containerID: "bench-\(number)", namespacePath: pod.path, pluginFolders: node.chain.pluginFolders)
    }
}
