import BenchReport
import FoundationEssentials
import KubeAPI
import Net
import Netlink
import TestSupport

/// A benchmark against a real API server under way.
final class ClusterRun {
    private let server: KubeAPIServer
    private let writer: ClusterWriter
    private let daemon: String
    private let services: Int
    private let endpoints: Int
    private var cluster: SyntheticCluster

    init(_ programs: KubeAPIServer.Programs, daemon: String, services: Int, endpoints: Int) throws {
        server = try KubeAPIServer(programs, serviceCIDRs: "172.16.0.0/12,fd00:10:96::/112")
        writer = try ClusterWriter(server.namespace)
        self.daemon = daemon
        self.services = services
        self.endpoints = endpoints
        cluster = SyntheticCluster(services: services, endpoints: endpoints)
    }

    func stop() async { await writer.stop() }

    /// - Throws: `BenchmarkError`, or what the servers' start and requests throw.
    func measure(changes: Int, starts: Int) async throws -> ClusterResult {
        var slices = try await fill()
        var process = try startDaemon()
        let firstStart = try process.waitUntilReady()
        var restarts: [Double] = []
        for _ in 1..<starts {
            process.kill()
            process = try startDaemon()
            restarts.append(try process.waitUntilReady())
        }
        try await Task.sleep(for: .seconds(3))
        let loaded = try process.memory
        let (answer, write) = try await change(&slices, count: changes)
        let storm = try await storm(slices)
        try await Task.sleep(for: .seconds(5))
        let stormed = try process.memory
        let before = try process.cpuMilliseconds
        try await Task.sleep(for: .seconds(10))
        let idle = try process.cpuMilliseconds - before
        process.kill()
        return ClusterResult(
            services: services, endpoints: endpoints, firstStartSeconds: firstStart, restartSeconds: Spread(restarts),
            changeMicroseconds: try .init(answer), writeToCommitMicroseconds: try .init(write),
            residentMegabytesAfterLoad: loaded.resident, peakMegabytes: stormed.peak, stormSeconds: storm,
            residentMegabytesAfterStorm: stormed.resident, idleCPUMilliseconds: idle)
    }

    private func startDaemon() throws -> MeasuredDaemon {
        let command = [
            daemon, "proxy", "--kubeconfig", server.kubeconfig(), "--hostname-override", SyntheticCluster.nodeName,
            "--proxy-mode", "nftables", "--conntrack-max-per-core", "0", "--conntrack-min", "0", "--oom-score-adj", "0",
        ]
        return try MeasuredDaemon(command, in: server.namespace)
    }

    private func fill() async throws -> [EndpointSlice] {
        try await writer.write(Self.node, "POST")
        var objects: [(KubeAPI.Service, EndpointSlice)] = []
        for number in 0..<services {
            var (service, slice) = cluster.makeObjects(number)
            // The first of the network is the API server's own Service.
            service.spec.clusterIPs = ["\(IPAddress(v4: 0xAC10_0100 + UInt32(number)))"]
            service.spec.clusterIP = service.spec.clusterIPs[0]
            objects.append((service, slice))
        }
        let all = objects
        let writer = writer
        try await writer.forEach(services) { number in
            try await writer.write(all[number].0, "POST")
            try await writer.write(all[number].1, "POST")
        }
        return all.map(\.1)
    }

    private static var node: Node {
        var node = Node(metadata: ObjectMeta(name: SyntheticCluster.nodeName))
        node.status.addresses = [NodeStatus.Address(type: "InternalIP", address: "192.0.2.1")]
        return node
    }

    /// One after the other, each once the one before is in the kernel.
    private func change(_ slices: inout [EndpointSlice], count: Int) async throws -> ([Double], [Double]) {
        let watch = try server.namespace.run { try CommitWatch() }
        defer { watch.stop() }
        var answers: [Double] = []
        var writes: [Double] = []
        for number in 0..<count {
            let place = number * 7919 % slices.count
            let other = slices[(place + 1) % slices.count].endpoints[0]
            slices[place].endpoints[number % slices[place].endpoints.count] = other
            let commits = watch.count
            let start = ContinuousClock.now
            let answered = try await writer.write(slices[place], "PUT")
            let committed = try await watch.commit(after: commits)
            answers.append(max(0, (committed - answered) / .microseconds(1)))
            writes.append((committed - start) / .microseconds(1))
            try await Task.sleep(for: .milliseconds(3))
        }
        return (answers, writes)
    }

    /// Writes every slice with its endpoints exchanged for others'.
    private func storm(_ slices: [EndpointSlice]) async throws -> Double {
        let start = ContinuousClock.now
        let writer = writer
        try await writer.forEach(slices.count) { number in
            var slice = slices[number]
            slice.endpoints = slices[(number + 1) % slices.count].endpoints
            try await writer.write(slice, "PUT")
        }
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
