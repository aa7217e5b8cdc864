import CLinux

/// One change of how the packets of a link are queued or redirected.
package enum TrafficControlRequest: Sendable {
    /// Limits what leaves a link, in place of another discipline there.
    case limit(linkIndex: Int32, TokenBucket)
    /// Makes all that comes in over a link leave over another one, where it can be limited, and go on from there.
    case redirect(linkIndex: Int32, toLink: Int32)
}

extension TrafficControlRequest {
    /// What `ingress` is attached to and its own handle (TC_H_MAJ_MASK of linux/pkt_sched.h), ffff: in the words of tc.
    static var ingressHandle: UInt32 { TC_H_MAJ_MASK }

    /// The kernel's requests that it consists of.
    var messageCount: Int {
        switch self {
        case .limit: 1
        case .redirect: 2
        }
    }

    func append(to buffer: MessageBuffer) {
        switch self {
        case .limit(let link, let bucket):
            // Handle 1:.
            let header = Self.header(link, parent: TC_H_ROOT, handle: 1 << 16)
            buffer.appendMessage(type: RTM_NEWQDISC, flags: NLM_F_CREATE | NLM_F_REPLACE, header) {
                buffer.appendAttribute(Int(TCA_KIND), string: TokenBucket.kind)
                bucket.append(to: buffer)
            }
        case .redirect(let link, let target):
            let header = Self.header(link, parent: TC_H_INGRESS, handle: Self.ingressHandle)
            buffer.appendMessage(type: RTM_NEWQDISC, flags: NLM_F_CREATE | NLM_F_EXCL, header) {
                buffer.appendAttribute(Int(TCA_KIND), string: "ingress")
            }
            var filter = Self.header(link, parent: Self.ingressHandle, handle: 0)
            // Priority 1, all protocols in network order.
            filter.tcm_info = 1 << 16 | UInt32(UInt16(ETH_P_ALL).bigEndian)
            buffer.appendMessage(type: RTM_NEWTFILTER, flags: NLM_F_CREATE | NLM_F_EXCL, filter) {
                Self.appendRedirect(to: target, buffer)
            }
        }
    }

    /// What failed of it, for errors.
    func object(_ message: Int) -> String {
        switch self {
        case .limit(let link, _): "rate limit (tbf) of link \(link)"
        case .redirect(let link, _):
            message == 0 ? "ingress of link \(link)" : "redirection of what link \(link) receives"
        }
    }

    /// A filter `u32` that any packet matches: more kernels have it than `matchall`.
    private static func appendRedirect(to link: Int32, _ buffer: MessageBuffer) {
        var selector = tc_u32_sel()
        selector.flags = UInt8(TC_U32_TERMINAL)
        selector.nkeys = 1
        var action = tc_mirred()
        action.action = TC_ACT_STOLEN
        action.eaction = TCA_EGRESS_REDIR
        action.ifindex = UInt32(bitPattern: link)
        buffer.appendAttribute(Int(TCA_KIND), string: "u32")
        buffer.appendNest(Int(TCA_OPTIONS)) {
            // The selector, and its one key: any word under a mask of zero is zero.
            let bytes =
                withUnsafeBytes(of: selector) { [UInt8]($0) } + withUnsafeBytes(of: tc_u32_key()) { [UInt8]($0) }
            buffer.appendAttribute(Int(TCA_U32_SEL), bytes: bytes)
            buffer.appendNest(Int(TCA_U32_ACT)) {
                // The first of a list of actions.
                buffer.appendNest(1) {
                    buffer.appendAttribute(Int(TCA_ACT_KIND), string: "mirred")
                    buffer.appendNest(Int(TCA_ACT_OPTIONS)) {
                        buffer.appendAttribute(
                            Int(TCA_MIRRED_PARMS), bytes: withUnsafeBytes(of: action) { [UInt8]($0) })
                    }
                }
            }
        }
    }

    static func header(_ link: Int32, parent: UInt32, handle: UInt32) -> tcmsg {
        var header = tcmsg()
        header.tcm_family = UInt8(AF_UNSPEC)
        header.tcm_ifindex = link
        header.tcm_parent = parent
        header.tcm_handle = handle
        return header
    }
}
