import Dataplane
import Net
import TestSupport
import Testing

/// The acceptance statements that the rules alone decide, asked of the planned rules: a verdict survives a
/// refactoring of the rules, a golden text does not.
@Suite struct TracerTests {
    /// Addresses of one family: `host` is replaced in the pattern.
    struct Lab: CustomTestStringConvertible {
        let family: IPFamily
        var testDescription: String { "\(family)" }

        static let both = [Lab(family: .ipv4), Lab(family: .ipv6)]

        func text(_ v4: String, _ v6: String) -> String { family == .ipv4 ? v4 : v6 }
        var clusterIP: String { text("10.96.0.10", "fd96::10") }
        var emptyClusterIP: String { text("10.96.0.11", "fd96::11") }
        var node: String { text("192.168.9.1", "fd09::1") }
        var otherNode: String { text("192.168.9.2", "fd09::2") }
        var outside: String { text("203.0.113.7", "2001:db8::7") }
        var podCIDR: String { text("10.244.0.0/16", "fd44::/48") }
        func pod(_ number: UInt32) -> String { text("10.244.0.\(number)", "fd44::\(number)") }
        func at(_ address: String, _ port: UInt16) -> String { text("\(address):\(port)", "[\(address)]:\(port)") }

        func table(
            _ configuration: DataplaneConfiguration = DataplaneConfiguration(detector: .podNetworks),
            endpoints count: UInt32 = 3
        ) throws -> RecordedTable {
            var state = DesiredState()
            let web = ServicePortName(
                namespace: "default", service: "web", port: "", protocol: .tcp, family: family)
            let empty = ServicePortName(
                namespace: "default", service: "empty", port: "", protocol: .tcp, family: family)
            let endpoints = try (1..<count + 1).map {
                Endpoint(address: try IPAddress(pod($0)), port: 8080, isLocal: $0 == 1)
            }
            state.servicePorts[web] = ServicePort(
                clusterIP: try IPAddress(clusterIP), port: 80, nodePort: 30_080, endpoints: endpoints)
            state.servicePorts[empty] = ServicePort(
                clusterIP: try IPAddress(emptyClusterIP), port: 80, nodePort: 30_081)
            state.node.nodePortAddresses = [try IPAddress(node)]
            state.node.podNetworks = [try IPPrefix(podCIDR)]
            var backend = RecordedBackend(configuration)
            backend.commit(.everything, state)
            #expect(backend.table(family).mistakes == [])
            return backend.table(family)
        }

        func trace(
            _ source: String, _ destination: String, _ port: UInt16, _ proto: L4Protocol = .tcp,
            _ origin: PacketTracer.Origin = .outside, mark: UInt32 = 0, in table: RecordedTable,
            random: @escaping (UInt32) -> UInt32 = { $0 - 1 }
        ) throws -> TracedVerdict {
            var packet = TracedPacket(from: source, to: destination, port, proto)
            packet.mark = mark
            return PacketTracer.trace(packet, origin, in: table, localAddresses: [try IPAddress(node)], random: random)
        }
    }

    private func sent(_ lab: Lab, _ pod: UInt32, masqueraded: Bool, mark: UInt32 = 0) -> TracedVerdict {
        .sent(to: lab.at(lab.pod(pod), 8080), masqueraded: masqueraded, mark: mark)
    }

    @Test(
        "1, 2, 3: ClusterIP from a pod keeps its source, from node and outside it is masqueraded", arguments: Lab.both)
    func clusterIP(lab: Lab) throws {
        let table = try lab.table()
        #expect(try lab.trace(lab.pod(9), lab.clusterIP, 80, in: table) == sent(lab, 2, masqueraded: false))
        #expect(
            try lab.trace(lab.node, lab.clusterIP, 80, .tcp, .localProcess, in: table)
                == sent(lab, 2, masqueraded: true))
        #expect(try lab.trace(lab.outside, lab.clusterIP, 80, in: table) == sent(lab, 2, masqueraded: true))
    }

    @Test("4: without a detector nothing is masqueraded, with masqueradeAll everything", arguments: Lab.both)
    func masqueradePolicies(lab: Lab) throws {
        for isMasqueraded in [false, true] {
            let table = try lab.table(DataplaneConfiguration(masqueradeAll: isMasqueraded))
            for source in [lab.pod(9), lab.outside] {
                #expect(
                    try lab.trace(source, lab.clusterIP, 80, in: table)
                        == sent(lab, 2, masqueraded: isMasqueraded))
            }
        }
    }

    @Test("8: a NodePort is always masqueraded", arguments: Lab.both)
    func nodePort(lab: Lab) throws {
        let table = try lab.table()
        for source in [lab.pod(9), lab.outside] {
            #expect(try lab.trace(source, lab.node, 30_080, in: table) == sent(lab, 2, masqueraded: true))
        }
        #expect(
            try lab.trace(lab.node, lab.node, 30_080, .tcp, .localProcess, in: table)
                == sent(lab, 2, masqueraded: true))
    }

    @Test("17, 57: only this node's NodePort addresses answer", arguments: Lab.both)
    func nodePortAddresses(lab: Lab) throws {
        let table = try lab.table()
        for address in [lab.otherNode, lab.text("127.0.0.1", "::1")] {
            #expect(
                try lab.trace(lab.pod(9), address, 30_080, in: table)
                    == .sent(to: lab.at(address, 30_080), masqueraded: false, mark: 0))
        }
        #expect(try lab.trace(lab.pod(9), lab.clusterIP, 30_080, in: table) == .rejected)
    }

    @Test("18, 19: hairpin is masqueraded, another pod of this node is not", arguments: Lab.both)
    func hairpin(lab: Lab) throws {
        let table = try lab.table()
        #expect(
            try lab.trace(lab.pod(1), lab.clusterIP, 80, in: table, random: { _ in 0 })
                == sent(lab, 1, masqueraded: true))
        #expect(
            try lab.trace(lab.pod(2), lab.clusterIP, 80, in: table, random: { _ in 0 })
                == sent(lab, 1, masqueraded: false))
    }

    @Test("20: without endpoints a connection is refused", arguments: Lab.both)
    func noEndpoints(lab: Lab) throws {
        let table = try lab.table()
        for (source, origin) in [
            (lab.pod(9), PacketTracer.Origin.outside), (lab.node, .localProcess), (lab.outside, .outside),
        ] {
            #expect(try lab.trace(source, lab.emptyClusterIP, 80, .tcp, origin, in: table) == .rejected)
        }
        #expect(try lab.trace(lab.outside, lab.node, 30_081, in: table) == .rejected)
    }

    @Test("22, 24, 25: another port or protocol of a ClusterIP is refused", arguments: Lab.both)
    func wrongPort(lab: Lab) throws {
        let table = try lab.table()
        #expect(try lab.trace(lab.pod(9), lab.clusterIP, 81, in: table) == .rejected)
        #expect(try lab.trace(lab.pod(9), lab.clusterIP, 80, .udp, in: table) == .rejected)
        #expect(try lab.trace(lab.node, lab.clusterIP, 81, .tcp, .localProcess, in: table) == .rejected)
        #expect(
            try lab.trace(lab.outside, lab.node, 30_080, .udp, in: table)
                == .sent(to: lab.at(lab.node, 30_080), masqueraded: false, mark: 0))
    }

    @Test("47: other bits of the mark are preserved", arguments: Lab.both)
    func markBits(lab: Lab) throws {
        let table = try lab.table()
        #expect(
            try lab.trace(lab.outside, lab.clusterIP, 80, mark: 0xA5, in: table)
                == sent(lab, 2, masqueraded: true, mark: 0xA5))
    }

    @Test("What is no service passes untouched", arguments: Lab.both)
    func otherTraffic(lab: Lab) throws {
        let table = try lab.table()
        #expect(
            try lab.trace(lab.pod(1), lab.outside, 443, in: table)
                == .sent(to: lab.at(lab.outside, 443), masqueraded: false, mark: 0))
        #expect(
            try lab.trace(lab.outside, lab.node, 22, in: table)
                == .sent(to: lab.at(lab.node, 22), masqueraded: false, mark: 0))
    }

    @Test("Every endpoint gets its share", arguments: [1, 2, 3, 5, 8, 9, 17] as [UInt32])
    func shares(count: UInt32) throws {
        let lab = Lab(family: .ipv4)
        let table = try lab.table(endpoints: count)
        var generator = SeededGenerator(seed: UInt64(count))
        var hits: [TracedVerdict: Int] = [:]
        let tries = 1_000 * Int(count)
        for _ in 0..<tries {
            let verdict = try lab.trace(lab.pod(99), lab.clusterIP, 80, in: table) {
                UInt32.random(in: 0..<$0, using: &generator)
            }
            hits[verdict, default: 0] += 1
        }
        #expect(hits.count == Int(count))
        for (_, share) in hits { #expect((850...1_150).contains(share)) }
    }

    @Test("A packet that finds an old class set beside new endpoints still gets one", arguments: Lab.both)
    func overtakenByACommit(lab: Lab) throws {
        // 9 → 1 endpoints and 1 → 9: the frontends of one table with the endpoints of the other.
        for (before, after) in [(9, 1), (1, 9), (5, 4)] as [(UInt32, UInt32)] {
            var mixed = try lab.table(endpoints: before)
            mixed.sets["endpoints"] = try lab.table(endpoints: after).sets["endpoints"]
            var unclassed = try lab.table(endpoints: after)
            for name in unclassed.sets.keys where name.hasPrefix("frontends-") { unclassed.sets[name]?.exact = [:] }
            for table in [mixed, unclassed] {
                for number in 0..<16 as Range<UInt32> {
                    let verdict = try lab.trace(lab.pod(9), lab.clusterIP, 80, in: table) { number % $0 }
                    guard case .sent(_, false, 0) = verdict else {
                        Issue.record("\(before) → \(after): \(verdict)")
                        continue
                    }
                }
            }
        }
    }
}
