import Dataplane
import KubeAPI
import Net
import Netlink
import Proxy
import TestSupport
import Testing

/// A lab whose node 1 runs the proxy.
struct TrafficLab {
    /// Where a client is.
    enum Place: Hashable, Sendable {
        /// The first pod of node 1 (P).
        case pod
        /// Node 1 itself (N).
        case node
        /// Outside the cluster (X).
        case outside
        /// Outside, with another address.
        case otherClient(Int)
        /// Node 2, for whose addresses node 1 is no proxy.
        case otherNode

        /// P, N and X.
        static let standard: [Place] = [.pod, .node, .outside]
    }

    let lab: Lab
    let proxy: ProxyUnderTest

    init(
        dataplane: DataplaneConfiguration = DataplaneConfiguration(detector: .podNetworks),
        nodePortAddresses: NodePortAddressPolicy = .primary, serviceCIDRs: [IPPrefix] = [],
        podNetworks: [IPPrefix]? = LabAddresses.clusterCIDRs, podBridge: String? = nil,
        counting: TrafficCounting = .off, faults: Faults? = nil
    ) throws {
        lab = try Lab(podBridge: podBridge)
        proxy = try ProxyUnderTest(
            in: lab.node.namespace,
            ProxyConfiguration(
                nodeName: lab.node.name, nodePortAddresses: nodePortAddresses, serviceCIDRs: serviceCIDRs,
                podNetworks: podNetworks),
            dataplane: dataplane, counting: counting, nodes: lab.nodes.map { Node($0) }, faults: faults)
    }

    var pods: [LabPod] { lab.pods }

    func namespace(_ place: Place) -> NetworkNamespace {
        switch place {
        case .pod: pods[0].namespace
        case .node: lab.node.namespace
        case .outside, .otherClient: lab.client
        case .otherNode: lab.otherNode.namespace
        }
    }

    /// The address of a client that is not chosen by its kernel.
    private func boundAddress(_ place: Place) -> DualAddress? {
        guard case .otherClient(let number) = place else { return nil }
        return lab.otherClientAddresses[number]
    }

    /// The address that a place has by itself.
    func address(of place: Place) -> DualAddress {
        switch place {
        case .pod: pods[0].address
        case .node: lab.node.address
        case .outside: lab.clientAddress
        case .otherClient(let number): lab.otherClientAddresses[number]
        case .otherNode: lab.otherNode.address
        }
    }

    func request(
        from place: Place, _ address: IPAddress, _ port: UInt16, _ transport: L4Protocol,
        timeoutMilliseconds: Int = 5000
    ) -> Probe {
        Probe(
            SocketAddress(address, port: port), transport, timeoutMilliseconds: timeoutMilliseconds,
            source: boundAddress(place).map { SocketAddress($0[address.family], port: 0) })
    }

    func probe(
        from place: Place, _ address: IPAddress, _ port: UInt16 = 80, _ transport: L4Protocol = .tcp
    ) throws -> Probe.Outcome {
        let probe = request(from: place, address, port, transport)
        return try namespace(place).run { probe.run() }
    }

    /// The source that a masqueraded connection to a pod has: the address of the interface it leaves node 1 by.
    func masqueraded(_ family: IPFamily) -> (LabPod) -> IPAddress {
        { pod in (pod.node == lab.node.number ? lab.node.gateway : lab.node.address)[family] }
    }

    /// The source of a connection that keeps its own.
    func own(_ place: Place, _ family: IPFamily) -> (LabPod) -> IPAddress {
        { _ in address(of: place)[family] }
    }
}

/// What a test is repeated over.
struct Flow: Hashable, Sendable, CustomTestStringConvertible {
    let family: IPFamily
    let transport: L4Protocol

    static let all = IPFamily.allCases.flatMap { family in
        [L4Protocol.tcp, .udp].map { Flow(family: family, transport: $0) }
    }

    var testDescription: String { "\(transport) over \(family)" }
}
