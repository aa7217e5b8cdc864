import Net
import TestSupport
import Testing

@Suite("Which frontends answer, with real packets", .networkNamespaces, .fewAtATime)
struct FrontendTests {
    private typealias Port = ServiceFixture.Port

    @Test("22: an unused port or another protocol of a ClusterIP is refused, whoever asks", arguments: Flow.all)
    func wrongPort(flow: Flow) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1]])
        web.ports = [Port(name: "p", transport: flow.transport)]
        await lab.proxy.apply(web.events)
        let address = web.clusterIP[flow.family]
        #expect(try lab.probe(from: .pod, address, 80, flow.transport).isAnswer)
        try lab.expectRefused(address, 81, flow.transport)
        try lab.expectRefused(address, 80, flow.transport == .tcp ? .udp : .tcp)
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "24: TCP and UDP on the same number are two services, on ClusterIP and NodePort", arguments: IPFamily.allCases)
    func sameNumber(family: IPFamily) async throws {
        let lab = try TrafficLab()
        let (tcp, udp) = try (
            lab.pods[1].namespace.serve("tcp", port: 9001), lab.pods[2].namespace.serve("udp", port: 9002)
        )
        var web = ServiceFixture(backends: [lab.pods[1]])
        web.ports = [Port(name: "t", transport: .tcp, target: 9001)]
        var dns = ServiceFixture("dns", host: 10, backends: [lab.pods[2]])
        dns.ports = [Port(name: "u", transport: .udp, target: 9002)]
        await lab.proxy.apply(web.events + dns.events)
        for (address, port) in [(web.clusterIP, 80), (lab.lab.node.address, 30_080)] as [(DualAddress, UInt16)] {
            #expect(try lab.probe(from: .outside, address[family], port, .tcp).server == "tcp")
            #expect(try lab.probe(from: .outside, address[family], port, .udp).server == "udp")
        }
        // The address is both Services': one goes, the other stays.
        await lab.proxy.apply(dns.removal)
        #expect(try lab.probe(from: .pod, web.clusterIP[family], 80, .tcp).server == "tcp")
        try lab.expectRefused(web.clusterIP[family], 80, .udp)
        tcp.stop()
        udp.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("25: a Service's port is not open on another Service's ClusterIP", arguments: Flow.all)
    func foreignPort(flow: Flow) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1]])
        web.ports = [Port(name: "p", transport: flow.transport, port: 80, nodePort: 0)]
        var other = ServiceFixture("other", host: 11, backends: [lab.pods[2]])
        other.ports = [Port(name: "p", transport: flow.transport, port: 81, nodePort: 0)]
        await lab.proxy.apply(web.events + other.events)
        try lab.expectRefused(web.clusterIP[flow.family], 81, flow.transport)
        try lab.expectRefused(other.clusterIP[flow.family], 80, flow.transport)
        #expect(try lab.probe(from: .pod, other.clusterIP[flow.family], 81, flow.transport).server == lab.pods[2].name)
        #expect(lab.proxy.failures == [])
    }

    @Test("51: a Service that is made anew, or under another name, with the same ClusterIP works", arguments: Flow.all)
    func recreated(flow: Flow) async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        await lab.proxy.apply(web.removal)
        // Nobody's address any more: it goes the way of all others.
        let address = web.clusterIP[flow.family]
        #expect(
            try lab.pods[0].namespace.probe(address, port: 80, flow.transport, timeoutMilliseconds: 100) == .timedOut)
        await lab.proxy.apply(web.events)
        #expect(try lab.probe(from: .pod, web.clusterIP[flow.family], 80, flow.transport).server == lab.pods[1].name)
        // The new one may be there before the old one has gone.
        let renamed = ServiceFixture("renamed", backends: [lab.pods[2]])
        await lab.proxy.apply(renamed.events)
        await lab.proxy.apply(web.removal)
        for place in TrafficLab.Place.allCases {
            for (address, port) in [(web.clusterIP, 80), (lab.lab.node.address, 30_080)] as [(DualAddress, UInt16)] {
                let outcome = try lab.probe(from: place, address[flow.family], port, flow.transport)
                #expect(outcome.server == lab.pods[2].name)
            }
        }
        #expect(lab.proxy.failures == [])
    }
}
