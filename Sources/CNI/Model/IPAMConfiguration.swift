import Net

/// Where addresses come from: the fields of the reference `host-local` plugin under its names, and ours.
package struct IPAMConfiguration: Hashable, Sendable {
    /// A range of addresses of one network.
    package struct Range: Hashable, Sendable {
        package var subnet: IPPrefix
        /// The first address to hand out; nil is the first of the network.
        package var first: IPAddress?
        /// The last address to hand out; nil is the last of the network.
        package var last: IPAddress?
        /// Kept out of the range; nil is the network's first address.
        package var gateway: IPAddress?

        package init(_ subnet: IPPrefix, first: IPAddress? = nil, last: IPAddress? = nil, gateway: IPAddress? = nil) {
            self.subnet = subnet
            self.first = first
            self.last = last
            self.gateway = gateway
        }
    }

    /// An attachment gets one address of each set; a set's ranges are used one after the other.
    package var ranges: [[Range]] = []
    /// Handed on to the container.
    package var routes: [AttachmentResult.Route] = []
    /// A resolv.conf whose content is the result's DNS part, unless the network's own says more.
    package var resolvConf: String?
    /// The directory under which each network has one of its own.
    package var dataDirectory: String = "/var/lib/cni/fairlead"
    /// How long an address that was released is not given to another attachment.
    package var cooldownSeconds: UInt32 = 60
    /// The addresses that were asked for (CNI_ARGS `IP`, `args.cni.ips`, `runtimeConfig.ips`): each must be free and in a range.
    package var requestedAddresses: [IPAddress] = []

    package init() {}
}
