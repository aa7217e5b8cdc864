import CLinux
import Net

/// Packets and bytes, headers from the network layer on included.
package struct FlowCount: Hashable, Sendable {
    package var packets: UInt64
    package var bytes: UInt64

    package init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }
}

/// An entry of the conntrack table, in the default zone.
package struct ConntrackFlow: Hashable, Sendable {
    /// From who began the flow to where it was sent.
    package let original: FlowTuple
    /// From who answers (an endpoint, where the destination was translated) to where the answers go.
    package let reply: FlowTuple
    /// Tells the entry from a later one of the same tuple (`CTA_ID`).
    package let id: UInt32
    /// The destination was translated (`IPS_DST_NAT`).
    package let isTranslated: Bool
    /// What went the original way; nil when `nf_conntrack_acct` was off as the flow began.
    package let originalCount: FlowCount?
    /// What went the reply's way.
    package let replyCount: FlowCount?

    package init(
        original: FlowTuple, reply: FlowTuple, id: UInt32, isTranslated: Bool, originalCount: FlowCount? = nil,
        replyCount: FlowCount? = nil
    ) {
        self.original = original
        self.reply = reply
        self.id = id
        self.isTranslated = isTranslated
        self.originalCount = originalCount
        self.replyCount = replyCount
    }
}

extension ConntrackFlow {
    /// From a message of a list or of an event; nil for protocols without ports, and for other zones.
    init?(_ message: NetlinkMessage) {
        var (original, reply): (FlowTuple?, FlowTuple?)
        var (originalCount, replyCount): (FlowCount?, FlowCount?)
        var (id, status): (UInt32?, UInt32) = (nil, 0)
        for attribute in NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size)) {
            switch UInt32(attribute.type) {
            case CTA_TUPLE_ORIG.rawValue: original = FlowTuple(attribute)
            case CTA_TUPLE_REPLY.rawValue: reply = FlowTuple(attribute)
            case CTA_ID.rawValue: id = attribute.load(UInt32.self)?.byteSwapped
            case CTA_STATUS.rawValue: status = attribute.load(UInt32.self)?.byteSwapped ?? 0
            case CTA_COUNTERS_ORIG.rawValue: originalCount = FlowCount(attribute)
            case CTA_COUNTERS_REPLY.rawValue: replyCount = FlowCount(attribute)
            case CTA_ZONE.rawValue: return nil
            default: break
            }
        }
        guard let original, let reply, let id else { return nil }
        self.init(
            original: original, reply: reply, id: id, isTranslated: status & IPS_DST_NAT.rawValue != 0,
            originalCount: originalCount, replyCount: replyCount)
    }
}

extension FlowCount {
    /// From the value of `CTA_COUNTERS_ORIG` or `CTA_COUNTERS_REPLY`.
    fileprivate init?(_ attribute: NetlinkAttribute) {
        guard let packets = attribute.nested.first(CTA_COUNTERS_PACKETS)?.load(UInt64.self),
            let bytes = attribute.nested.first(CTA_COUNTERS_BYTES)?.load(UInt64.self)
        else { return nil }
        self.init(packets: packets.byteSwapped, bytes: bytes.byteSwapped)
    }
}
