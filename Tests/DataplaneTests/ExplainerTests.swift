import Dataplane
import Net
import Testing

/// What becomes of connections and why, asked of the intended state.
@Suite struct ExplainerTests {
    private static let node = "192.168.9.1"
    private let web = ServicePortName(
        namespace: "default", service: "web", port: "http", protocol: .tcp, family: .ipv4)

    private func endpoints(_ count: Int, local: Int = 1) throws -> [Endpoint] {
        try (1..<count + 1).map {
            Endpoint(address: try IPAddress("10.244.0.\($0)"), port: 8080, isLocal: $0 <= local)
        }
    }

    private func port(_ change: (inout ServicePort) throws -> Void = { _ in }) throws -> ServicePort {
        var port = ServicePort(
            clusterIP: try IPAddress("10.96.0.10"), port: 80, nodePort: 30_080, endpoints: try endpoints(3))
        port.externalAddresses = [ExternalAddress(try IPAddress("203.0.113.80"))]
        try change(&port)
        return port
    }

    private func snapshot(_ port: ServicePort) throws -> SyncSnapshot {
        var snapshot = SyncSnapshot()
        snapshot.isSynced = true
        snapshot.desired.servicePorts[web] = port
        snapshot.desired.node.nodePortAddresses = [try IPAddress(Self.node)]
        snapshot.desired.node.podNetworks = [try IPPrefix("10.244.0.0/16")]
        snapshot.desired.node.serviceCIDRs = [try IPPrefix("10.96.0.0/16")]
        return snapshot
    }

    private func explainer(
        _ source: String, _ destination: String, _ number: UInt16, _ proto: L4Protocol = .tcp, in snapshot: SyncSnapshot
    ) throws -> Explainer {
        Explainer(
            ExplainQuestion(
                from: try IPAddress(source), to: try IPAddress(destination), port: number, protocol: proto),
            snapshot, DataplaneConfiguration(detector: .podNetworks), localAddresses: [try IPAddress(Self.node)])
    }

    private func explain(
        _ source: String, _ destination: String, _ number: UInt16, _ proto: L4Protocol = .tcp, of port: ServicePort
    ) throws -> Explanation {
        try explainer(source, destination, number, proto, in: try snapshot(port)).explain()
    }

    @Test("A ClusterIP leads to all endpoints alike, with the rule that decides")
    func clusterIP() throws {
        let explanation = try explain("10.244.0.9", "10.96.0.10", 80, of: port())
        #expect(explanation.verdict == .sent)
        #expect(explanation.servicePort == web && explanation.role == .clusterIP)
        #expect(
            explanation.trace.outcomes.map(\.destination.description).sorted() == [
                "10.244.0.1:8080", "10.244.0.2:8080", "10.244.0.3:8080",
            ])
        for outcome in explanation.trace.outcomes { #expect(abs(outcome.share - 1.0 / 3) < 0.001) }
        #expect(abs(explanation.trace.outcomes.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(explanation.decision?.chain == "pick-4")
        #expect(explanation.trace.outcomes[0].steps.contains { $0.conditions == ["@cluster-ips { 10.96.0.10 }"] })
        #expect(explanation.trace.outcomes.allSatisfy { !$0.isMasqueraded })
    }

    @Test("A client that may be sent to itself is told so")
    func hairpin() throws {
        let explanation = try explain("10.244.0.1", "10.96.0.10", 80, of: port())
        #expect(
            explanation.trace.outcomes.filter(\.isMasqueraded).map(\.destination.description) == ["10.244.0.1:8080"])
        #expect(
            explanation.reasons == [
                "10.244.0.1:8080 sees this node's address: it is the client, and reaches itself."
            ])
    }

    @Test("What comes from outside is masqueraded, for the reason that its rule gives")
    func masquerade() throws {
        let explanation = try explain("203.0.113.7", "10.96.0.10", 80, of: port())
        #expect(explanation.trace.outcomes.allSatisfy { $0.isMasqueraded })
        #expect(explanation.reasons == ["The endpoint sees this node's address: the source is not a pod."])
        #expect(try explain(Self.node, Self.node, 30_080, of: port()).origin == .localProcess)
    }

    @Test("Without endpoints it is refused")
    func noEndpoints() throws {
        for destination in ["10.96.0.10", "203.0.113.80"] {
            let explanation = try explain("10.244.0.9", destination, 80, of: port { $0.endpoints = [] })
            #expect(explanation.verdict == .refused)
            #expect(
                explanation.reasons == [
                    "default/web has no endpoint that is ready, so connections are refused."
                ])
        }
    }

    @Test("Policy Local without a local endpoint drops, and says which policy")
    func policyLocal() throws {
        let inside = try explain("10.244.0.9", "10.96.0.10", 80, of: port { $0.internalPolicy = .local })
        #expect(inside.verdict == .dropped)
        #expect(inside.reasons == ["internalTrafficPolicy is Local, and none of its 3 endpoints is on this node."])
        let external = try port { $0.externalPolicy = .local }
        for (destination, number) in [("203.0.113.80", 80), (Self.node, 30_080)] as [(String, UInt16)] {
            let outside = try explain("203.0.113.7", destination, number, of: external)
            #expect(outside.verdict == .dropped)
            #expect(outside.reasons == ["externalTrafficPolicy is Local, and none of its 3 endpoints is on this node."])
            let pod = try explain("10.244.0.9", destination, number, of: external)
            #expect(pod.verdict == .sent && pod.trace.outcomes.count == 3)
            #expect(pod.reasons.first?.contains("may use all endpoints") == true)
        }
    }

    @Test("A source outside of loadBalancerSourceRanges is dropped, and the ranges are named")
    func sourceRanges() throws {
        let limited = try port {
            $0.externalAddresses = [
                ExternalAddress(try IPAddress("203.0.113.80"), allowedSources: [try IPPrefix("198.51.100.0/24")])
            ]
        }
        let outside = try explain("203.0.113.7", "203.0.113.80", 80, of: limited)
        #expect(outside.verdict == .dropped)
        #expect(outside.reasons == ["203.0.113.7 is in none of its loadBalancerSourceRanges: 198.51.100.0/24."])
        #expect(outside.decision?.chain == "source-ranges")
        #expect(try explain("198.51.100.9", "203.0.113.80", 80, of: limited).verdict == .sent)
    }

    @Test("What is near a Service but not its own says what the Service has")
    func neighbours() throws {
        let port = try port()
        let otherPort = try explain("10.244.0.9", "10.96.0.10", 81, of: port)
        #expect(otherPort.verdict == .refused && otherPort.servicePort == nil)
        #expect(otherPort.reasons == ["10.96.0.10 is the ClusterIP of default/web, which has 80/TCP, not 81/TCP."])
        let unused = try explain("10.244.0.9", "10.96.9.9", 80, of: port)
        #expect(unused.verdict == .dropped)
        #expect(unused.reasons == ["No Service has the ClusterIP 10.96.9.9."])
        let udp = try explain("203.0.113.7", Self.node, 30_080, .udp, of: port)
        #expect(udp.verdict == .leftAlone)
        #expect(udp.reasons == ["30080 is a NodePort of default/web for 30080/TCP, not UDP."])
        let loopback = try explain("127.0.0.1", "127.0.0.1", 30_080, of: port)
        #expect(loopback.verdict == .leftAlone)
        #expect(
            loopback.reasons == [
                "30080 is a NodePort of default/web, and NodePorts are answered at 192.168.9.1 only."
            ])
        let stranger = try explain("10.244.0.9", "198.51.100.1", 443, of: port)
        #expect(stranger.verdict == .leftAlone && stranger.decision == nil)
        #expect(stranger.reasons == ["198.51.100.1:443 is no Service's address here."])
    }

    @Test("A client with session affinity is kept to its endpoint")
    func affinity() throws {
        let sticky = try port { $0.affinitySeconds = 600 }
        var explainer = try explainer("10.244.0.9", "10.96.0.10", 80, in: snapshot(sticky))
        let fresh = explainer.explain()
        #expect(fresh.affinity == nil)
        #expect(fresh.trace.outcomes.count == 3)
        for outcome in fresh.trace.outcomes { #expect(abs(outcome.share - 1.0 / 3) < 1e-9) }
        let set = try #require(explainer.dynamicSets.first { $0.contains("10.244.0.2") })
        explainer.addClient(to: set)
        let known = explainer.explain()
        #expect(known.affinity?.endpoint.description == "10.244.0.2:8080" && known.affinity?.timeoutSeconds == 600)
        #expect(known.trace.outcomes.map(\.destination.description) == ["10.244.0.2:8080"])
    }

    @Test("The slots are those that the kernel has")
    func slots() throws {
        var snapshot = try snapshot(port())
        var programmed = try port()
        programmed.endpoints.reverse()
        snapshot.programmed[.ipv4] = [web: programmed]
        let trace = try explainer("10.244.0.9", "10.96.0.10", 80, in: snapshot).explain().trace
        let texts = trace.outcomes.flatMap(\.steps).flatMap(\.conditions)
        #expect(texts.contains("@endpoints { 10.96.0.10 . tcp . 80 . 0 : 10.244.0.3 . 8080 }"))
        #expect(texts.contains("@endpoints { 10.96.0.10 . tcp . 80 . 2 : 10.244.0.1 . 8080 }"))
    }

    @Test("What keeps the kernel from what is intended comes first")
    func unwritten() throws {
        var unwritten = try snapshot(port())
        unwritten.hasUnwrittenChanges = true
        unwritten.record.add(
            CommitFailure(servicePort: nil, description: "no memory", retryMilliseconds: 100), nanoseconds: 1)
        #expect(
            try explainer("10.244.0.9", "10.96.0.10", 80, in: unwritten).explain().reasons
                == ["Changes wait to be written to the kernel: no memory."])
        var refused = try snapshot(port())
        refused.refused = refused.desired.servicePorts
        refused.desired.servicePorts = [:]
        let explanation = try explainer("10.244.0.9", "10.96.0.10", 80, in: refused).explain()
        #expect(explanation.verdict == .dropped)
        #expect(
            explanation.reasons == [
                "default/web:http/TCP (IPv4) is set aside, because the kernel refused it."
            ])
    }
}
