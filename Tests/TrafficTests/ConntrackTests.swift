import Dataplane
import KubeAPI
import Net
import Netlink
import TestSupport
import Testing

@Suite("Flows and what becomes of them, with real packets", .networkNamespaces, .fewAtATime)
struct ConntrackTests {
    @Test("35: a UDP flow moves on when its endpoint is removed, and no other flow does", arguments: IPFamily.allCases)
    func endpointRemoved(family: IPFamily) async throws {
        let lab = try TrafficLab()
        let servers = [lab.pods[1], lab.pods[3]]
        var web = ServiceFixture(backends: servers)
        await lab.proxy.apply(web.events)
        // Enough that both endpoints have some.
        let flows = (0..<6).flatMap { lab.fixedFlows(web, family, firstPort: 41_000 + 100 * $0) }
        let before = try flows.map { flow in
            (
                flow: flow, server: try flow.ask(timeoutMilliseconds: 5000).server,
                entry: try #require(try flow.entry())
            )
        }
        #expect(Set(before.map(\.server)) == Set(servers.map(\.name)))
        web.backends = [.init(lab.pods[3])]
        await lab.proxy.apply(web.endpointEvents)
        for (flow, server, _) in before where server == lab.pods[1].name {
            try await eventually { try flow.ask().server == lab.pods[3].name }
        }
        for (flow, server, entry) in before where server == lab.pods[3].name {
            #expect(try flow.ask(timeoutMilliseconds: 5000).server == lab.pods[3].name)
            #expect(try #require(try flow.entry()).id == entry.id)
        }
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "A flow that begins right after its endpoint came is not judged by what was before",
        arguments: IPFamily.allCases)
    func begunAfter(family: IPFamily) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        for round in 0..<10 {
            web.backends = []
            await lab.proxy.apply(web.endpointEvents)
            web.backends = [.init(lab.pods[1])]
            await lab.proxy.apply(web.endpointEvents)
            let flows = lab.fixedFlows(web, family, firstPort: 41_000 + 10 * UInt16(round))
            let entries = try flows.map { flow in
                #expect(try flow.ask(timeoutMilliseconds: 5000).isAnswer)
                return try flow.entry()?.id
            }
            try await lab.flowsSettled()
            #expect(try flows.map { try $0.entry()?.id } == entries)
            #expect(!entries.contains(nil))
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("35: UDP flows end with the last endpoint, and with the Service", arguments: IPFamily.allCases)
    func nothingLeft(family: IPFamily) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        let flows = lab.fixedFlows(web, family)
        for flow in flows { #expect(try flow.ask(timeoutMilliseconds: 5000).isAnswer) }
        web.backends = []
        await lab.proxy.apply([.endpointSlice(.modified(web.slice("a", family)))])
        for flow in flows {
            try await eventually { try flow.entry() == nil }
            #expect(try flow.ask(timeoutMilliseconds: 5000).isRefusal(from: .node, .udp))
        }
        // And where only the Service goes.
        web.backends = [.init(lab.pods[1])]
        await lab.proxy.apply(web.endpointEvents)
        for flow in flows { try await eventually { try flow.ask().isAnswer } }
        await lab.proxy.apply([.service(.deleted(web.service))])
        for flow in flows { try await eventually { try flow.entry() == nil } }
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "36: a UDP flow that began before there was a Service, or an endpoint, recovers", arguments: IPFamily.allCases)
    func begunBefore(family: IPFamily) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture()
        // Before the first rules nothing is tracked.
        await lab.proxy.settled()
        // From the node itself there is no flow to an address that nobody has: it is refused by the route.
        let flows = lab.fixedFlows(web, family).filter {
            $0.source.address != lab.lab.node.address[family] || $0.target.port == 30_080
        }
        for flow in flows {
            _ = try flow.ask(timeoutMilliseconds: 50)
            let entry = try #require(try flow.entry(), "\(flow.source) → \(flow.target)")
            #expect(IPAddress(parsing: entry.replySource) == flow.target.address)
        }
        // A Service without endpoints does away with them already.
        await lab.proxy.apply(web.events)
        for flow in flows { try await eventually { try flow.entry() == nil } }
        await lab.proxy.apply([.service(.deleted(web.service))])
        // The second look takes flows to what has gone that begin before it, too.
        try await lab.flowsSettled()
        for flow in flows {
            _ = try flow.ask(timeoutMilliseconds: 50)
            #expect(try flow.entry() != nil)
        }
        web.backends = [.init(lab.pods[1])]
        await lab.proxy.apply(web.events)
        for flow in flows { try await eventually { try flow.ask().server == lab.pods[1].name } }
        #expect(lab.proxy.failures == [])
    }

    @Test(
        "35, 36: a UDP flow to an external address recovers, moves on, and ends with it", arguments: IPFamily.allCases)
    func externalAddress(family: IPFamily) async throws {
        let lab = try Lab()
        // Addresses that the client sends over node 1, and that no Service has.
        let externals = [LabAddresses.service(200)[family], LabAddresses.service(201)[family]]
        let model = try ModelUnderTest(in: lab.node.namespace)
        defer { model.stop() }
        let name = ServicePortName(namespace: "default", service: "dns", port: "", protocol: .udp, family: family)
        var node = NodeState()
        node.podNetworks = Set(LabAddresses.clusterCIDRs)
        await model.apply(DesiredChanges(node: node))
        let flows = [(lab.pods[0].namespace, lab.pods[0].address), (lab.client, lab.clientAddress)].flatMap { client in
            externals.enumerated().map { index, external in
                FixedFlow(
                    namespace: client.0, source: SocketAddress(client.1[family], port: 41_000 + UInt16(index)),
                    target: SocketAddress(external, port: 80), node: lab.node.namespace)
            }
        }
        for flow in flows {
            _ = try flow.ask(timeoutMilliseconds: 50)
            #expect(try flow.entry() != nil)
        }
        let endpoints = [lab.pods[1], lab.pods[3]].map {
            Endpoint(address: $0.address[family], port: Lab.serverPort, isLocal: $0.node == 1)
        }
        var port = ServicePort(clusterIP: LabAddresses.service(10)[family], port: 80, endpoints: [endpoints[0]])
        port.externalAddresses = externals.map { ExternalAddress($0) }
        await model.apply(DesiredChanges(servicePorts: [name: port]))
        for flow in flows { try await eventually { try flow.ask().server == lab.pods[1].name } }
        port.endpoints = [endpoints[1]]
        await model.apply(DesiredChanges(servicePorts: [name: port]))
        for flow in flows { try await eventually { try flow.ask().server == lab.pods[3].name } }
        port.externalAddresses.removeLast()
        await model.apply(DesiredChanges(servicePorts: [name: port]))
        for flow in flows {
            if flow.target.address == externals[0] {
                #expect(try flow.ask(timeoutMilliseconds: 5000).server == lab.pods[3].name)
            } else {
                try await eventually { try flow.entry() == nil }
            }
        }
        #expect(model.failures == [])
    }

    @Test("37: a UDP flow follows the target port", arguments: IPFamily.allCases)
    func targetPort(family: IPFamily) async throws {
        let lab = try TrafficLab()
        let other = try lab.pods[1].namespace.serve("other", port: 9001)
        var web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        let flows = lab.fixedFlows(web, family)
        for flow in flows { #expect(try flow.ask(timeoutMilliseconds: 5000).server == lab.pods[1].name) }
        web.targets = ["a": 9001]
        await lab.proxy.apply(web.endpointEvents)
        for flow in flows { try await eventually { try flow.ask().server == "other" } }
        other.stop()
        #expect(lab.proxy.failures == [])
    }

    @Test("52: UDP flows outlive the daemon, but not an endpoint that goes meanwhile", arguments: IPFamily.allCases)
    func restart(family: IPFamily) async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        let flows = (0..<6).flatMap { lab.fixedFlows(web, family, firstPort: 41_000 + 100 * $0) }
        let before = try flows.map { flow in
            (try flow.ask(timeoutMilliseconds: 5000), try #require(try flow.entry()).id)
        }
        lab.proxy.stop()
        try await lab.proxy.start()
        try await lab.flowsSettled()
        for (flow, (answer, id)) in zip(flows, before) {
            #expect(try flow.ask(timeoutMilliseconds: 5000) == answer)
            #expect(try flow.entry()?.id == id)
        }
        #expect(lab.proxy.flows.statistics.cleared == 0)
        lab.proxy.stop()
        web.backends = [.init(lab.pods[3])]
        lab.proxy.submit(web.endpointEvents)
        try await lab.proxy.start()
        for (flow, (answer, id)) in zip(flows, before) {
            try await eventually { try flow.ask().server == lab.pods[3].name }
            if answer.server == lab.pods[3].name { #expect(try flow.entry()?.id == id) }
        }
        #expect(lab.proxy.failures == [])
    }

    @Test("A change lists what it concerns, however many flows there are")
    func manyFlows() async throws {
        let lab = try TrafficLab()
        var web = ServiceFixture(backends: [lab.pods[1], lab.pods[3]])
        await lab.proxy.apply(web.events)
        try await lab.flowsSettled()
        let flow = lab.fixedFlows(web, .ipv4)[0]
        #expect(try flow.ask(timeoutMilliseconds: 5000).isAnswer)
        let unrelated = (0..<20_000).map {
            "-I -p udp -s 198.51.100.1 -d 203.0.113.\($0 % 200) --sport \($0 + 1000) --dport 5353 --timeout 300\n"
        }
        try Tool.run("conntrack", "-R", "-", in: lab.lab.node.namespace, input: unrelated.joined())
        let before = lab.proxy.flows.statistics
        web.backends = [.init(lab.pods[2])]
        await lab.proxy.apply(web.endpointEvents)
        try await eventually { try flow.ask().server == lab.pods[2].name }
        try await lab.flowsSettled()
        let after = lab.proxy.flows.statistics
        // The one flow, as it was and as it is, in the two looks.
        #expect((1...3).contains(after.listed - before.listed))
        #expect(after.cleared == before.cleared + 1)
        #expect(lab.proxy.failures == [])
    }

    @Test("TCP connections outlive their endpoint, or are reset where that is asked for", arguments: StaleTCP.allCases)
    func streams(staleTCP: StaleTCP) async throws {
        var configuration = DataplaneConfiguration(detector: .podNetworks)
        configuration.staleTCP = staleTCP
        let lab = try TrafficLab(dataplane: configuration)
        var web = ServiceFixture(backends: [lab.pods[1]])
        await lab.proxy.apply(web.events)
        let targets = IPFamily.allCases.flatMap { family in
            [
                SocketAddress(web.clusterIP[family], port: 80),
                SocketAddress(lab.lab.node.address[family], port: 30_080),
            ]
        }
        var connections = TrafficLab.Place.standard.flatMap { place in
            targets.map { (place, HeldConnection(Probe($0, timeoutMilliseconds: 5000))) }
        }
        for index in connections.indices {
            #expect(try lab.namespace(connections[index].0).run { connections[index].1.ask() }.isAnswer)
        }
        web.backends = [.init(lab.pods[3])]
        await lab.proxy.apply(web.endpointEvents)
        try await lab.flowsSettled()
        for index in connections.indices {
            let outcome = try lab.namespace(connections[index].0).run { connections[index].1.ask() }
            switch staleTCP {
            case .keep: #expect(outcome.server == lab.pods[1].name)
            case .reset: #expect(outcome == .reset)
            }
        }
        #expect(lab.proxy.failures == [])
    }
}
