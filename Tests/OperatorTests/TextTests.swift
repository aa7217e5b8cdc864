import ArgumentParser
import Dataplane
import Net
import Proxy
import Testing

@testable import fairlead

/// What people read.
@Suite struct TextTests {
    private static let identity = StatusDocument.Identity(
        version: "1", nodeName: "n", processID: 7, startedAt: "2026-01-01T00:00:00Z")

    private func status(_ problems: [ProxyProblem] = [], _ change: (inout SyncSnapshot) -> Void) -> StatusDocument {
        var snapshot = SyncSnapshot()
        snapshot.isSynced = true
        change(&snapshot)
        return StatusDocument(Self.identity, snapshot, DataplaneConfiguration(), problems: problems, Clocks())
    }

    private func name(_ service: String) -> ServicePortName {
        ServicePortName(namespace: "default", service: service, port: "", protocol: .tcp, family: .ipv4)
    }

    private func firstLine(_ document: StatusDocument) -> String {
        document.text.split(separator: "\n").first.map(String.init) ?? ""
    }

    @Test("The first line of status says OK, or what is wrong")
    func status() {
        #expect(firstLine(status { _ in }) == "OK: 0 Services programmed")
        let problem = ProxyProblem(object: "Service default/web", message: "no port")
        let withProblem = status([problem]) { _ in }
        #expect(withProblem.state == .ok)
        #expect(firstLine(withProblem) == "OK: 0 Services programmed; 1 problem of objects")
        #expect(withProblem.text.hasSuffix("Problems of objects:\n  Service default/web: no port"))
        #expect(firstLine(status { $0.isSynced = false }).hasPrefix("STARTING: "))
        let refused = status { $0.refused[name("bad")] = ServicePort(clusterIP: nil, port: 1) }
        #expect(firstLine(refused) == "DEGRADED: 1 service port is set aside, because the kernel refused it")
        #expect(refused.text.contains("  default/bad/TCP (IPv4)"))
        let failure = CommitFailure(servicePort: nil, description: "no memory", retryMilliseconds: 1)
        let failing = status { $0.record.add(failure, nanoseconds: 1) }
        #expect(firstLine(failing) == "FAILING: the kernel does not take changes: no memory")
        #expect(failing.lastFailure?.current == true)
        let recovered = status { snapshot in
            snapshot.record.add(failure, nanoseconds: 1)
            snapshot.record.add(
                CommitReport(isFull: true, servicePorts: 1, elements: 2, bytes: 3), nanoseconds: 2)
        }
        #expect(recovered.state == .ok && recovered.lastFailure?.current == false)
    }

    @Test("Services are a table that is aligned, with states and traffic")
    func services() throws {
        var snapshot = SyncSnapshot()
        let clusterIP = try IPAddress("10.96.0.10")
        var local = ServicePort(clusterIP: clusterIP, port: 80, nodePort: 30_080)
        local.endpoints = [Endpoint(address: try IPAddress("10.244.1.1"), port: 8080)]
        local.externalPolicy = .local
        snapshot.desired.servicePorts = [
            name("local"): local, name("none"): ServicePort(clusterIP: clusterIP, port: 81),
        ]
        snapshot.refused = [name("zz"): ServicePort(clusterIP: clusterIP, port: 82)]
        var traffic = ServiceTraffic()
        traffic.total = Traffic(connections: 12, open: 1, packets: 345, bytes: 67_890)
        let document = ServicesDocument(snapshot, ServicesRequest(), [name("local"): traffic])
        #expect(document.services.map(\.state) == [.serving, .refuses, .setAside])
        #expect(document.services.map(\.externalState) == [.drops, nil, nil])
        let lines = document.text.split(separator: "\n").map(String.init)
        #expect(lines.count == 4)
        #expect(lines[1].contains("serving; external drops: no local endpoints") && lines[1].contains("external Local"))
        #expect(lines[1].hasSuffix("  12      345  67890"))
        #expect(lines[2].contains("refuses: no endpoints") && lines[3].contains("set aside"))
        let column = try #require(lines[0].range(of: "CLUSTER-IP")).lowerBound
        for line in lines.dropFirst() { #expect(line[column...].hasPrefix("10.96.0.10")) }
        #expect(ServicesDocument(snapshot, ServicesRequest(namespace: "x"), nil).services.isEmpty)
        #expect(ServicesDocument(snapshot, ServicesRequest(name: "none"), nil).services.map(\.name) == ["none"])
    }

    @Test(
        "Targets of explain",
        arguments: [
            ("10.96.0.10:53/UDP", "10.96.0.10", 53, .udp), ("10.96.0.10:80", "10.96.0.10", 80, .tcp),
            ("[fd00::a]:80/sctp", "fd00::a", 80, .sctp),
        ] as [(String, String, UInt16, L4Protocol)])
    func targets(text: String, address: String, port: UInt16, proto: L4Protocol) throws {
        let target = try ExplainTarget(argument: text)
        #expect(target.address == (try IPAddress(address)) && target.port == port && target.protocol == proto)
    }

    @Test(
        "What is no target is refused",
        arguments: ["10.0.0.1", "10.0.0.1:0", "fd00::a:80", "[10.0.0.1]:80", "x:80", "10.0.0.1:80/icmp"])
    func badTargets(text: String) {
        #expect(throws: ValidationError.self) { try ExplainTarget(argument: text) }
    }

    @Test("services takes a name with or without its namespace")
    func names() throws {
        #expect(
            try Services.parse(["a/b"]).request == ServicesRequest(namespace: "a", name: "b", endpoints: false))
        #expect(
            try Services.parse(["b", "-n", "a", "--endpoints"]).request
                == ServicesRequest(namespace: "a", name: "b", endpoints: true))
        for wrong in [["a/"], ["a/b/c"], ["a/b", "-n", "c"]] {
            #expect(throws: (any Error).self) { try Services.parse(wrong) }
        }
    }
}
