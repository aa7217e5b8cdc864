import CLinux

/// The kernel's answer to one request: `nlmsgerr` and the attributes of its extended form.
struct NetlinkAcknowledgement {
    /// 0 for success, or the `errno` value.
    let errno: Int32
    /// The request's sequence number.
    let sequence: UInt32
    /// The kernel's own words.
    let message: String?
    /// Where in the request the offending attribute starts, in bytes from its header.
    let offset: Int?

    /// Nil when the message is no acknowledgement, or is cut short.
    init?(_ message: NetlinkMessage) {
        guard message.type == UInt16(NLMSG_ERROR), let error = message.payload.load(nlmsgerr.self) else { return nil }
        // The kernel's value is negative; its lowest would have no positive.
        errno = error.error == .min ? .max : abs(error.error)
        sequence = error.msg.nlmsg_seq
        guard message.flags & UInt16(NLM_F_ACK_TLVS) != 0 else {
            self.message = nil
            offset = nil
            return
        }
        let isCapped = message.flags & UInt16(NLM_F_CAPPED) != 0
        let request = isCapped ? 0 : Int(error.msg.nlmsg_len) - MemoryLayout<nlmsghdr>.size
        let start = MemoryLayout<nlmsgerr>.size + (max(request, 0) + 3) & ~3
        let attributes = NetlinkAttributes(message.payload.dropFirst(start))
        self.message = attributes.first(NLMSGERR_ATTR_MSG)?.string
        offset = attributes.first(NLMSGERR_ATTR_OFFS)?.load(UInt32.self).map { Int($0) }
    }
}
