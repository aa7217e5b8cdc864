import BenchReport
import Net
import Netlink
import TestSupport

/// A client and a server, and between them a node for each kind of rules, all in namespaces that end with this.
final class ConnectionLab {
    private let client: NetworkNamespace
    private let server: NetworkNamespace
    private let nodes: [NodeRules: ConnectionNode]
    private let daemons: [CountingDaemon]

    init(_ paths: [ConnectionPath]) throws {
        client = try Self.makeNamespace(forwards: false)
        server = try Self.makeNamespace(forwards: false)
        try client.run { try Sysctl.write("net.ipv4.ip_local_port_range", "1024 1100") }
        try server.run { try Sysctl.write("net.core.somaxconn", "65535") }
        var nodes: [NodeRules: ConnectionNode] = [:]
        var daemons: [CountingDaemon] = []
        for path in paths where nodes[path.rules] == nil {
            let node = try ConnectionNode(path.rules, number: UInt32(nodes.count + 1))
            try node.attach(client: client, server: server)
            if let daemon = try node.program() { daemons.append(daemon) }
            nodes[path.rules] = node
        }
        self.nodes = nodes
        self.daemons = daemons
    }

    deinit { for daemon in daemons { daemon.stop() } }

    /// IPv4 alone: nothing of IPv6 sends packets of its own.
    static func makeNamespace(forwards: Bool) throws -> NetworkNamespace {
        let namespace = try LabNamespace.create(forwards: forwards)
        try namespace.run {
            for which in ["all", "default"] { try Sysctl.write("net.ipv6.conf.\(which).disable_ipv6", "1") }
        }
        return namespace
    }

    /// Waits until the first connection over a path succeeds: carriers come up and neighbours are found in their time.
    func awaitPath(_ path: ConnectionPath, deadline: ContinuousClock.Instant) throws {
        while true {
            do {
                _ = try burst(path, .tcp, connections: 1, workers: 1, deadline: deadline + .seconds(10))
                return
            } catch {
                if ContinuousClock.now > deadline {
                    throw BenchmarkError(description: "\(path.name), \(path.frontend.rawValue): \(error)")
                }
                sleepThread(until: .now + .milliseconds(10))
            }
        }
    }

    /// Makes so many new connections, from one source port each, over a conntrack table that is empty at first.
    ///
    /// - Throws: when one of them failed, or conntrack did not follow each as a new one.
    func burst(
        _ path: ConnectionPath, _ transport: L4Protocol, connections: Int, workers: Int,
        deadline: ContinuousClock.Instant
    ) throws -> ConnectionBurst.Result {
        guard let node = nodes[path.rules] else { throw BenchmarkError(description: "no node for \(path.name)") }
        if node.isTracking {
            let limit = try node.namespace.run { try Sysctl.read("net.netfilter.nf_conntrack_max") }
            guard connections * 2 <= Int(limit) ?? 0 else {
                throw BenchmarkError(
                    description: "\(connections) connections are over half of nf_conntrack_max (\(limit))")
            }
            try Tool.run("conntrack", "-F", in: node.namespace)
        }
        let server = try server.run {
            try ConnectionServer(port: ConnectionNode.endpointPort, addresses: node.endpoints, backlog: 65_535)
        }
        defer { server.stop() }
        let probe = ConnectionProbe(node.target(path.frontend), from: node.client, transport, timeoutMilliseconds: 2000)
        let result = try client.run {
            try ConnectionBurst(probe, connections: connections, workers: workers, deadline: deadline).run()
        }
        if node.isTracking {
            let count = try node.namespace.run { try Sysctl.read("net.netfilter.nf_conntrack_count") }
            guard Int(count) ?? 0 >= connections else {
                throw BenchmarkError(
                    description:
                        "\(path.name), \(transport): conntrack has \(count) entries after \(connections) connections")
            }
        }
        return result
    }
}
