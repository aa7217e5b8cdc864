import CNftnl
import Net

extension MessageBuffer {
    /// Appends a message of nf_tables: header and `nfgenmsg`, then what `build` adds at its end through libnftnl or
    /// libmnl. Those do not check for room, so `room` is an upper bound of all of it. The sequence number is 0 until
    /// the batch is sent.
    func appendNFTMessage(
        _ type: nf_tables_msg_types, netfilterProtocol: UInt8, flags: Int32, room: Int,
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void = { _ in }
    ) {
        let start = reserve(room + 64)
        let header = nftnl_nlmsg_build_hdr(
            start.assumingMemoryBound(to: CChar.self), UInt16(type), UInt16(netfilterProtocol), UInt16(flags), 0)
        guard let header else { preconditionFailure("libnftnl makes a header in any memory") }
        build(header)
        advance(by: Int(header.pointee.nlmsg_len))
    }
}

/// What a libnftnl constructor returned; nil means no memory, which ends a Swift program everywhere else too.
func allocated(_ object: OpaquePointer?) -> OpaquePointer {
    guard let object else { preconditionFailure("no memory for a netlink object") }
    return object
}
