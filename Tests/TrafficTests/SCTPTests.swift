import KubeAPI
import Net
import Proxy
import TestSupport
import Testing

@Suite("SCTP, with real packets", .networkNamespaces, .fewAtATime)
struct SCTPTests {
    private static let flows = IPFamily.allCases.map { Flow(family: $0, transport: .sctp) }

    @Test("24: TCP, UDP and SCTP on the same number are three Services, each with its endpoints")
    func sameNumber() async throws {
        let lab = try TrafficLab()
        let servers = try [1, 3].map { index in
            try lab.pods[index].namespace.run { try SCTPServer(name: lab.pods[index].name, port: 9003) }
        }
        let tcp = try lab.pods[2].namespace.serve("tcp", port: 9001)
        let udp = try lab.pods[2].namespace.serve("udp", port: 9002)
        var sctp = ServiceFixture.everywhere("sctp", backends: [lab.pods[1], lab.pods[3]])
        sctp.ports = [.init(name: "s", transport: .sctp, target: 9003)]
        var others = ServiceFixture.everywhere("others", backends: [lab.pods[2]])
        others.ports = [
            .init(name: "t", transport: .tcp, target: 9001), .init(name: "u", transport: .udp, target: 9002),
        ]
        await lab.proxy.apply(sctp.events + others.events)
        let pods = [lab.pods[1], lab.pods[3]]
        try lab.expectAnswers(from: [.pod], [sctp.cluster], by: pods, .own, flows: Self.flows)
        try lab.expectAnswers(from: [.node, .outside], [sctp.cluster], by: pods, .masqueraded, flows: Self.flows)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, sctp.external(lab.lab), by: pods, .masqueraded, flows: Self.flows)
        for frontend in sctp.all(lab.lab) {
            for family in IPFamily.allCases {
                let address = frontend.address[family]
                #expect(try lab.probe(from: .outside, address, frontend.port, .tcp).server == "tcp", "\(frontend)")
                #expect(try lab.probe(from: .outside, address, frontend.port, .udp).server == "udp", "\(frontend)")
            }
        }
        // SCTP goes, the others stay.
        await lab.proxy.apply(sctp.removal)
        try lab.expectRefused([sctp.cluster], flows: Self.flows)
        for family in IPFamily.allCases {
            #expect(try lab.probe(from: .pod, sctp.clusterIP[family], 80, .tcp).server == "tcp")
        }
        for server in servers { server.stop() }
        tcp.stop()
        udp.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("6, 10, 20: SCTP is dropped and refused as the others are")
    func noEndpoints() async throws {
        let lab = try TrafficLab()
        var sctp = ServiceFixture.everywhere("sctp")
        sctp.ports = [.init(name: "s", transport: .sctp)]
        (sctp.internalPolicy, sctp.externalPolicy) = (.local, .local)
        await lab.proxy.apply(sctp.events)
        try lab.expectRefused(sctp.all(lab.lab), flows: Self.flows)
        sctp.backends = [.init(lab.pods[3])]
        await lab.proxy.apply(sctp.endpointEvents)
        try lab.expectDropped([sctp.cluster], flows: Self.flows)
        try lab.expectDropped(from: [.outside], sctp.external(lab.lab), flows: Self.flows)
        #expect(lab.proxy.failures == [])
    }
}
