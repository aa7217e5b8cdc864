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
    /// Who answers: where the flow was sent to in the end.
    package var answerer: IPAddress?
    package var answererPort: UInt16?

    package init(
        _ family: IPFamily, _ protocol: L4Protocol? = nil, destination: IPAddress? = nil,
        destinationPort: UInt16? = nil, onlyTranslated: Bool = false, answerer: IPAddress? = nil,
        answererPort: UInt16? = nil
    ) {
        self.family = family
        self.protocol = `protocol`
        self.destination = destination
        self.destinationPort = destinationPort
        self.onlyTranslated = onlyTranslated
        self.answerer = answerer
        self.answererPort = answererPort
    }

    /// Whether the flow is one of those wanted.
    package func matches(_ flow: ConntrackFlow) -> Bool {
        flow.original.destination.family == family
            && (`protocol` ?? flow.original.protocol) == flow.original.protocol
            && (destination ?? flow.original.destination) == flow.original.destination
            && (destinationPort ?? flow.original.destinationPort) == flow.original.destinationPort
            && (flow.isTranslated || !onlyTranslated)
            && (answerer ?? flow.reply.source) == flow.reply.source
            && (answererPort ?? flow.reply.sourcePort) == flow.reply.sourcePort
    }
}

/// What `CTA_FILTER_ORIG_FLAGS` and `CTA_FILTER_REPLY_FLAGS` may ask for. No uapi header has them:
/// net/netfilter/nf_internals.h, `CTA_FILTER_F_CTA_…`.
private struct FilterFlags: OptionSet {
    let rawValue: UInt32

    static let source = FilterFlags(rawValue: 1 << 0)
    static let destination = FilterFlags(rawValue: 1 << 1)
    static let protocolNumber = FilterFlags(rawValue: 1 << 3)
    static let sourcePort = FilterFlags(rawValue: 1 << 4)
    static let destinationPort = FilterFlags(rawValue: 1 << 5)
}

extension ConntrackFilter {
    /// Whether the kernel can look for all of it: it compares IPv6 addresses the wrong way round (ctnetlink_filter_match_tuple,
    /// Linux 5.8 to 6.18 at least), so that it would leave out just what is wanted.
    var isForKernel: Bool { family == .ipv4 || destination == nil && answerer == nil }

    /// Appends what the kernel needs to look for itself, as far as it can.
    func append(to buffer: MessageBuffer) {
        if onlyTranslated { buffer.appendAttribute(CTA_STATUS, number: IPS_DST_NAT.rawValue.bigEndian) }
        let isIPv4 = family == .ipv4
        let original = appendTuple(
            CTA_TUPLE_ORIG, isIPv4 ? destination : nil, .destination, destinationPort, .destinationPort, to: buffer)
        var reply: FilterFlags = []
        if answerer != nil || answererPort != nil {
            reply = appendTuple(
                CTA_TUPLE_REPLY, isIPv4 ? answerer : nil, .source, answererPort, .sourcePort, to: buffer)
        }
        guard !original.union(reply).isEmpty else { return }
        buffer.appendNest(Int(CTA_FILTER)) {
            buffer.appendAttribute(CTA_FILTER_ORIG_FLAGS, number: original.rawValue)
            if !reply.isEmpty { buffer.appendAttribute(CTA_FILTER_REPLY_FLAGS, number: reply.rawValue) }
        }
    }

    /// Appends an address and a port of one direction. The kernel takes a port only with a protocol.
    private func appendTuple(
        _ type: ctattr_type, _ address: IPAddress?, _ addressFlag: FilterFlags, _ port: UInt16?,
        _ portFlag: FilterFlags, to buffer: MessageBuffer
    ) -> FilterFlags {
        var flags: FilterFlags = []
        let port = `protocol` == nil ? nil : port
        if address != nil { flags.insert(addressFlag) }
        if `protocol` != nil { flags.insert(.protocolNumber) }
        if port != nil { flags.insert(portFlag) }
        guard !flags.isEmpty else { return flags }
        buffer.appendNest(Int(type)) {
            if let address {
                buffer.appendNest(Int(CTA_TUPLE_IP)) {
                    buffer.appendAttribute(
                        addressFlag == .source ? CTA_IP_V4_SRC : CTA_IP_V4_DST, bytes: address.bytes)
                }
            }
            if let `protocol` {
                buffer.appendNest(Int(CTA_TUPLE_PROTO)) {
                    buffer.appendAttribute(CTA_PROTO_NUM, number: `protocol`.rawValue)
                    if let port {
                        buffer.appendAttribute(
                            portFlag == .sourcePort ? CTA_PROTO_SRC_PORT : CTA_PROTO_DST_PORT, number: port.bigEndian)
                    }
                }
            }
        }
        return flags
    }
}
