import Dataplane
import Net
import Netlink
import Synchronization
import TestSupport
import Testing

@testable import fairlead

/// The socket, and what is asked of the kernel, without a daemon around.
@Suite(.networkNamespaces) struct ControlTests {
    private let web = ServicePortName(namespace: "default", service: "web", port: "", protocol: .tcp, family: .ipv4)

    private func snapshot() throws -> SyncSnapshot {
        var snapshot = SyncSnapshot()
        snapshot.isSynced = true
        var port = ServicePort(clusterIP: try IPAddress("10.96.0.10"), port: 80)
        port.endpoints = try (1...3).map { Endpoint(address: try IPAddress("10.244.0.\($0)"), port: 8080) }
        snapshot.desired.servicePorts[web] = port
        snapshot.desired.node.serviceCIDRs = [try IPPrefix("10.96.0.0/16")]
        return snapshot
    }

    /// Writes the state as the daemon would, with nobody to repair it, and explains a connection.
    private func explain(_ namespace: NetworkNamespace, damage: String? = nil) throws -> Explanation {
        let snapshot = try snapshot()
        let configuration = DataplaneConfiguration()
        try namespace.run {
            var backend = try NFTBackend(configuration)
            _ = try backend.commit(.everything, desired: snapshot.desired)
        }
        if let damage { try Tool.run("bash", "-c", "nft \(damage)", in: namespace) }
        return try namespace.run {
            let explainer = Explainer(
                ExplainQuestion(
                    from: try IPAddress("10.244.0.9"), to: try IPAddress("10.96.0.10"), port: 80, protocol: .tcp),
                snapshot, configuration, localAddresses: [])
            var explanation = explainer.explain()
            var check = try KernelCheck(explainer.layout.table)
            explanation.differences = try check.differences(explanation.trace, from: explainer.table)
            return explanation
        }
    }

    @Test(
        "What is missing, added or changed in the kernel is found",
        arguments: [
            (nil, []),
            (
                "'delete element ip fairlead endpoints { 10.96.0.10 . tcp . 80 . 1 }'",
                ["The kernel has no such element: endpoints { 10.96.0.10 . tcp . 80 . 1 }."]
            ),
            (
                "'delete element ip fairlead cluster-ips { 10.96.0.10 }'",
                ["The kernel has no such element: cluster-ips { 10.96.0.10 }."]
            ),
            (
                "'add element ip fairlead endpoints { 10.96.0.10 . tcp . 80 . 3 : 10.244.0.99 . 80 }'",
                ["The kernel has an element that should not be: endpoints { 10.96.0.10 . tcp . 80 . 3 }."]
            ),
            (
                "'delete element ip fairlead endpoints { 10.96.0.10 . tcp . 80 . 0 }; add element ip fairlead endpoints { 10.96.0.10 . tcp . 80 . 0 : 10.244.0.99 . 80 }'",
                ["The kernel's element endpoints { 10.96.0.10 . tcp . 80 . 0 } does not lead to 10.244.0.1 . 8080."]
            ),
            ("flush chain ip fairlead pick-4", ["The kernel has 0 of 9 rules in chain pick-4."]),
            ("delete table ip fairlead", ["The kernel has no table ip fairlead."]),
        ] as [(String?, [String])])
    func damage(command: String?, differences: [String]) throws {
        let explanation = try explain(try NetworkNamespace.create(), damage: command)
        #expect(explanation.verdict == .sent)
        #expect(explanation.differences == differences)
    }

    @Test("The client that the kernel remembers is found, by its endpoint")
    func affinity() throws {
        var snapshot = try snapshot()
        snapshot.desired.servicePorts[web]?.affinitySeconds = 600
        let desired = snapshot.desired
        let namespace = try NetworkNamespace.create()
        try namespace.run {
            var backend = try NFTBackend(DataplaneConfiguration())
            _ = try backend.commit(.everything, desired: desired)
        }
        var explainer = Explainer(
            ExplainQuestion(
                from: try IPAddress("10.244.0.9"), to: try IPAddress("10.96.0.10"), port: 80, protocol: .tcp),
            snapshot, DataplaneConfiguration(), localAddresses: [])
        let sets = explainer.dynamicSets
        let key = explainer.clientKey
        #expect(sets.count == 3)
        let set = try #require(sets.first { $0.contains("10.244.0.2") })
        try Tool.run(
            "nft", "add element ip fairlead \(set) { 10.244.0.9 timeout 600s, 10.244.0.8 timeout 600s }", in: namespace)
        let table = explainer.layout.table
        let found = try namespace.run {
            var check = try KernelCheck(table)
            return try check.sets(sets, with: key)
        }
        #expect(found == [set])
        for set in found { explainer.addClient(to: set) }
        let explanation = explainer.explain()
        #expect(explanation.affinity?.endpoint.description == "10.244.0.2:8080")
        let intended = explainer.table
        let differences = try namespace.run {
            var check = try KernelCheck(table)
            return try check.differences(explanation.trace, from: intended)
        }
        #expect(differences == [])
    }

    @Test("explain ends with 2 and shows the difference where the kernel has something else")
    func exitStatus() throws {
        let namespace = try NetworkNamespace.create()
        let explanation = try explain(
            namespace, damage: "'delete element ip fairlead endpoints { 10.96.0.10 . tcp . 80 . 1 }'")
        let server = try namespace.run {
            try ControlServer.start { _ in ControlJSON.encode(ExplainDocument(explanation)) }
        }
        defer { server.stop() }
        let result = try Command.run("explain --from 10.244.0.9 --to 10.96.0.10:80", in: namespace)
        #expect(result.status == 2)
        #expect(result.output.contains("THE KERNEL DIFFERS"))
        #expect(result.output.contains("endpoints { 10.96.0.10 . tcp . 80 . 1 }"))
    }

    @Test("A request that is too long, no request, or none at all is answered, and the next one served")
    func badRequests() throws {
        let namespace = try NetworkNamespace.create()
        let requests = Mutex<[ControlRequest]>([])
        let server = try namespace.run {
            try ControlServer.start { request in
                requests.withLock { $0.append(request) }
                return ControlJSON.encode(["answer": "yes"])
            }
        }
        defer { server.stop() }
        func ask(_ bytes: [UInt8]) throws -> String {
            try namespace.run {
                guard let connection = try ControlConnection.connect(to: ControlRequest.socketName) else {
                    throw ControlError("nobody listens")
                }
                try connection.write(bytes, timeoutMilliseconds: 5000)
                let answer = try connection.readAll(maximumByteCount: 1 << 20, timeoutMilliseconds: 10_000)
                return String(decoding: answer, as: UTF8.self)
            }
        }
        #expect(try ask([UInt8](repeating: 65, count: 8192)).contains("EMSGSIZE"))
        #expect(try ask([UInt8]("{}\n".utf8)).contains("not a request of this version"))
        #expect(try ask([]).contains("ETIMEDOUT"))
        let good = ControlJSON.encode(ControlRequest.services(ServicesRequest(name: "web"))) + [10]
        #expect(try ask(good) == "{\"answer\":\"yes\"}\n")
        #expect(requests.withLock { $0 } == [.services(ServicesRequest(name: "web"))])
    }

    @Test("Two servers do not share a namespace; those of two namespaces do not meet")
    func names() throws {
        let namespaces = [try NetworkNamespace.create(), try NetworkNamespace.create()]
        let servers = try namespaces.enumerated().map { index, namespace in
            try namespace.run { try ControlServer.start { _ in ControlJSON.encode(["server": "\(index)"]) } }
        }
        defer { for server in servers { server.stop() } }
        for (index, namespace) in namespaces.enumerated() {
            let answer = try namespace.run { try ControlClient.ask(.status) }
            #expect(String(decoding: answer, as: UTF8.self) == "{\"server\":\"\(index)\"}\n")
            #expect(throws: SystemError.self) { try namespace.run { _ = try ControlServer.start { _ in [] } } }
        }
    }
}
