import Net
import Netlink
import TestSupport
import Testing

/// A client that asks from one port again and again, as one of a held UDP socket does: all of it is one flow.
struct FixedFlow {
    let lab: TrafficLab
    let place: TrafficLab.Place
    let target: SocketAddress
    let port: UInt16

    init(_ lab: TrafficLab, from place: TrafficLab.Place, to address: IPAddress, _ targetPort: UInt16, port: UInt16) {
        self.lab = lab
        self.place = place
        target = SocketAddress(address, port: targetPort)
        self.port = port
    }

    private var source: IPAddress {
        let family = target.address.family
        return switch place {
        case .pod: lab.pods[0].address[family]
        case .node: lab.lab.node.address[family]
        case .outside: lab.lab.clientAddress[family]
        }
    }

    /// One request.
    func ask(timeoutMilliseconds: Int = 200) throws -> Probe.Outcome {
        try lab.namespace(place).run {
            Probe(
                target, .udp, timeoutMilliseconds: timeoutMilliseconds, source: SocketAddress(source, port: port)
            ).run()
        }
    }

    /// The flow in node 1's table; nil when it has none.
    func entry() throws -> KernelFlow? {
        try KernelFlow.all(in: lab.lab.node.namespace, target.address.family).first {
            $0.protocol == "udp" && $0.sourcePort == "\(port)" && $0.destinationPort == "\(target.port)"
                && IPAddress(parsing: $0.source) == source && IPAddress(parsing: $0.destination) == target.address
        }
    }
}

extension TrafficLab {
    /// One flow from each place to the ClusterIP and to the NodePort.
    func fixedFlows(_ web: ServiceFixture, _ family: IPFamily, firstPort: UInt16 = 41_000) -> [FixedFlow] {
        let targets = [(web.clusterIP[family], UInt16(80)), (lab.node.address[family], UInt16(30_080))]
        let places = Place.allCases.flatMap { place in targets.map { (place, $0) } }
        return places.enumerated().map { index, flow in
            FixedFlow(self, from: flow.0, to: flow.1.0, flow.1.1, port: firstPort + UInt16(index))
        }
    }

    /// Waits until the flows that the last change may have made wrong were looked at, also for the second time.
    func flowsSettled() async throws {
        try await eventually { proxy.flows.isSettled }
    }
}
