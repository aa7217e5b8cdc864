import CLinux
import Net

/// Tells of each flow with a translated destination that ends, with its counts, in the network namespace in which the
/// monitor was made.
///
/// The kernel tells of those that began while somebody listened, or while `nf_conntrack_events` was 1.
package struct ConntrackMonitor: ~Copyable, Sendable, Pollable {
    private let socket: NetlinkSocket
    private var datagram = [UInt8](repeating: 0, count: 32 << 10)

    /// - Parameter receiveBufferByteCount: What the kernel may queue before it drops news; about 1 KiB each.
    package init(receiveBufferByteCount: Int = 16 << 20) throws(NetlinkError) {
        let socket = try NetlinkSocket(
            family: NETLINK_NETFILTER, groups: [NFNLGRP_CONNTRACK_DESTROY.rawValue],
            receiveBufferByteCount: receiveBufferByteCount)
        try socket.attach(filter: Self.translatedDestinations)
        self.socket = socket
    }

    package var rawDescriptor: Int32 { socket.rawDescriptor }

    /// Takes the news that are there, without waiting.
    ///
    /// - Parameter limit: So many at most; for who has other things to do under a storm of them.
    /// - Returns: How often news were lost for want of room.
    package mutating func drain(
        limit: Int = .max, _ ended: (ConntrackFlow) -> Void
    ) throws(NetlinkError) -> Int {
        var overflows = 0
        var count = 0
        while true {
            guard count < limit else { return overflows }
            count += 1
            switch try socket.receive(into: &datagram) {
            case .empty: return overflows
            case .overflow: overflows += 1
            case .datagram(let length):
                for message in NetlinkMessages(datagram[..<length])
                where message.type == UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(IPCTNL_MSG_CT_DELETE) {
                    if let flow = ConntrackFlow(message), flow.isTranslated { ended(flow) }
                }
            }
        }
    }

    /// Lets the kernel queue only events whose `CTA_STATUS` has `IPS_DST_NAT`, so that no other wakes anybody.
    ///
    /// `SKF_AD_NLATTR` finds the attribute of type X from the offset in A on, and gives its offset, or 0
    /// (Documentation/networking/filter.rst).
    private static var translatedDestinations: [sock_filter] {
        let attributes = UInt32(MemoryLayout<nlmsghdr>.size + MemoryLayout<nfgenmsg>.size)
        let findAttribute = UInt32(bitPattern: SKF_AD_OFF + SKF_AD_NLATTR)
        return [
            sock_filter(BPF_LD | BPF_IMM, attributes),
            sock_filter(BPF_LDX | BPF_IMM, CTA_STATUS.rawValue),
            sock_filter(BPF_LD | BPF_W | BPF_ABS, findAttribute),
            sock_filter(BPF_JMP | BPF_JEQ | BPF_K, 0, ifTrue: 3),
            sock_filter(BPF_MISC | BPF_TAX, 0),
            sock_filter(BPF_LD | BPF_W | BPF_IND, UInt32(MemoryLayout<nlattr>.size)),
            sock_filter(BPF_JMP | BPF_JSET | BPF_K, IPS_DST_NAT.rawValue, ifTrue: 1),
            sock_filter(BPF_RET | BPF_K, 0),
            sock_filter(BPF_RET | BPF_K, .max),
        ]
    }
}

extension sock_filter {
    fileprivate init(_ code: Int32, _ operand: UInt32, ifTrue: UInt8 = 0) {
        self.init(code: UInt16(code), jt: ifTrue, jf: 0, k: operand)
    }
}
