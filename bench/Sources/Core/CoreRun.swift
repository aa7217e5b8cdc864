import BenchReport
import KubeAPI
import NIOCore
import NIOSSL
import Netlink
import TestSupport

/// The measurements of one API server.
struct CoreRun {
    static let scenario = "core"

    let server: ServerUnderTest
    let clients: APIClients
    let plan: CorePlan
    let namespace: BenchNamespace

    /// - Throws: what the first request meets; nothing is left of it then.
    init(_ server: ServerUnderTest, _ plan: CorePlan, _ namespace: BenchNamespace) async throws {
        self.server = server
        self.plan = plan
        self.namespace = namespace
        clients = try await APIClients(server)
        do {
            try await clients.send("POST", "/api/v1/namespaces", CoreObjects.namespace(namespace.name))
        } catch {
            await clients.stop()
            let hint =
                error is NIOSSLError
                ? ": its certificate is not one that is trusted here; a --kubeconfig names who signed it" : ""
            throw BenchmarkError(description: "\(server.endpoint.description): \(error)\(hint)")
        }
    }

    /// Takes away what was made, where the server stays.
    ///
    /// - Throws: `BenchmarkError` where something stays.
    func finish() async throws {
        let removed: Result<Void, any Error>
        do {
            if !server.isOurs { try await namespace.remove(with: clients) }
            removed = .success(())
        } catch {
            removed = .failure(error)
        }
        await clients.stop()
        try removed.get()
    }

    func measure(_ figure: CoreFigure) async throws -> [Measurement] {
        switch figure {
        case .writes: try await writes()
        case .list: try await list()
        case .watch: try await watch()
        case .deployment: try await deployment()
        case .memory: try await memory()
        }
    }

    func measurement(
        _ quantity: String, in unit: Measurement.Unit, _ value: Measurement.Value, includes: String,
        goal: Measurement.Goal? = nil
    ) -> Measurement {
        Measurement(
            Self.scenario, quantity, in: unit, of: server.name, value, includes: includes, goal: goal)
    }

    /// Creates, then updates of the same objects, by several clients at once.
    private func writes() async throws -> [Measurement] {
        let configMaps = "\(namespace.path)/configmaps"
        let connections = try await clients.open(plan.clients)
        defer { for connection in connections { connection.close() } }
        func loop(
            _ deadline: Duration, _ request: @escaping @Sendable (Int) -> ClosedLoop.Request?
        ) async throws -> ClosedLoop.Result {
            try await ClosedLoop(connections, deadline: deadline, request: request).run()
        }
        _ = try await loop(.seconds(1)) { number in
            ClosedLoop.Request(
                method: "POST", path: configMaps, body: CoreObjects.configMap("warm-\(number)", value: 0).json)
        }
        let cpu = try server.cpuSeconds()
        let created = try await loop(.seconds(plan.seconds)) { number in
            ClosedLoop.Request(
                method: "POST", path: configMaps, body: CoreObjects.configMap("c-\(number)", value: 0).json)
        }
        let cpuOfCreates = try server.cpuSeconds() - cpu
        let count = created.latencies.count
        let updated = try await loop(.seconds(plan.seconds)) { number in
            let name = "c-\(number % count)"
            return ClosedLoop.Request(
                method: "PUT", path: "\(configMaps)/\(name)",
                body: CoreObjects.configMap(name, value: number + 1).json)
        }
        let who =
            "\(plan.clients) clients, each one request after the other on a connection of its own, for \(plan.seconds) s; "
            + "the clients' work is on the same processors"
        let cpuValue: Measurement.Value =
            server.isOurs
            ? .rounds([cpuOfCreates * 1e6 / Double(count)])
            : .absent(reason: "the server was not started here, and its processes are unknown")
        return [
            measurement(
                "creates of a ConfigMap", in: .perSecond, .rounds([created.perSecond]),
                includes: "\(who); answered once it is durable", goal: .atLeast(3000)),
            measurement(
                "create", in: .milliseconds, .latencies([created.latencies]), includes: "request to answer, \(who)"),
            measurement(
                "updates of a ConfigMap", in: .perSecond, .rounds([updated.perSecond]),
                includes: "PUT of the objects that were created, \(who)"),
            measurement(
                "update", in: .milliseconds, .latencies([updated.latencies]), includes: "request to answer, \(who)"),
            measurement(
                "processor time of a create", in: .microseconds, cpuValue,
                includes: "of all processes of the server, without the client"),
        ]
    }

    private func list() async throws -> [Measurement] {
        let pods = "\(namespace.path)/pods"
        let node = "\(namespace.name)-0"
        try await clients.send("POST", "/api/v1/nodes", CoreObjects.node(node, of: namespace))
        try await clients.send(
            "POST", "\(namespace.path)/serviceaccounts", CoreObjects.serviceAccount, allowing: 409)
        _ = try await clients.create(plan.pods) { number in
            ClosedLoop.Request(method: "POST", path: pods, body: CoreObjects.pod("pod-\(number)", node: node).json)
        }
        var histogram = Histogram()
        var bytes = 0
        for round in 0...plan.lists {
            let start = MonotonicClock.nanoseconds
            let answer = try await clients.send("GET", pods)
            if round > 0 { histogram.record(answer.nanoseconds - start) }
            bytes = answer.body.readableBytes
        }
        return [
            measurement(
                "list of \(Double(plan.pods).tableText) Pods", in: .milliseconds, .latencies([histogram]),
                includes:
                    "GET until the last byte of \((Double(bytes) / 1e6).tableText) MB of JSON is read, without reading the "
                    + "JSON; one client, \(plan.lists) lists after one that does not count",
                goal: .atMost(150))
        ]
    }

    private func memory() async throws -> [Measurement] {
        guard server.isOurs else {
            return [
                measurement(
                    "resident memory", in: .megabytes,
                    .absent(reason: "the server was not started here, and its processes are unknown"),
                    includes: "of all processes of the server")
            ]
        }
        let (services, endpoints, namespace) = (plan.services, plan.endpoints, namespace)
        _ = try await clients.create(services) { number in
            ClosedLoop.Request(
                method: "POST", path: "\(namespace.path)/services",
                body: CoreObjects.service("s-\(number)").json)
        }
        _ = try await clients.create(services) { number in
            ClosedLoop.Request(
                method: "POST", path: "\(namespace.path(in: "discovery.k8s.io/v1"))/endpointslices",
                body: CoreObjects.slice("s-\(number)", number: number, endpoints: endpoints).json)
        }
        // What was freed has time to go back to the kernel.
        try await Task.sleep(for: .seconds(3))
        let facts = try server.processes.map { try $0.memory }
        let peak = try server.processes.map { try $0.peakMegabytes }.reduce(0, +)
        let what =
            "all processes of the server, 3 s after \(Double(services).tableText) Services and as many slices of "
            + "\(endpoints) were created over the API; no watcher"
        return [
            measurement(
                "resident memory", in: .megabytes, .rounds([facts.map(\.resident).reduce(0, +)]), includes: what,
                goal: .atMost(250)),
            measurement(
                "proportional memory (PSS)", in: .megabytes, .rounds([facts.map(\.proportional).reduce(0, +)]),
                includes: what),
            measurement(
                "peak memory", in: .megabytes, .rounds([peak]), includes: "the most that was resident until then"),
        ]
    }
}
