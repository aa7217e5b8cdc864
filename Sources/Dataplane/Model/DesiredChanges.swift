import Net

/// What has changed in the desired state since the last time it was taken.
package struct DesiredChanges: Sendable {
    /// Service ports to set, or (nil) to remove.
    package var servicePorts: [ServicePortName: ServicePort?]
    /// The rest, where it has changed.
    package var node: NodeState?

    package init(servicePorts: [ServicePortName: ServicePort?] = [:], node: NodeState? = nil) {
        self.servicePorts = servicePorts
        self.node = node
    }

    package var isEmpty: Bool { servicePorts.isEmpty && node == nil }
}

/// What all service ports have in common on this node, in both families.
package struct NodeState: Hashable, Sendable {
    /// Where NodePorts are answered.
    package var nodePortAddresses: Set<IPAddress> = []
    /// What ClusterIPs are taken from: connections to an address there that no Service has are dropped.
    package var serviceCIDRs: Set<IPPrefix> = []
    /// Where the pods are whose connections keep their address; what `LocalTrafficDetector.podNetworks` looks at.
    package var podNetworks: Set<IPPrefix> = []
    /// TCP ports of the health check servers, to be let in on `nodePortAddresses`.
    package var healthCheckPorts: Set<UInt16> = []

    package init() {}
}
