import Net
import Netlink
import Testing

@testable import Dataplane

/// Which flows a change makes wrong.
@Suite struct FlowTableTests {
    private let clusterIP = IPAddress(v4: 0x0A60_000A)
    private let external = IPAddress(v4: 0xCB00_7105)
    private let nodeAddress = IPAddress(v4: 0xC0A8_0701)
    private let client = IPAddress(v4: 0xC0A8_0764)
    private let endpoints = (1...4).map { Endpoint(address: IPAddress(v4: 0x0AF4_0100 + $0), port: 8080) }

    private func name(_ service: String = "dns", _ transport: L4Protocol = .udp) -> ServicePortName {
        ServicePortName(namespace: "default", service: service, port: "", protocol: transport, family: .ipv4)
    }

    private func port(_ endpoints: [Endpoint] = [], nodePort: UInt16? = 30_053, external: Bool = true) -> ServicePort {
        var port = ServicePort(clusterIP: clusterIP, port: 53, nodePort: nodePort, endpoints: endpoints)
        if external { port.externalAddresses = [ExternalAddress(self.external)] }
        return port
    }

    private func table(_ staleTCP: StaleTCP = .keep, counting: TrafficCounting = .off) -> FlowTable {
        var configuration = DataplaneConfiguration()
        configuration.staleTCP = staleTCP
        return FlowTable(FlowPolicy(configuration, counting: counting))
    }

    private func commit(
        _ ports: [ServicePortName: ServicePort?], isFull: Bool = false, nodePortAddresses: Set<IPAddress>? = nil
    ) -> CommittedFlows {
        var commit = CommittedFlows()
        commit.isFull = isFull
        commit.servicePorts = ports
        if let nodePortAddresses {
            var node = NodeState()
            node.nodePortAddresses = nodePortAddresses
            commit.node = node
        }
        return commit
    }

    /// A flow from the client to `destination`, answered by `endpoint`, or by whom it was sent to.
    private func flow(
        to destination: IPAddress, _ port: UInt16, _ endpoint: Endpoint? = nil, _ transport: L4Protocol = .udp
    ) -> ConntrackFlow {
        ConntrackFlow(
            original: FlowTuple(transport, source: client, 40_000, destination: destination, port),
            reply: FlowTuple(
                transport, source: endpoint?.address ?? destination, endpoint?.port ?? port, destination: client,
                40_000), id: 1, isTranslated: endpoint != nil)
    }

    /// To each of the frontends of `port()`.
    private func flows(_ endpoint: Endpoint?, _ transport: L4Protocol = .udp) -> [ConntrackFlow] {
        [
            flow(to: clusterIP, 53, endpoint, transport), flow(to: external, 53, endpoint, transport),
            flow(to: nodeAddress, 30_053, endpoint, transport),
        ]
    }

    private func frontends(_ transport: L4Protocol = .udp) -> Set<Frontend> {
        FlowTarget(name("dns", transport), port()).frontends
    }

    @Test("An endpoint that is gone: the flows of all frontends to it, and no others")
    func endpointGone() {
        var table = table()
        _ = table.apply(
            commit([name(): port([endpoints[0], endpoints[1]])], isFull: true, nodePortAddresses: [nodeAddress]))
        let check = table.apply(commit([name(): port([endpoints[1]])]))
        #expect(check == FlowCheck(frontends: frontends()))
        for flow in flows(endpoints[0]) { #expect(table.isStale(flow, check)) }
        for flow in flows(endpoints[1]) { #expect(!table.isStale(flow, check)) }
        // The same NodePort of an address that is not this node's, and another port.
        #expect(!table.isStale(flow(to: client, 30_053, endpoints[0]), check))
        #expect(!table.isStale(flow(to: clusterIP, 54, endpoints[0]), check))
    }

    @Test("More endpoints make no flow wrong, and nor does what does not change them")
    func nothingWrong() {
        var table = table()
        _ = table.apply(commit([name(): port([endpoints[0]])], isFull: true, nodePortAddresses: [nodeAddress]))
        #expect(table.apply(commit([name(): port([endpoints[0], endpoints[1]])])).isEmpty)
        var other = port([endpoints[0], endpoints[1]])
        other.affinitySeconds = 10
        other.externalPolicy = .local
        other.localEndpoints = [endpoints[1]]
        #expect(table.apply(commit([name(): other])).isEmpty)
        #expect(table.apply(commit([:], nodePortAddresses: [nodeAddress])).isEmpty)
    }

    @Test("A flow stays with an endpoint that is retained, or only local")
    func retained() {
        var table = table()
        _ = table.apply(
            commit([name(): port([endpoints[0], endpoints[1]])], isFull: true, nodePortAddresses: [nodeAddress]))
        var next = port([endpoints[1]])
        next.retainedEndpoints = [endpoints[0]]
        #expect(table.apply(commit([name(): next])).isEmpty)
        next.retainedEndpoints = []
        next.localEndpoints = [endpoints[0]]
        #expect(table.apply(commit([name(): next])).isEmpty)
        let everything = FlowCheck(everything: true)
        for flow in flows(endpoints[0]) + flows(endpoints[1]) { #expect(!table.isStale(flow, everything)) }
    }

    @Test("The first endpoint: flows that went nowhere, or elsewhere")
    func firstEndpoint() {
        var table = table()
        _ = table.apply(commit([name(): port()], isFull: true, nodePortAddresses: [nodeAddress]))
        let check = table.apply(commit([name(): port([endpoints[0]])]))
        #expect(check == FlowCheck(frontends: frontends()))
        for flow in flows(nil) + flows(endpoints[1]) { #expect(table.isStale(flow, check)) }
        for flow in flows(endpoints[0]) { #expect(!table.isStale(flow, check)) }
    }

    @Test("A frontend that appears takes the flows that went past it, one that goes gives up those that it redirected")
    func frontendsComeAndGo() {
        var table = table()
        _ = table.apply(commit([:], isFull: true, nodePortAddresses: [nodeAddress]))
        let appeared = table.apply(commit([name(): port()]))
        #expect(appeared == FlowCheck(frontends: frontends()))
        for flow in flows(nil) { #expect(table.isStale(flow, appeared)) }
        _ = table.apply(commit([name(): port([endpoints[0]])]))
        // A Service that loses its NodePort and its external address keeps the rest.
        let fewer = table.apply(commit([name(): port([endpoints[0]], nodePort: nil, external: false)]))
        #expect(fewer.frontends.count == 2)
        #expect(flows(endpoints[0]).map { table.isStale($0, fewer) } == [false, true, true])
        #expect(flows(nil).map { table.isStale($0, fewer) } == [true, false, false])
        let none = table.apply(commit([name(): nil]))
        #expect(none.frontends.count == 1)
        #expect(table.isStale(flow(to: clusterIP, 53, endpoints[0]), none))
        #expect(!table.isStale(flow(to: clusterIP, 53), none))
    }

    @Test("A Service without endpoints has no flows; a target port that changes is another endpoint")
    func noEndpointsAndTargetPort() {
        var table = table()
        _ = table.apply(commit([name(): port([endpoints[0]])], isFull: true, nodePortAddresses: [nodeAddress]))
        let moved = Endpoint(address: endpoints[0].address, port: 9090)
        let changed = table.apply(commit([name(): port([moved])]))
        for flow in flows(endpoints[0]) { #expect(table.isStale(flow, changed)) }
        for flow in flows(moved) { #expect(!table.isStale(flow, changed)) }
        let none = table.apply(commit([name(): port()]))
        for flow in flows(moved) + flows(nil) { #expect(table.isStale(flow, none)) }
    }

    @Test("A frontend that passes to a Service of another name keeps its flows, in whatever order that comes")
    func renamed() {
        for _ in 0..<20 {
            var table = table()
            _ = table.apply(
                commit([name("a"): port([endpoints[0]])], isFull: true, nodePortAddresses: [nodeAddress]))
            let check = table.apply(commit([name("a"): nil, name("b"): port([endpoints[0]])]))
            for flow in flows(endpoints[0]) {
                #expect(!table.isStale(flow, check))
                #expect(table.owner(of: flow) == name("b"))
            }
        }
    }

    @Test("NodePort addresses that change make the flows to NodePorts worth a look")
    func nodeAddresses() {
        var table = table()
        _ = table.apply(commit([name(): port([endpoints[0]])], isFull: true, nodePortAddresses: [nodeAddress]))
        let check = table.apply(commit([:], nodePortAddresses: [client]))
        #expect(check.frontends == frontends().filter { $0.address == nil })
        #expect(table.isStale(flow(to: nodeAddress, 30_053, endpoints[0]), check))
        #expect(!table.isStale(flow(to: nodeAddress, 30_053), check))
        #expect(table.isStale(flow(to: client, 30_053), check))
    }

    @Test("After a full sync all frontends are looked at, by one list a protocol")
    func fullSync() {
        var table = table()
        _ = table.apply(commit([name("gone"): port([endpoints[0]])], isFull: true, nodePortAddresses: [nodeAddress]))
        let check = table.apply(
            commit([name("new"): port([endpoints[1]], nodePort: nil, external: false)], isFull: true))
        #expect(check.everything)
        #expect(check.filters(known: table.clearedFrontends) == [ConntrackFilter(.ipv4, .udp)])
        // Those of the one that has gone.
        #expect(table.isStale(flow(to: external, 53, endpoints[0]), check))
        #expect(!table.isStale(flow(to: external, 53), check))
        #expect(!table.isStale(flow(to: clusterIP, 53, endpoints[1]), check))
        #expect(!table.isStale(flow(to: nodeAddress, 12_345), check))
    }

    @Test("TCP and SCTP flows are left alone, unless they are to be reset", arguments: [L4Protocol.tcp, .sctp])
    func streams(transport: L4Protocol) {
        let old = commit([name("dns", transport): port(endpoints)], isFull: true, nodePortAddresses: [nodeAddress])
        let new = commit([name("dns", transport): port([endpoints[1]])])
        var keeping = table(counting: .endpoints)
        _ = keeping.apply(old)
        let none = keeping.apply(new)
        #expect(none.isEmpty)
        for flow in flows(endpoints[0], transport) { #expect(!keeping.isStale(flow, FlowCheck(everything: true))) }
        var resetting = table(.reset)
        _ = resetting.apply(old)
        let check = resetting.apply(new)
        #expect(check.frontends == frontends(transport))
        for flow in flows(endpoints[0], transport) { #expect(resetting.isStale(flow, check)) }
        for flow in flows(endpoints[1], transport) + flows(nil, transport) { #expect(!resetting.isStale(flow, check)) }
        #expect(check.filters(known: []).allSatisfy { $0.onlyTranslated })
    }

    @Test("A few frontends are asked for one by one, many at once")
    func filters() {
        var check = FlowCheck()
        for port in 1...UInt16(FlowCheck.singleFrontendLimit) {
            check.frontends.insert(Frontend(address: clusterIP, port: port, protocol: .udp, family: .ipv4))
        }
        #expect(
            Set(check.filters(known: []))
                == Set(
                    (1...UInt16(FlowCheck.singleFrontendLimit)).map {
                        ConntrackFilter(.ipv4, .udp, destination: clusterIP, destinationPort: $0)
                    }))
        check.frontends.insert(Frontend(address: nil, port: 30_053, protocol: .udp, family: .ipv6))
        #expect(
            Set(check.filters(known: [])) == [ConntrackFilter(.ipv4, .udp), ConntrackFilter(.ipv6, .udp)])
    }

    @Test("What does not concern flows is not kept")
    func irrelevant() {
        var desired = DesiredState()
        desired.servicePorts = [name("web", .tcp): port(endpoints), name(): port(endpoints)]
        let quiet = FlowPolicy(DataplaneConfiguration(), counting: .off)
        let counting = FlowPolicy(DataplaneConfiguration(), counting: .servicePorts)
        let dirty = Dirty(servicePorts: [name("web", .tcp), name("gone", .tcp)])
        #expect(CommittedFlows(dirty, desired, refused: [:], quiet).isEmpty)
        #expect(
            CommittedFlows(dirty, desired, refused: [:], counting).servicePorts
                == [name("web", .tcp): port(endpoints), name("gone", .tcp): nil])
        let full = CommittedFlows(.everything, desired, refused: [name("bad"): port()], quiet)
        #expect(full.servicePorts == [name(): port(endpoints), name("bad"): port()])
        #expect(full.isFull && full.node != nil)
    }
}
