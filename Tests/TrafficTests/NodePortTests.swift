import Dataplane
import KubeAPI
import Net
import Netlink
import Proxy
import TestSupport
import Testing

@Suite("NodePort, with real packets", .networkNamespaces, .fewAtATime)
struct NodePortTests {
    private func frontend(_ address: DualAddress, _ port: UInt16 = 30_080) -> ServiceFixture.Frontend {
        ServiceFixture.Frontend(kind: "address", address: address, port: port)
    }

    /// Requires that `name`, which is a server on the node itself, answers.
    private func expectHost(
        _ name: String, _ lab: TrafficLab, from place: TrafficLab.Place, _ address: DualAddress,
        _ port: UInt16 = 30_080,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for flow in Flow.all {
            let outcome = try lab.probe(from: place, address[flow.family], port, flow.transport)
            #expect(
                outcome.server == name, "\(place) → \(address[flow.family]) \(flow.testDescription): \(outcome)",
                sourceLocation: location)
        }
    }

    @Test("17: with 'primary' the same port on the node's other addresses is the host's own")
    func primary() async throws {
        let lab = try TrafficLab()
        let other = LabAddresses.host(51)
        try lab.lab.addAddress(other)
        let host = try lab.lab.node.namespace.serve(
            "host", port: 30_080, on: other.both + LabAddresses.loopback.both + lab.lab.node.gateway.both)
        let web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, [frontend(lab.lab.node.address)], by: [lab.pods[1]], .masqueraded)
        for (place, address) in [
            (TrafficLab.Place.outside, other), (.pod, other), (.node, other), (.node, LabAddresses.loopback),
            (.pod, lab.lab.node.gateway),
        ] {
            try expectHost("host", lab, from: place, address)
        }
        // Never on ClusterIPs and the addresses of load balancers.
        try lab.expectRefused([frontend(web.clusterIP)])
        let beyond = try lab.lab.serveBeyond("beyond", on: web.balancers, port: 30_080)
        for flow in Flow.all {
            #expect(
                try lab.probe(from: .pod, web.balancers[0][flow.family], 30_080, flow.transport).server == "beyond")
        }
        beyond.stop()
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("17: with 'primary' NodePorts follow the addresses of the Node object")
    func nodeObject() async throws {
        let lab = try TrafficLab()
        let other = LabAddresses.host(51)
        try lab.lab.addAddress(other)
        let host = try lab.lab.node.namespace.serve(
            "host", port: 30_080, on: other.both + lab.lab.node.address.both)
        let web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        try expectHost("host", lab, from: .outside, other)
        var node = Node(lab.lab.node)
        node.status.addresses = other.both.map { NodeStatus.Address(type: "InternalIP", address: $0.description) }
        await lab.proxy.apply([.node(.modified(node))])
        lab.forgetDatagrams()
        try lab.expectAnswers(from: [.pod, .outside], [frontend(other)], by: [lab.pods[1]], .masqueraded)
        try expectHost("host", lab, from: .outside, lab.lab.node.address)
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("17: with networks NodePorts are answered there, and follow addresses that come and go")
    func networks() async throws {
        let second = [LabAddresses.prefix(IPAddress(v4: 0xC0A8_0730), 28), LabAddresses.host(51).prefixes[1]]
        let lab = try TrafficLab(nodePortAddresses: .networks(second))
        let web = ServiceFixture(backends: [lab.pods[1]])
        let host = try lab.lab.node.namespace.serve("host", port: 30_080, on: lab.lab.node.address.both)
        await lab.proxy.apply(web.events)
        try expectHost("host", lab, from: .outside, lab.lab.node.address)
        let other = LabAddresses.host(51)
        try lab.lab.addAddress(other)
        for family in IPFamily.allCases {
            let answer = Probe.Outcome.answered(by: lab.pods[1].name, source: lab.masqueraded(family)(lab.pods[1]))
            try await eventually { try lab.probe(from: .outside, other[family], 30_080) == answer }
        }
        try lab.expectAnswers(from: TrafficLab.Place.standard, [frontend(other)], by: [lab.pods[1]], .masqueraded)
        try expectHost("host", lab, from: .outside, lab.lab.node.address)
        try lab.lab.removeAddress(other)
        try await eventually {
            try IPFamily.allCases.allSatisfy { family in
                try CanonicalTable(NFTDocument(of: lab.lab.node.namespace), family: family.tableFamily)
                    .sets["node-ips"] == nil
            }
        }
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("17: with 'all' every address of the node answers, but for loopback")
    func all() async throws {
        let lab = try TrafficLab(nodePortAddresses: .all)
        let other = LabAddresses.host(51)
        try lab.lab.addAddress(other)
        let host = try lab.lab.node.namespace.serve("host", port: 30_080, on: LabAddresses.loopback.both)
        let web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        for family in IPFamily.allCases {
            try await eventually { try lab.probe(from: .outside, other[family], 30_080).server == lab.pods[1].name }
        }
        try lab.expectAnswers(
            from: TrafficLab.Place.standard, [frontend(lab.lab.node.address), frontend(other)], by: [lab.pods[1]],
            .masqueraded)
        try lab.expectAnswers(from: [.pod, .node], [frontend(lab.lab.node.gateway)], by: [lab.pods[1]], .masqueraded)
        try expectHost("host", lab, from: .node, LabAddresses.loopback)
        try lab.expectRefused([frontend(web.clusterIP)])
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("17: NodePorts on 127.0.0.1 where that is asked for, and never on ::1")
    func localhost() async throws {
        var dataplane = DataplaneConfiguration(detector: .podNetworks)
        dataplane.localhostNodePorts = true
        let lab = try TrafficLab(dataplane: dataplane)
        var web = ServiceFixture.everywhere(backends: [lab.pods[1], lab.pods[3]])
        let host = try lab.lab.node.namespace.serve("host", port: 30_080, on: [LabAddresses.loopback.v6])
        // Without it the kernel routes nothing from 127.0.0.1 to a pod.
        try lab.lab.node.namespace.run { try Sysctl.write("net.ipv4.conf.all.route_localnet", "1") }
        await lab.proxy.apply(web.events)
        for policy in ServiceFixture.Policy.allCases {
            web.externalPolicy = policy
            await lab.proxy.apply(web.serviceEvents)
            for transport in [L4Protocol.tcp, .udp] {
                try lab.expectAnswers(
                    from: .node, LabAddresses.loopback.v4, 30_080, transport, by: [lab.pods[1], lab.pods[3]],
                    source: lab.masqueraded(.ipv4))
                #expect(try lab.probe(from: .node, LabAddresses.loopback.v6, 30_080, transport).server == "host")
            }
        }
        // What else is there on loopback is the host's.
        let other = try lab.lab.node.namespace.serve("other", port: 80, on: [LabAddresses.loopback.v4])
        #expect(try lab.probe(from: .node, LabAddresses.loopback.v4, 80).server == "other")
        web.backends = []
        await lab.proxy.apply(web.endpointEvents)
        try lab.expectRefused(from: [.node], LabAddresses.loopback.v4, 30_080, .tcp)
        other.stop()
        host.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("57: another node's NodePort is that node's, from pods, the node and outside")
    func otherNode() async throws {
        let lab = try TrafficLab()
        let other = try lab.lab.otherNode.namespace.serve("other", port: 30_080)
        for policy in ServiceFixture.Policy.allCases {
            var web = ServiceFixture.everywhere(backends: [lab.pods[1]])
            web.externalPolicy = policy
            await lab.proxy.apply(web.events)
            let address = lab.lab.otherNode.address
            for place in TrafficLab.Place.standard {
                for flow in Flow.all {
                    #expect(
                        try lab.probe(from: place, address[flow.family], 30_080, flow.transport)
                            == .answered(by: "other", source: lab.address(of: place)[flow.family]))
                }
            }
        }
        other.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("Servers of the node's own are not shadowed by Services on the same ports of other addresses")
    func ownServers() async throws {
        let lab = try TrafficLab()
        let hosts = try [80, 8080].map { port in
            try lab.lab.node.namespace.serve("host-\(port)", port: UInt16(port), on: lab.lab.node.address.both)
        }
        let web = ServiceFixture.everywhere(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        for place in TrafficLab.Place.standard {
            try expectHost("host-80", lab, from: place, lab.lab.node.address, 80)
            try expectHost("host-8080", lab, from: place, lab.lab.node.address, 8080)
        }
        for host in hosts { host.stop() }
        #expect(lab.proxy.failures == [])
    }
}
