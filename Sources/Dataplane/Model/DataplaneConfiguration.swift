import Net

/// How a connection is known to come from a pod of this node or cluster (kube-proxy's `detectLocalMode`).
package enum LocalTrafficDetector: Hashable, Sendable {
    /// It is not known of any.
    case none
    /// Its source is in one of `NodeState.podNetworks` (`ClusterCIDR`, `NodeCIDR`). A family without any counts as `none`.
    case podNetworks
    /// It came in over this bridge (`BridgeInterface`).
    case bridge(String)
    /// It came in over an interface whose name starts so (`InterfaceNamePrefix`).
    case interfacePrefix(String)
}

/// What becomes of packets that conntrack cannot place, which a client would answer with a reset
/// (kubernetes/kubernetes#74839).
package enum InvalidPackets: String, Hashable, Sendable, CaseIterable {
    /// Conntrack takes packets outside of the window for valid (`nf_conntrack_tcp_be_liberal`), so that they are
    /// translated as the others of their connection. Does no harm where a connection's two ways differ.
    case liberal
    /// Forwarded packets of state INVALID are dropped.
    case drop
    /// Nothing is done about them.
    case keep
}

/// What becomes of TCP connections to endpoints that are gone.
package enum StaleTCP: String, Hashable, Sendable, CaseIterable {
    /// They run into their own time-outs.
    case keep
    /// The next packet of the client is answered by a reset.
    case reset
}

/// What a back end needs to know once, at start.
package struct DataplaneConfiguration: Hashable, Sendable {
    package var detector: LocalTrafficDetector
    /// Every connection to a ClusterIP gets this node's address as its source.
    package var masqueradeAll: Bool
    /// The bit of the packet mark that asks for masquerade, 0…31; other bits are preserved.
    package var masqueradeBit: Int
    /// The families to program.
    package var families: Set<IPFamily>
    package var invalidPackets = InvalidPackets.liberal
    package var staleTCP = StaleTCP.keep
    /// NodePorts are answered on 127.0.0.1, too.
    package var localhostNodePorts = false
    /// What others change in what we keep in the kernel is noticed and repaired at once.
    package var followsOthers = true
    /// How often all that is in the kernel is compared with what should be there; 0 for never.
    package var verifyIntervalSeconds = 600

    package init(
        detector: LocalTrafficDetector = .none, masqueradeAll: Bool = false, masqueradeBit: Int = 14,
        families: Set<IPFamily> = [.ipv4, .ipv6]
    ) {
        self.detector = detector
        self.masqueradeAll = masqueradeAll
        self.masqueradeBit = masqueradeBit
        self.families = families
    }

    /// The mark that asks for masquerade.
    package var masqueradeMark: UInt32 { 1 << UInt32(masqueradeBit) }
}
