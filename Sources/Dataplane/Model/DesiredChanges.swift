import Net

/// What has changed in the desired state since the last time it was taken.
package struct DesiredChanges: Sendable {
    /// Service ports to set, or (nil) to remove.
    package var servicePorts: [ServicePortName: ServicePort?]
    /// This node's NodePort addresses in both families; nil when they have not changed.
    package var nodePortAddresses: Set<IPAddress>?

    package init(servicePorts: [ServicePortName: ServicePort?] = [:], nodePortAddresses: Set<IPAddress>? = nil) {
        self.servicePorts = servicePorts
        self.nodePortAddresses = nodePortAddresses
    }

    package var isEmpty: Bool { servicePorts.isEmpty && nodePortAddresses == nil }
}

/// Which connections to a ClusterIP get this node's address as their source.
package enum MasqueradePolicy: Hashable, Sendable {
    /// No local-traffic detector: none are masqueraded for where they come from.
    case none
    /// Every one (`masqueradeAll`).
    case all
    /// Those that do not come from these pod networks. A family without a network counts as `none`.
    case exceptFrom([IPPrefix])
}

/// What a back end needs to know once, at start.
package struct DataplaneConfiguration: Hashable, Sendable {
    package var masquerade: MasqueradePolicy
    /// The bit of the packet mark that asks for masquerade, 0…31; other bits are preserved.
    package var masqueradeBit: Int
    /// The families to program.
    package var families: Set<IPFamily>

    package init(
        masquerade: MasqueradePolicy = .none, masqueradeBit: Int = 14, families: Set<IPFamily> = [.ipv4, .ipv6]
    ) {
        self.masquerade = masquerade
        self.masqueradeBit = masqueradeBit
        self.families = families
    }

    /// The mark that asks for masquerade.
    package var masqueradeMark: UInt32 { 1 << UInt32(masqueradeBit) }
}
