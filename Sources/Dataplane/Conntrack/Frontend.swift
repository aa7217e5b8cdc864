import Net
import Netlink

/// Where the flows of a service port are sent.
struct Frontend: Hashable, Sendable {
    /// Nil for a NodePort, which is on all of `NodeState.nodePortAddresses`.
    let address: IPAddress?
    let port: UInt16
    let `protocol`: L4Protocol
    let family: IPFamily
}

/// An address and port that answers: an endpoint, as flows know it.
package struct FlowEnd: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    package let port: UInt16

    package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `10.244.0.5:8080` or `[fd00::5]:8080`.
    package var description: String { Endpoint(address: address, port: port).description }
}

extension ConntrackFlow {
    /// Who answers.
    var end: FlowEnd { FlowEnd(address: reply.source, port: reply.sourcePort) }

    /// Who answers is not who was asked. Unlike `isTranslated`, it does not depend on what translates.
    var isRedirected: Bool {
        reply.source != original.destination || reply.sourcePort != original.destinationPort
    }
}

/// What the flows of one service port may be: its frontends, and who may answer.
struct FlowTarget: Hashable, Sendable {
    var frontends: Set<Frontend>
    /// Endpoints for new connections, and those that go on serving.
    var endpoints: Set<FlowEnd>

    init(_ name: ServicePortName, _ servicePort: ServicePort) {
        let addresses = [servicePort.clusterIP].compactMap(\.self) + servicePort.externalAddresses.map(\.address)
        frontends = Set(
            addresses.map {
                Frontend(address: $0, port: servicePort.port, protocol: name.protocol, family: name.family)
            })
        if let nodePort = servicePort.nodePort {
            frontends.insert(
                Frontend(address: nil, port: nodePort, protocol: name.protocol, family: name.family))
        }
        endpoints = Set(
            [servicePort.endpoints, servicePort.localEndpoints, servicePort.retainedEndpoints].joined()
                .map { FlowEnd(address: $0.address, port: $0.port) })
    }
}
