import Net

/// What a control plane in this process is made from.
package struct ControlPlaneConfiguration: Sendable {
    /// One or two ranges of ClusterIPs, of different families; the first is the default.
    package var serviceCIDRs: [IPPrefix]
    package var nodePorts: PortRange
    /// This machine's Node, which is added where nobody else declares it; empty for none.
    package var nodeName: String
    package var manifestFiles: [String]
    /// Its `*.yaml`, `*.yml` and `*.json` are followed.
    package var manifestDirectory: String?
    /// Where Service `kubernetes` leads.
    package var apiPort: UInt16
    /// Where others reach the API: what the endpoints of Service `kubernetes` are. Nil where nobody else reaches it; an
    /// address of the loopback is none for an endpoint.
    package var advertiseAddress: IPAddress?
    /// What Nodes get their pod networks from, at most one of a family; none where others see to that.
    package var clusterCIDRs: [IPPrefix] = []
    /// The authority that Pods are to trust, in PEM: ConfigMap `kube-root-ca.crt` of each namespace.
    package var rootCertificate: String?

    package init(
        serviceCIDRs: [IPPrefix], nodePorts: PortRange, nodeName: String, manifestFiles: [String] = [],
        manifestDirectory: String? = nil, apiPort: UInt16 = 6443
    ) {
        self.serviceCIDRs = serviceCIDRs
        self.nodePorts = nodePorts
        self.nodeName = nodeName
        self.manifestFiles = manifestFiles
        self.manifestDirectory = manifestDirectory
        self.apiPort = apiPort
    }

    /// The address of Service `kubernetes` in each range.
    package var kubernetesAddresses: [IPAddress] {
        serviceCIDRs.map { IPAddress(number: $0.address.number + 1, family: $0.family) }
    }
}
