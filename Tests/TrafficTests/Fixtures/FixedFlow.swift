import Net
import Netlink
import TestSupport
import Testing

/// A client that asks from one port again and again, as one of a held UDP socket does: all of it is one flow.
struct FixedFlow {
    /// Where the client is.
    let namespace: NetworkNamespace
    let source: SocketAddress
    let target: SocketAddress
    /// The node whose table the flow is in.
    let node: NetworkNamespace

    /// One request.
    func ask(timeoutMilliseconds: Int = 200) throws -> Probe.Outcome {
        try namespace.run {
            Probe(target, .udp, timeoutMilliseconds: timeoutMilliseconds, source: source).run()
        }
    }

    /// The flow in the node's table; nil when it has none.
    func entry() throws -> KernelFlow? {
        try KernelFlow.all(in: node, target.address.family).first {
            $0.protocol == "udp" && $0.sourcePort == "\(source.port)" && $0.destinationPort == "\(target.port)"
                && IPAddress(parsing: $0.source) == source.address
                && IPAddress(parsing: $0.destination) == target.address
        }
    }
}

extension TrafficLab {
    /// One flow from each place to the ClusterIP and to the NodePort.
    func fixedFlows(_ web: ServiceFixture, _ family: IPFamily, firstPort: UInt16 = 41_000) -> [FixedFlow] {
        let targets = [
            SocketAddress(web.clusterIP[family], port: 80), SocketAddress(lab.node.address[family], port: 30_080),
        ]
        let flows = Place.standard.flatMap { place in targets.map { (place, $0) } }
        return flows.enumerated().map { index, flow in
            FixedFlow(
                namespace: namespace(flow.0),
                source: SocketAddress(address(of: flow.0)[family], port: firstPort + UInt16(index)),
                target: flow.1, node: lab.node.namespace)
        }
    }

    /// Waits until the flows that the last change may have made wrong were looked at, also for the second time.
    func flowsSettled() async throws {
        try await eventually { proxy.flows.isSettled }
    }
}
