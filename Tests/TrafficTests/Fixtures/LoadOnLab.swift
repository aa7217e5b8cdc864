import Net
import Netlink
import TestSupport
import Testing

/// New connections to a Service from a pod, the node and outside, in both families, over TCP and UDP, all at once.
struct LoadOnLab {
    private let lab: TrafficLab
    private let hammers: [(name: String, hammer: Hammer)]
    private let retransmissionsBefore: Int

    init(on lab: TrafficLab, _ service: ServiceFixture) throws {
        self.lab = lab
        retransmissionsBefore = try Self.synRetransmissions(lab)
        var hammers: [(name: String, hammer: Hammer)] = []
        for family in IPFamily.allCases {
            let node = lab.lab.node.address[family]
            let targets: [(TrafficLab.Place, IPAddress, UInt16, L4Protocol)] = [
                (.pod, service.clusterIP[family], 80, .tcp), (.node, service.clusterIP[family], 80, .tcp),
                (.outside, node, 30_080, .tcp), (.pod, service.clusterIP[family], 80, .udp),
                (.outside, node, 30_080, .udp),
            ]
            for (place, address, port, transport) in targets {
                let hammer = try Hammer(in: lab.namespace(place), address, port: port, transport)
                hammers.append(("\(place) → \(address) \(port)/\(transport)", hammer))
            }
        }
        self.hammers = hammers
    }

    /// Waits until each client has made so many more connections.
    func proceed(by count: Int = 5, _ location: SourceLocation = #_sourceLocation) async throws {
        let before = hammers.map(\.hammer.count)
        try await eventually(location) {
            zip(hammers, before).allSatisfy { $0.hammer.count >= $1 + count }
        }
    }

    /// Ends the load and requires that every connection was answered by one of the servers, none of them at the second
    /// SYN: a lost packet shows as a retransmission, long before it shows as a failure.
    func expectNoLoss(servers: [LabPod], _ location: SourceLocation = #_sourceLocation) throws {
        let names = Set(servers.map(\.name))
        for (name, hammer) in hammers {
            let lost = hammer.stop().filter { outcome, _ in outcome.server.map { !names.contains($0) } ?? true }
            #expect(lost == [:], "\(name)", sourceLocation: location)
        }
        let retransmissions = try Self.synRetransmissions(lab) - retransmissionsBefore
        #expect(retransmissions == 0, "SYNs were lost", sourceLocation: location)
    }

    private static func synRetransmissions(_ lab: TrafficLab) throws -> Int {
        try TrafficLab.Place.standard.map { try SYNRetransmissions.count(in: lab.namespace($0)) }.reduce(0, +)
    }
}
