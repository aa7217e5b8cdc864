import Dataplane
import Net
import TestSupport
import Testing

/// The statements about policies, external addresses and affinity that the rules alone decide, asked of the planned
/// rules.
@Suite struct PolicyTracerTests {
    typealias Lab = TracerTests.Lab

    enum Source: CaseIterable { case pod, node, outside }

    /// One Service with an external address and a NodePort; endpoint 1 is on this node, 2 and 3 are elsewhere.
    private struct Scene {
        let lab: Lab
        var configuration = DataplaneConfiguration(detector: .podNetworks)
        var port: ServicePort
        var interface = "eth0"

        init(_ lab: Lab) throws {
            self.lab = lab
            let endpoints = try (1...3).map {
                Endpoint(address: try IPAddress(lab.pod($0)), port: 8080, isLocal: $0 == 1)
            }
            port = ServicePort(
                clusterIP: try IPAddress(lab.clusterIP), port: 80, nodePort: 30_080, endpoints: endpoints)
            port.externalAddresses = [ExternalAddress(try IPAddress(external))]
        }

        var external: String { lab.text("203.0.113.80", "2001:db8:80::1") }

        /// Puts endpoint 1, or none, into the Local list.
        mutating func makeLocal(internal isInternal: Bool, external isExternal: Bool, hasEndpoint: Bool = true) {
            port.internalPolicy = isInternal ? .local : .cluster
            port.externalPolicy = isExternal ? .local : .cluster
            port.localEndpoints = hasEndpoint ? port.endpoints.filter(\.isLocal) : []
        }

        func table() throws -> RecordedTable {
            var state = DesiredState()
            let name = ServicePortName(
                namespace: "default", service: "web", port: "", protocol: .tcp, family: lab.family)
            state.servicePorts[name] = port
            state.node.nodePortAddresses = [try IPAddress(lab.node)]
            state.node.podNetworks = [try IPPrefix(lab.podCIDR)]
            state.node.serviceCIDRs = [try IPPrefix(lab.text("10.96.0.0/16", "fd96::/64"))]
            var backend = RecordedBackend(configuration)
            backend.commit(.everything, state)
            #expect(backend.table(lab.family).mistakes == [])
            return backend.table(lab.family)
        }

        func trace(
            _ source: Source, _ destination: String, _ port: UInt16 = 80, random: UInt32 = 1
        ) throws -> TracedVerdict {
            let address = [Source.pod: lab.pod(9), .node: lab.node, .outside: lab.outside][source] ?? ""
            var packet = TracedPacket(from: address, to: destination, port)
            packet.inputInterface = source == .node ? "" : interface
            return PacketTracer.trace(
                packet, source == .node ? .localProcess : .outside, in: try table(),
                localAddresses: [try IPAddress(lab.node)], random: { random % $0 })
        }

        func sent(_ pod: UInt32, masqueraded: Bool) -> TracedVerdict {
            .sent(to: lab.at(lab.pod(pod), 8080), masqueraded: masqueraded, mark: 0)
        }

        /// The frontends that `externalTrafficPolicy` is about.
        var externalFrontends: [(String, UInt16)] { [(external, 80), (lab.node, 30_080)] }
    }

    @Test("5, 6, 7: internalTrafficPolicy Local", arguments: Lab.both)
    func internalLocal(lab: Lab) throws {
        var scene = try Scene(lab)
        scene.makeLocal(internal: true, external: false)
        for source in Source.allCases {
            #expect(try scene.trace(source, lab.clusterIP) == scene.sent(1, masqueraded: source != .pod))
            for (address, port) in scene.externalFrontends {
                #expect(try scene.trace(source, address, port) == scene.sent(2, masqueraded: true))
            }
        }
        scene.makeLocal(internal: true, external: false, hasEndpoint: false)
        for source in Source.allCases { #expect(try scene.trace(source, lab.clusterIP) == .dropped) }
        scene.port.endpoints = []
        for source in Source.allCases { #expect(try scene.trace(source, lab.clusterIP) == .rejected) }
    }

    @Test("8, 16: externalTrafficPolicy Cluster masquerades", arguments: Lab.both)
    func externalCluster(lab: Lab) throws {
        let scene = try Scene(lab)
        for source in Source.allCases {
            for (address, port) in scene.externalFrontends {
                #expect(try scene.trace(source, address, port) == scene.sent(2, masqueraded: true))
            }
        }
    }

    @Test("9, 10, 11, 12, 13: externalTrafficPolicy Local", arguments: Lab.both)
    func externalLocal(lab: Lab) throws {
        for (hasEndpoint, detector) in [(true, true), (false, true), (true, false), (false, false)] {
            var scene = try Scene(lab)
            scene.configuration.detector = detector ? .podNetworks : .none
            scene.makeLocal(internal: false, external: true, hasEndpoint: hasEndpoint)
            let local: TracedVerdict = hasEndpoint ? scene.sent(1, masqueraded: false) : .dropped
            for (address, port) in scene.externalFrontends {
                #expect(try scene.trace(.outside, address, port) == local)
                #expect(try scene.trace(.pod, address, port) == (detector ? scene.sent(2, masqueraded: false) : local))
                #expect(try scene.trace(.node, address, port) == scene.sent(2, masqueraded: true))
            }
            #expect(try scene.trace(.pod, lab.clusterIP) == scene.sent(2, masqueraded: false))
        }
    }

    @Test("13: pods are known by their interface", arguments: Lab.both)
    func interfaces(lab: Lab) throws {
        for detector in [LocalTrafficDetector.bridge("cni0"), .interfacePrefix("veth")] {
            var scene = try Scene(lab)
            scene.configuration.detector = detector
            scene.makeLocal(internal: false, external: true, hasEndpoint: false)
            #expect(try scene.trace(.pod, scene.external) == .dropped)
            #expect(try scene.trace(.pod, lab.clusterIP) == scene.sent(2, masqueraded: true))
            scene.interface = detector == .bridge("cni0") ? "cni0" : "veth12ab"
            #expect(try scene.trace(.pod, scene.external) == scene.sent(2, masqueraded: false))
            #expect(try scene.trace(.pod, lab.clusterIP) == scene.sent(2, masqueraded: false))
            // The node's own packets came in by none.
            #expect(try scene.trace(.node, lab.clusterIP) == scene.sent(2, masqueraded: true))
            scene.interface = "cni01"
            #expect(try scene.trace(.pod, lab.clusterIP) == scene.sent(2, masqueraded: true))
        }
    }

    @Test("14: masqueradeAll leaves external traffic of policy Local alone", arguments: Lab.both)
    func masqueradeAll(lab: Lab) throws {
        var scene = try Scene(lab)
        scene.configuration.masqueradeAll = true
        scene.makeLocal(internal: false, external: true)
        #expect(try scene.trace(.outside, scene.external) == scene.sent(1, masqueraded: false))
        #expect(try scene.trace(.pod, lab.clusterIP) == scene.sent(2, masqueraded: true))
    }

    @Test(
        "20, 23: without endpoints refused; an address of the ServiceCIDR without a Service dropped",
        arguments: Lab.both)
    func nothingThere(lab: Lab) throws {
        var scene = try Scene(lab)
        for source in Source.allCases { #expect(try scene.trace(source, lab.emptyClusterIP) == .dropped) }
        scene.port.endpoints = []
        for policy in [false, true] {
            scene.makeLocal(internal: false, external: policy)
            for source in Source.allCases {
                for (address, port) in scene.externalFrontends + [(lab.clusterIP, 80)] {
                    #expect(try scene.trace(source, address, port) == .rejected)
                }
            }
        }
    }

    @Test("27, 28, 29: source ranges hold for their address alone", arguments: Lab.both)
    func sourceRanges(lab: Lab) throws {
        var scene = try Scene(lab)
        scene.port.externalAddresses = [
            ExternalAddress(try IPAddress(scene.external), allowedSources: [try IPPrefix(lab.podCIDR)])
        ]
        #expect(try scene.trace(.pod, scene.external) == scene.sent(2, masqueraded: true))
        for source in [Source.node, .outside] { #expect(try scene.trace(source, scene.external) == .dropped) }
        for source in Source.allCases {
            #expect(try scene.trace(source, lab.node, 30_080) == scene.sent(2, masqueraded: true))
        }
    }

    @Test("41, 42: a client keeps its endpoint, whichever frontend it uses", arguments: Lab.both)
    func affinity(lab: Lab) throws {
        var scene = try Scene(lab)
        scene.port.affinitySeconds = 10
        // A new client: 1 in 3, then 1 in 2, then the last; a number of 0 draws.
        #expect(try scene.trace(.pod, lab.clusterIP, random: 0) == scene.sent(1, masqueraded: false))
        #expect(try scene.trace(.pod, lab.clusterIP, random: 2) == scene.sent(2, masqueraded: false))
        #expect(try scene.trace(.pod, lab.clusterIP, random: 1) == scene.sent(3, masqueraded: false))
        var table = try scene.table()
        let sets = table.sets.keys.filter { $0.hasPrefix("clients-") }.sorted()
        try #require(sets.count == 3)
        table.sets[sets[2]]?.exact[try IPAddress(lab.pod(9)).bytes] = []
        for (address, port) in scene.externalFrontends + [(lab.clusterIP, 80)] {
            let packet = TracedPacket(from: lab.pod(9), to: address, port)
            let verdict = PacketTracer.trace(
                packet, .outside, in: table, localAddresses: [try IPAddress(lab.node)], random: { _ in 0 })
            #expect(verdict == scene.sent(3, masqueraded: address != lab.clusterIP))
        }
    }
}
