import Net

/// What a control plane in this process is made from.
package struct ControlPlaneConfiguration: Sendable {
    /// One or two ranges of ClusterIPs, of different families; the first is the default.
    package var serviceCIDRs: [IPPrefix]
    package var nodePorts: PortRange
    /// This machine's Node, which is added where no manifest declares it.
    package var nodeName: String
    package var manifestFiles: [String]
    /// Its `*.yaml`, `*.yml` and `*.json` are followed.
    package var manifestDirectory: String?

    package init(
        serviceCIDRs: [IPPrefix], nodePorts: PortRange, nodeName: String, manifestFiles: [String] = [],
        manifestDirectory: String? = nil
    ) {
        self.serviceCIDRs = serviceCIDRs
        self.nodePorts = nodePorts
        self.nodeName = nodeName
        self.manifestFiles = manifestFiles
        self.manifestDirectory = manifestDirectory
    }
}
