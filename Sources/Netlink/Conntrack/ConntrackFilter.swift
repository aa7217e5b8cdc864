import CLinux
import Net

/// Which entries of the conntrack table are wanted. Where the kernel can, it looks for itself (`CTA_FILTER`, Linux 5.8;
/// `CTA_STATUS`, Linux 5.15), so that the others cost no message; only of IPv6 addresses it cannot.
package struct ConntrackFilter: Hashable, Sendable {
    package var family: IPFamily
    package var `protocol`: L4Protocol?
    /// Where the flow was sent by who began it.
    package var destination: IPAddress?
    package var destinationPort: UInt16?
    /// Only flows whose destination was translated.
    package var onlyTranslated = false

    package init(
        _ family: IPFamily, _ protocol: L4Protocol? = nil, destination: IPAddress? = nil,
        destinationPort: UInt16? = nil, onlyTranslated: Bool = false
    ) {
        self.family = family
        self.protocol = `protocol`
        self.destination = destination
        self.destinationPort = destinationPort
        self.onlyTranslated = onlyTranslated
    }

    /// Whether the flow is one of those wanted.
    package func matches(_ flow: ConntrackFlow) -> Bool {
        flow.original.destination.family == family
            && (`protocol` ?? flow.original.protocol) == flow.original.protocol
            && (destination ?? flow.original.destination) == flow.original.destination
            && (destinationPort ?? flow.original.destinationPort) == flow.original.destinationPort
            && (flow.isTranslated || !onlyTranslated)
    }
}

/// What `CTA_FILTER_ORIG_FLAGS` may ask for. No uapi header has them: net/netfilter/nf_internals.h, `CTA_FILTER_F_CTA_…`.
private enum FilterFlag {
    static let destination: UInt32 = 1 << 1
    static let protocolNumber: UInt32 = 1 << 3
    static let destinationPort: UInt32 = 1 << 5
}

extension ConntrackFilter {
    /// Appends what the kernel needs to look for itself.
    func append(to buffer: MessageBuffer) {
        if onlyTranslated { buffer.appendAttribute(CTA_STATUS, number: IPS_DST_NAT.rawValue.bigEndian) }
        // The kernel takes a port only with a protocol. It compares IPv6 addresses the wrong way round
        // (ctnetlink_filter_match_tuple, Linux 5.8 to 6.18 at least), so that it would leave out just what is wanted.
        let port = `protocol` == nil ? nil : destinationPort
        let destination = family == .ipv4 ? destination : nil
        var flags: UInt32 = 0
        if destination != nil { flags |= FilterFlag.destination }
        if `protocol` != nil { flags |= FilterFlag.protocolNumber }
        if port != nil { flags |= FilterFlag.destinationPort }
        guard flags != 0 else { return }
        buffer.appendNest(Int(CTA_TUPLE_ORIG)) {
            if let destination {
                buffer.appendNest(Int(CTA_TUPLE_IP)) {
                    buffer.appendAttribute(CTA_IP_V4_DST, bytes: destination.bytes)
                }
            }
            if let `protocol` {
                buffer.appendNest(Int(CTA_TUPLE_PROTO)) {
                    buffer.appendAttribute(CTA_PROTO_NUM, number: `protocol`.rawValue)
                    if let port { buffer.appendAttribute(CTA_PROTO_DST_PORT, number: port.bigEndian) }
                }
            }
        }
        buffer.appendNest(Int(CTA_FILTER)) { buffer.appendAttribute(CTA_FILTER_ORIG_FLAGS, number: flags) }
    }
}
