import Net

/// What the proxy needs to know of its node, once, at start.
package struct ProxyConfiguration: Sendable {
    /// This node's name, as in `spec.nodeName` of its pods: decides which endpoints are local and which Node counts.
    package var nodeName: String
    /// The addresses of this node in place of those of its Node object (`--node-ip`); empty for none.
    package var nodeIPs: [IPAddress]
    /// Where NodePorts are answered.
    package var nodePortAddresses: NodePortAddressPolicy
    /// The families to serve.
    package var families: Set<IPFamily>
    /// What ClusterIPs are taken from, beside the CIDRs of ServiceCIDR objects.
    package var serviceCIDRs: [IPPrefix]
    /// Where pods are (`--pod-cidr`); nil: what this node's Node object has in `spec.podCIDRs`.
    package var podNetworks: [IPPrefix]?
    /// After twice this time without the kernel's acknowledgement of a change the proxy is not healthy any more.
    package var syncPeriod: Duration
    /// Nothing is programmed before these have been listed.
    package var awaitedKinds: Set<ProxyEvent.Kind> = [.service, .endpointSlice]

    package init(
        nodeName: String, nodeIPs: [IPAddress] = [], nodePortAddresses: NodePortAddressPolicy = .primary,
        families: Set<IPFamily> = [.ipv4, .ipv6], serviceCIDRs: [IPPrefix] = [], podNetworks: [IPPrefix]? = [],
        syncPeriod: Duration = .seconds(30)
    ) {
        self.serviceCIDRs = serviceCIDRs
        self.podNetworks = podNetworks
        self.syncPeriod = syncPeriod
        self.nodeName = nodeName
        self.nodeIPs = nodeIPs
        self.nodePortAddresses = nodePortAddresses
        self.families = families
    }
}
