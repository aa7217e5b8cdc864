import KubeAPI
import Net
import Proxy
import TestSupport
import Testing

@Suite("Which frontends answer, with real packets", .networkNamespaces, .fewAtATime)
struct FrontendTests {
    private typealias Port = ServiceFixture.Port
    private typealias Frontend = ServiceFixture.Frontend

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

    @Test("22: a port of a load balancer's or external address that is no Service's is not ours")
    func wrongExternalPort() async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        let beyond = try lab.lab.serveBeyond("beyond", on: web.externalIPs + web.balancers, port: 81)
        await lab.proxy.apply(web.events)
        for frontend in web.external(lab.lab).filter({ $0.kind != "NodePort" }) {
            for flow in Flow.all {
                let outcome = try lab.probe(from: .pod, frontend.address[flow.family], 81, flow.transport)
                #expect(outcome.server == "beyond", "\(frontend) \(flow.testDescription)")
            }
        }
        beyond.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("23: an address of the Service network that no Service has is dropped, from P, N and X")
    func unallocated() async throws {
        let lab = try TrafficLab(serviceCIDRs: LabAddresses.serviceCIDRs)
        let web = ServiceFixture(backends: [lab.pods[1]])
        let nobody = LabAddresses.service(99)
        let beyond = try lab.lab.serveBeyond("beyond", on: [nobody, web.clusterIP], port: 80)
        await lab.proxy.apply(web.events)
        try lab.expectDropped([Frontend(kind: "unallocated", address: nobody, port: 80)])
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
        try lab.expectRefused([Frontend(kind: "wrong port", address: web.clusterIP, port: 81)])
        // A Service gets it, and loses it.
        var other = ServiceFixture("other", host: 99, backends: [lab.pods[2]])
        other.ports = other.ports.map { Port(name: $0.name, transport: $0.transport, nodePort: 0) }
        await lab.proxy.apply(other.events)
        try lab.expectAnswers(from: [.pod], [other.cluster], by: [lab.pods[2]], .own)
        await lab.proxy.apply(other.removal)
        try lab.expectDropped([other.cluster])
        beyond.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("23: where no Service network is known, nothing is dropped")
    func noServiceCIDR() async throws {
        let lab = try TrafficLab()
        let nobody = LabAddresses.service(99)
        let beyond = try lab.lab.serveBeyond("beyond", on: [nobody], port: 80)
        await lab.proxy.apply(ServiceFixture(backends: [lab.pods[1]]).events)
        for flow in Flow.all {
            #expect(try lab.probe(from: .pod, nobody[flow.family], 80, flow.transport).server == "beyond")
        }
        beyond.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("24: TCP and UDP on the same number are two Services, on every frontend")
    func sameNumber() async throws {
        let lab = try TrafficLab()
        let (tcp, udp) = try (
            lab.pods[1].namespace.serve("tcp", port: 9001), lab.pods[2].namespace.serve("udp", port: 9002)
        )
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        web.ports = [Port(name: "t", transport: .tcp, target: 9001)]
        var dns = ServiceFixture.everywhere("dns", host: 10, backends: [lab.pods[2]])
        dns.ports = [Port(name: "u", transport: .udp, target: 9002)]
        await lab.proxy.apply(web.events + dns.events)
        for family in IPFamily.allCases {
            for frontend in web.all(lab.lab) {
                #expect(
                    try lab.probe(from: .outside, frontend.address[family], frontend.port, .tcp).server == "tcp",
                    "\(frontend)")
                #expect(
                    try lab.probe(from: .outside, frontend.address[family], frontend.port, .udp).server == "udp",
                    "\(frontend)")
            }
        }
        // The address is both Services': one goes, the other stays.
        await lab.proxy.apply(dns.removal)
        for family in IPFamily.allCases {
            for frontend in web.all(lab.lab) {
                #expect(try lab.probe(from: .pod, frontend.address[family], frontend.port, .tcp).server == "tcp")
            }
            try lab.expectRefused(web.clusterIP[family], 80, .udp)
        }
        tcp.stop()
        udp.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("25: a Service's port is not open on another Service's addresses")
    func foreignPort() async throws {
        let lab = try TrafficLab()
        var (web, other) = (
            ServiceFixture(backends: [lab.pods[1]]), ServiceFixture("other", host: 11, backends: [lab.pods[2]])
        )
        web.ports = [80, 82].flatMap { port in
            [L4Protocol.tcp, .udp].map { Port(name: "\($0)-\(port)", transport: $0, port: port, nodePort: 0) }
        }
        other.ports = web.ports.map { Port(name: $0.name, transport: $0.transport, port: $0.port + 1, nodePort: 0) }
        await lab.proxy.apply(web.events + other.events)
        try lab.expectRefused([
            Frontend(kind: "web", address: web.clusterIP, port: 81),
            Frontend(kind: "other", address: other.clusterIP, port: 80),
            Frontend(kind: "other", address: other.clusterIP, port: 82),
        ])
        for port in [81, 83] as [UInt16] {
            let frontend = Frontend(kind: "other", address: other.clusterIP, port: port)
            try lab.expectAnswers(from: [.pod], [frontend], by: [lab.pods[2]], .own)
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("49: a Service with the label of another proxy is not served, also when the label comes later")
    func otherProxy() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        let beyond = try lab.lab.serveBeyond("beyond", on: [web.clusterIP] + web.externalIPs + web.balancers, port: 80)
        let host = try lab.lab.node.namespace.serve("host", port: 30_080, on: lab.lab.node.address.both)
        func expectServers(_ name: (Frontend) -> String, _ location: SourceLocation = #_sourceLocation) throws {
            lab.forgetDatagrams()
            for frontend in web.all(lab.lab) {
                for flow in Flow.all {
                    let outcome = try lab.probe(
                        from: .pod, frontend.address[flow.family], frontend.port, flow.transport)
                    #expect(outcome.server == name(frontend), "\(frontend)", sourceLocation: location)
                }
            }
        }
        for _ in 0..<2 {
            web.labels = ["service.kubernetes.io/service-proxy-name": "other"]
            await lab.proxy.apply(web.events)
            try expectServers { $0.kind == "NodePort" ? "host" : "beyond" }
            web.labels = [:]
            await lab.proxy.apply(web.serviceEvents)
            try expectServers { _ in lab.pods[1].name }
        }
        beyond.stop()
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("50: slices of headless Services are not used, headless and ExternalName Services are not served")
    func headless() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        web.sliceLabels = [EndpointSlice.headlessLabel: ""]
        await lab.proxy.apply(web.events)
        try lab.expectRefused(from: [.pod], web.all(lab.lab))
        web.sliceLabels = [:]
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
        // As ExternalName, and as headless Service, it keeps nothing.
        let beyond = try lab.lab.serveBeyond("beyond", on: [web.clusterIP] + web.externalIPs, port: 80)
        var external = web.service
        external.spec.type = "ExternalName"
        external.spec.externalName = "example.org"
        var headless = web.service
        headless.spec.clusterIP = "None"
        headless.spec.clusterIPs = ["None"]
        for service in [external, headless] {
            await lab.proxy.apply([.service(.modified(service))])
            lab.forgetDatagrams()
            for address in [web.clusterIP] + web.externalIPs {
                for flow in Flow.all {
                    #expect(try lab.probe(from: .pod, address[flow.family], 80, flow.transport).server == "beyond")
                }
            }
            await lab.proxy.apply(web.serviceEvents)
            lab.forgetDatagrams()
            try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
        }
        beyond.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("51: a Service that is made anew, or under another name, with the same addresses works")
    func recreated() async throws {
        let lab = try TrafficLab()
        let web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        let beyond = try lab.lab.serveBeyond("beyond", on: [web.clusterIP], port: 80)
        await lab.proxy.apply(web.events)
        await lab.proxy.apply(web.removal)
        // Nobody's address any more: it goes the way of all others.
        for flow in Flow.all {
            #expect(try lab.probe(from: .pod, web.clusterIP[flow.family], 80, flow.transport).server == "beyond")
        }
        lab.forgetDatagrams()
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(from: [.pod], [web.cluster], by: [lab.pods[1]], .own)
        // The new one may be there before the old one has gone.
        var renamed = ServiceFixture.everywhere("renamed", backends: [lab.pods[2]])
        await lab.proxy.apply(renamed.events)
        await lab.proxy.apply(web.removal)
        lab.forgetDatagrams()
        try lab.expectAnswers(from: [.pod], [renamed.cluster], by: [lab.pods[2]], .own)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, renamed.external(lab.lab), by: [lab.pods[2]], .masqueraded)
        // An address that a Service gives up is the other's.
        var other = ServiceFixture.everywhere("other", host: 11, backends: [lab.pods[1]])
        other.ports = other.ports.map { Port(name: $0.name, transport: $0.transport, nodePort: 0) }
        let moved = renamed.balancers
        renamed.balancers = []
        other.balancers = moved
        await lab.proxy.apply(renamed.serviceEvents + other.events)
        try lab.expectAnswers(from: [.outside], other.balancerFrontends, by: [lab.pods[1]], .masqueraded)
        beyond.stop()
        #expect(lab.proxy.failures == [])
    }
}
