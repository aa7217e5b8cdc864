import Net
import Netlink
import TestSupport
import Testing

@testable import fairlead

/// The commands against a daemon process.
@Suite(.networkNamespaces, .serialized) struct DaemonTests {
    private static let manifests = """
        apiVersion: v1
        kind: Node
        metadata: {name: node-1}
        status: {addresses: [{type: InternalIP, address: 192.168.9.1}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {selector: {app: web}, type: NodePort, clusterIP: 10.96.0.10,
          ports: [{name: http, port: 80, targetPort: 8080, nodePort: 30080}]}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: other}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: empty, namespace: other}
        spec: {selector: {app: none}, clusterIP: 10.96.0.11, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: default, labels: {app: web}}
        spec: {nodeName: node-1, containers: [{name: c, image: i}]}
        status: {phase: Running, podIP: 10.244.0.5, podIPs: [{ip: 10.244.0.5}], conditions: [{type: Ready, status: "True"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b, namespace: default, labels: {app: web}}
        spec: {nodeName: node-2, containers: [{name: c, image: i}]}
        status: {phase: Running, podIP: 10.244.1.5, podIPs: [{ip: 10.244.1.5}], conditions: [{type: Ready, status: "True"}]}
        """

    @Test("status, services and explain answer, in text and JSON")
    func commands() throws {
        let daemon = try DaemonUnderTest(Self.manifests)
        let status = try Command.run("status", in: daemon.namespace)
        #expect(status.status == 0)
        #expect(status.output.hasPrefix("OK: 3 Services programmed"))
        let statusDocument = try json(StatusDocument.self, "status --json", daemon.namespace)
        #expect(statusDocument.state == .ok && statusDocument.synced)
        #expect(statusDocument.daemon.nodeName == "node-1")
        #expect(statusDocument.counts.servicePorts == 3 && statusDocument.counts.endpoints == 2)
        #expect(statusDocument.commits.count > 0 && (statusDocument.lastCommit?.elements ?? 0) > 0)
        #expect(statusDocument.nodePortAddresses == ["192.168.9.1"])
        #expect(statusDocument.podNetworks == ["10.244.0.0/16"])

        let services = try json(ServicesDocument.self, "services --endpoints --json", daemon.namespace).services
        #expect(services.map(\.name) == ["kubernetes", "web", "empty"])
        #expect(services[1].state == .serving && services[2].state == .refuses)
        #expect(services[1].endpoints?.map(\.address) == ["10.244.0.5", "10.244.1.5"])
        #expect(services[1].endpoints?.map(\.local) == [true, false])
        #expect(try json(ServicesDocument.self, "services other/empty --json", daemon.namespace).services.count == 1)
        #expect(try json(ServicesDocument.self, "services -n default --json", daemon.namespace).services.count == 2)
        let table = try Command.run("services", in: daemon.namespace).output
        #expect(table.contains("refuses: no endpoints") && table.contains("80 (http)") && table.contains("1/2"))

        let sent = try json(
            ExplainDocument.self, "explain --from 10.244.0.9 --to 10.96.0.10:80 --json", daemon.namespace)
        #expect(sent.verdict == "sent" && sent.service == "default/web")
        #expect(Set(sent.candidates.map(\.destination)) == ["10.244.0.5:8080", "10.244.1.5:8080"])
        #expect(sent.kernel.differences == [] && sent.kernel.lookups > 0 && sent.kernel.chains > 3)
        let refused = try Command.run("explain --from 192.168.9.1 --to 10.96.0.11:80", in: daemon.namespace)
        #expect(refused.status == 0)
        #expect(
            refused.output.contains("is refused: other/empty") && refused.output.contains("The kernel has all of it"))
    }

    @Test("Only root and the daemon's user are answered, and only in the daemon's namespace")
    func rights() throws {
        let daemon = try DaemonUnderTest(Self.manifests)
        let stranger = try Command.run("status", as: 65_534, in: daemon.namespace)
        #expect(stranger.status == 1)
        #expect(stranger.output.contains("only root and the daemon's user may ask"))
        let elsewhere = try Command.run("status", in: try NetworkNamespace.create())
        #expect(elsewhere.status == 1)
        #expect(elsewhere.output.contains("no Fairlead daemon runs in this network namespace"))
    }

    private func json<Document: Decodable>(
        _ type: Document.Type, _ words: String, _ namespace: NetworkNamespace
    ) throws -> Document {
        try ControlJSON.decode(type, [UInt8](try Command.run(words, in: namespace).output.utf8))
    }
}
