/// What the configuration and the runtime ask for one attachment, read and checked: what the parts of the plugin work from.
package struct PodConfiguration: Hashable, Sendable {
    /// Nil where the plugin only goes on with what one before it in the list has made.
    package var wiring: WiringConfiguration?
    /// Nil where there is nothing to add an address to, and for a link without addresses.
    package var addressSource: AddressSource?
    /// `ipMasq`: what leaves the pod network is masqueraded.
    package var masquerades = false
    package var hostPorts = HostPortConfiguration()
    package var bandwidth = BandwidthLimits()
    package var tuning = InterfaceTuning()
    package var dns = DNSSettings()

    package init() {}
}
