import Dataplane
import KubeAPI
import Net
import Netlink
import Proxy
import Synchronization
import TestSupport
import Testing

/// A lab whose node 1 runs the proxy.
struct TrafficLab {
    /// Where a client is.
    enum Place: CaseIterable, Hashable, Sendable {
        /// The first pod of node 1 (P).
        case pod
        /// Node 1 itself (N).
        case node
        /// Outside the cluster (X).
        case outside
    }

    let lab: Lab
    let proxy: ProxyUnderTest

    init(
        dataplane: DataplaneConfiguration = DataplaneConfiguration(detector: .podNetworks),
        nodePortAddresses: NodePortAddressPolicy = .primary, counting: TrafficCounting = .off
    ) throws {
        lab = try Lab()
        proxy = try ProxyUnderTest(
            in: lab.node.namespace,
            ProxyConfiguration(
                nodeName: lab.node.name, nodePortAddresses: nodePortAddresses, podNetworks: LabAddresses.clusterCIDRs),
            dataplane: dataplane, counting: counting, nodes: lab.nodes.map { Node($0) })
    }

    var pods: [LabPod] { lab.pods }

    func namespace(_ place: Place) -> NetworkNamespace {
        switch place {
        case .pod: pods[0].namespace
        case .node: lab.node.namespace
        case .outside: lab.client
        }
    }

    func probe(
        from place: Place, _ address: IPAddress, _ port: UInt16 = 80, _ transport: L4Protocol = .tcp
    ) throws -> Probe.Outcome {
        try namespace(place).probe(address, port: port, transport)
    }

    /// Asks until each of `pods` has answered, at most 400 times, and requires that each of them and nobody else did, as
    /// seen from `source`.
    func expectAnswers(
        from place: Place, _ address: IPAddress, _ port: UInt16 = 80, _ transport: L4Protocol = .tcp,
        by pods: [LabPod], source: (LabPod) -> IPAddress, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let expected = Set(pods.map { Probe.Outcome.answered(by: $0.name, source: source($0)) })
        let target = SocketAddress(address, port: port)
        // In one go: entering a namespace costs a thread.
        let seen = try namespace(place).run { () -> Set<Probe.Outcome> in
            var seen: Set<Probe.Outcome> = []
            for _ in 0..<400 where !seen.isSuperset(of: expected) {
                seen.insert(Probe(target, transport, timeoutMilliseconds: 5000).run())
                if !seen.isSubset(of: expected) { break }
            }
            return seen
        }
        #expect(seen == expected, "\(place) → \(target) over \(transport)", sourceLocation: location)
    }

    func expectRefused(
        from places: [Place] = Place.allCases, _ address: IPAddress, _ port: UInt16 = 80, _ transport: L4Protocol,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        // A datagram from the port of an earlier probe belongs to that one's flow, and would go where that went.
        if transport == .udp { try Tool.run("conntrack", "-F", in: lab.node.namespace) }
        let probe = Probe(SocketAddress(address, port: port), transport, timeoutMilliseconds: 5000)
        let outcomes = Mutex<[Place: Probe.Outcome]>([:])
        // All at once: a TCP connection over IPv6 hears of an ICMP error with its second SYN, after a second.
        let threads = try places.map { place in
            try namespace(place).run {
                try JoinableThread {
                    let outcome = probe.run()
                    outcomes.withLock { $0[place] = outcome }
                }
            }
        }
        for thread in threads { thread.join() }
        for (place, outcome) in outcomes.withLock({ $0 }) {
            #expect(
                outcome.isRefusal(from: place, transport), "\(place) → \(address) \(port)/\(transport)",
                sourceLocation: location)
        }
    }

    /// The source that a masqueraded connection to a pod has: the address of the interface it leaves node 1 by.
    func masqueraded(_ family: IPFamily) -> (LabPod) -> IPAddress {
        { pod in (pod.node == lab.node.number ? lab.node.gateway : lab.node.address)[family] }
    }

    /// The source of a connection that keeps its own.
    func own(_ place: Place, _ family: IPFamily) -> (LabPod) -> IPAddress {
        { _ in
            switch place {
            case .pod: pods[0].address[family]
            case .node: lab.node.address[family]
            case .outside: lab.clientAddress[family]
            }
        }
    }
}

/// What a test is repeated over.
struct Flow: Sendable, CustomTestStringConvertible {
    let family: IPFamily
    let transport: L4Protocol

    static let all = IPFamily.allCases.flatMap { family in
        [L4Protocol.tcp, .udp].map { Flow(family: family, transport: $0) }
    }

    var testDescription: String { "\(transport) over \(family)" }
}
