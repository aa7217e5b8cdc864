import BenchReport
import FoundationEssentials
import KubeAPI
import Net
import Netlink
import TestSupport

/// One size: an API server that feeds all subjects one after the other, and what packets show.
final class CompareRun {
    let server: ServerUnderTest
    let clients: APIClients
    let lab: PathLab
    let objects: CompareObjects
    let plan: ComparePlan
    let scenarios: Set<CompareScenario>
    let figures: FigureCollector
    let processor: Int?
    /// Which pod the sentinel's slice names.
    private(set) var live = 0
    /// Grows with each change, so that none is a repetition.
    private var version = 0
    let folder: String
    let progress: (String) -> Void

    init(
        _ kind: ServerUnderTest.Kind, size: WorkloadSize, plan: ComparePlan, scenarios: Set<CompareScenario>,
        processor: Int?, progress: @escaping (String) -> Void
    ) async throws {
        server = try ServerUnderTest(kind)
        lab = try PathLab(node: server.namespace)
        clients = try await APIClients(server)
        objects = CompareObjects(size: size)
        figures = FigureCollector(size: size)
        (self.plan, self.scenarios, self.processor, self.progress) = (plan, scenarios, processor, progress)
        let made = try Tool.run("mktemp", "-d", in: server.namespace)
        folder = String(made.prefix { !$0.isNewline })
    }

    func stop() async {
        await clients.stop()
        _ = try? Tool.run("rm", "-rf", folder, in: server.namespace)
    }

    /// Writes all objects.
    func fill() async throws {
        progress("\(objects.size.text): writing the objects …")
        try await clients.send(
            "POST", "/api/v1/namespaces", CoreObjects.namespace(CompareObjects.namespace), allowing: 409)
        let addresses = PathLab.nodeAddresses.both.map(\.description)
        try await clients.send(
            "POST", "/api/v1/nodes", CompareObjects.node(CompareObjects.nodeName, addresses), allowing: 409)
        let (objects, size) = (objects, objects.size)
        _ = try await clients.create(size.services) { number in
            ClosedLoop.Request(method: "POST", path: CompareObjects.services, body: objects.service(number).json)
        }
        _ = try await clients.create(size.services * objects.slicesPerService) { index in
            let (number, family) = index.quotientAndRemainder(dividingBy: objects.slicesPerService)
            return ClosedLoop.Request(
                method: "POST", path: CompareObjects.slices, body: objects.slice(number, family: family).json)
        }
        try await clients.send("POST", CompareObjects.services, objects.sentinelService)
        for family in 0..<objects.slicesPerService {
            try await clients.send(
                "POST", CompareObjects.slices, objects.liveSlice(CompareObjects.sentinel, live, family: family))
        }
        try await clients.send("POST", CompareObjects.services, objects.dataPathService)
        for family in 0..<objects.slicesPerService {
            try await clients.send("POST", CompareObjects.slices, objects.dataPathSlice(family: family))
        }
        if scenarios.contains(.burst) { try await fillBurst() }
    }

    /// All rounds of all subjects, in turn, each time beginning with another.
    func measure(_ subjects: [Subject]) async throws -> [Measurement] {
        progress("\(objects.size.text): encoding the kernel's floor …")
        let floor = FloorPass(self, try FloorScript(self))
        for round in 0..<plan.rounds {
            progress("\(objects.size.text): \(Report.floorSubject), round \(round + 1) of \(plan.rounds) …")
            try await floor.measure()
            if scenarios.contains(.dataPath) { try measureBaselines(round) }
            for step in subjects.indices {
                let subject = subjects[(round + step) % subjects.count]
                progress("\(objects.size.text): \(subject.name), round \(round + 1) of \(plan.rounds) …")
                try clean()
                let pass = ComparePass(self, subject, log: "\(folder)/\(round)-\(step).log")
                do {
                    try await pass.measure()
                    pass.end()
                } catch {
                    let log = pass.lastLines
                    pass.end()
                    throw BenchmarkError(description: "\(subject.name), \(objects.size.text): \(error)\n\(log)")
                }
            }
        }
        if scenarios.contains(.coldStart) || scenarios.contains(.endpointChange) {
            floor.countSends()
            for subject in subjects { try await countSends(of: subject) }
        }
        try clean()
        return figures.measurements
    }

    /// Nothing of one subject is there for the next.
    func clean() throws {
        try flush()
        try Tool.run("conntrack", "-F", in: server.namespace)
    }

    func flush() throws { try Tool.run("nft", "flush", "ruleset", in: server.namespace) }

    /// Where the placeholders of commands lead to; writes kube-proxy's configuration files.
    func values() throws -> [String: String] {
        var values = [
            "kubeconfig": server.kubeconfig, "node": CompareObjects.nodeName,
            "cluster-cidr": objects.size.families == .ipv6
                ? CompareObjects.clusterCIDRs[1] : CompareObjects.clusterCIDRs[0],
        ]
        if objects.size.families == .dual {
            values["cluster-cidr"] = CompareObjects.clusterCIDRs.joined(separator: ",")
        }
        for (name, mode) in [("config", "nftables"), ("config-iptables", "iptables")] {
            let path = "\(folder)/\(name).yaml"
            let format = server.name == "fairlead" ? "application/json" : "application/vnd.kubernetes.protobuf"
            let text = """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: \(mode)
                hostnameOverride: \(CompareObjects.nodeName)
                clusterCIDR: \(values["cluster-cidr"] ?? "")
                detectLocalMode: ClusterCIDR
                oomScoreAdj: 0
                conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
                clientConnection: {kubeconfig: "\(server.kubeconfig)", contentType: \(format), acceptContentTypes: \(format)}
                nftables: {minSyncPeriod: 1ms}
                iptables: {minSyncPeriod: 1ms}

                """
            try Data(text.utf8).write(to: URL(filePath: path))
            values[name] = path
        }
        return values
    }

    /// One endpoint of some Service is another.
    ///
    /// - Returns: when the write began and when its answer was there.
    func changeOne(with connection: APIConnection? = nil) async throws -> (begin: UInt64, answer: UInt64) {
        version += 1
        let number = version * 7919 % objects.size.services
        let path = "\(CompareObjects.slices)/\(objects.sliceName("s-\(number)", family: 0))"
        return try await put(path, objects.slice(number, family: 0, version: version))
    }

    /// The sentinel's one endpoint is the other pod.
    ///
    /// - Returns: the name of that, when the write began and when its answer was there.
    func flip() async throws -> (begin: UInt64, answer: UInt64) {
        live = 1 - live
        let path = "\(CompareObjects.slices)/\(objects.sliceName(CompareObjects.sentinel, family: 0))"
        return try await put(path, objects.liveSlice(CompareObjects.sentinel, live, family: 0))
    }

    var livePod: String { PathLab.podName(live) }
    var otherPod: String { PathLab.podName(1 - live) }

    func put(_ path: String, _ body: JSONValue) async throws -> (begin: UInt64, answer: UInt64) {
        let begin = MonotonicClock.nanoseconds
        let answer = try await clients.send("PUT", path, body)
        return (begin, answer.nanoseconds)
    }

    // MARK: The Deployment that rolls

    static let burstSlice = 100
    private static let burstService = "zz-deployment"
    private var burstVersion = 0

    /// The Service of the Deployment.
    var burstServiceObject: JSONValue {
        var service = objects.sentinelService
        service["metadata"]?["name"] = .string(Self.burstService)
        service["spec"]?["type"] = "ClusterIP"
        service["spec"]?["ports"] = [["name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"]]
        let addresses = [CompareObjects.clusterIP(objects.size.services + 30, objects.probedFamily).description]
        service["spec"]?["clusterIP"] = .string(addresses[0])
        service["spec"]?["clusterIPs"] = JSONValue(addresses)
        service["spec"]?["ipFamilies"] = JSONValue([objects.probedFamily == .ipv4 ? "IPv4" : "IPv6"])
        service["spec"]?["ipFamilyPolicy"] = "SingleStack"
        return service
    }

    private func fillBurst() async throws {
        try await clients.send("POST", CompareObjects.services, burstServiceObject)
        for number in 0..<burstSlices {
            try await clients.send("POST", CompareObjects.slices, burstSlice(number, version: burstVersion))
        }
    }

    var burstSlices: Int { plan.burst / Self.burstSlice }

    func burstSlice(_ number: Int, version: Int) -> JSONValue {
        objects.bigSlice(Self.burstService, number: number, endpoints: Self.burstSlice, version: version)
    }

    /// Each Pod is replaced by another, one after the other, as fast as the API server takes it.
    func roll() async throws -> (begin: UInt64, answer: UInt64) {
        let begin = MonotonicClock.nanoseconds
        var answer = begin
        for _ in 0..<Self.burstSlice {
            burstVersion += 1
            for number in 0..<burstSlices {
                let slice = burstSlice(number, version: burstVersion)
                answer = try await put("\(CompareObjects.slices)/\(Self.burstService)-\(number)", slice).answer
            }
        }
        return (begin, answer)
    }
}
