import Net

/// How a container's interface is connected: the fields of the reference plugins `bridge` and `ptp`.
package struct WiringConfiguration: Hashable, Sendable {
    package enum Mode: Hashable, Sendable {
        /// The host's end is a port of a bridge.
        case bridge(BridgeConfiguration)
        /// A routed link of its own: the host has a route to each of the container's addresses, and no bridge.
        case ptp
    }

    package var mode: Mode = .ptp
    /// In bytes; nil is that of the link that the default route goes over.
    package var mtu: UInt32?
    /// The container's, if it was asked for (`runtimeConfig.mac`, `args.cni.mac`, CNI_ARGS `MAC`).
    package var macAddress: MACAddress?
    /// Waits until IPv6 addresses are known to be unique (`enabledad`); otherwise they are usable at once.
    package var detectsDuplicateAddresses = false

    package init() {}
}

/// The bridge and the container's port of it (reference plugin `bridge`).
package struct BridgeConfiguration: Hashable, Sendable {
    /// A run of VLANs that a port carries tagged.
    package struct VLANRange: Hashable, Sendable {
        package var first: UInt16
        package var last: UInt16

        package init(first: UInt16, last: UInt16) {
            self.first = first
            self.last = last
        }
    }

    /// `bridge`
    package var name = "cni0"
    /// `isGateway`: the bridge has the gateway's address.
    package var isGateway = false
    /// `isDefaultGateway`: containers have their default route over it as well.
    package var isDefaultGateway = false
    /// `forceAddress`: another address of the bridge in an overlapping network is replaced, not an error.
    package var replacesAddress = false
    /// `hairpinMode`
    package var hairpin = false
    /// `promiscMode`
    package var isPromiscuous = false
    /// `vlan`: the untagged VLAN of the container's port.
    package var vlan: UInt16?
    /// `vlanTrunk`
    package var trunk: [VLANRange] = []
    /// `preserveDefaultVlan`: the port stays in VLAN 1 as well.
    package var keepsDefaultVLAN = false
    /// `macspoofchk`: frames with another source than the container's MAC are dropped.
    package var checksSourceMAC = false
    /// `disableContainerInterface`: the container's end stays down and without addresses.
    package var leavesInterfaceDown = false
    /// `portIsolation`: ports of the bridge that are isolated do not reach each other.
    package var isolatesPorts = false

    package init() {}
}
