import CLinux

/// One message of a datagram: its header's fields and where its payload lies.
struct NetlinkMessage {
    let type: UInt16
    let flags: UInt16
    let sequence: UInt32
    let payload: ArraySlice<UInt8>
}

/// The messages of a datagram. It ends at the first header that does not fit what is left: the kernel makes none
/// such, and nothing after it could be trusted.
struct NetlinkMessages: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ datagram: ArraySlice<UInt8>) { rest = datagram }

    mutating func next() -> NetlinkMessage? {
        guard let header = rest.load(nlmsghdr.self) else { return nil }
        let length = Int(header.nlmsg_len)
        guard length >= MemoryLayout<nlmsghdr>.size, length <= rest.count else {
            rest = []
            return nil
        }
        let payload = rest.prefix(length).dropFirst(MemoryLayout<nlmsghdr>.size)
        rest = rest.dropFirst((length + 3) & ~3)
        return NetlinkMessage(
            type: header.nlmsg_type, flags: header.nlmsg_flags, sequence: header.nlmsg_seq, payload: payload)
    }
}

/// An attribute: its type without the flag bits, and its value.
struct NetlinkAttribute {
    let type: UInt16
    let value: ArraySlice<UInt8>

    /// The value as an integer or structure in host order; nil when it is shorter.
    func load<Value: BitwiseCopyable>(_ type: Value.Type) -> Value? { value.load(type) }

    /// The value up to its NUL.
    var string: String { String(decoding: value.prefix { $0 != 0 }, as: UTF8.self) }

    /// The attributes inside the value.
    var nested: NetlinkAttributes { NetlinkAttributes(value) }
}

/// The attributes of a payload; it ends, as `NetlinkMessages` does, at the first that does not fit.
struct NetlinkAttributes: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ payload: ArraySlice<UInt8>) { rest = payload }

    mutating func next() -> NetlinkAttribute? {
        guard let header = rest.load(nlattr.self) else { return nil }
        let length = Int(header.nla_len)
        guard length >= MemoryLayout<nlattr>.size, length <= rest.count else {
            rest = []
            return nil
        }
        let value = rest.prefix(length).dropFirst(MemoryLayout<nlattr>.size)
        rest = rest.dropFirst((length + 3) & ~3)
        // NLA_TYPE_MASK, which is an expression that Swift does not import.
        let mask = ~UInt16(truncatingIfNeeded: NLA_F_NESTED | NLA_F_NET_BYTEORDER)
        return NetlinkAttribute(type: header.nla_type & mask, value: value)
    }

    /// The first attribute of that type.
    func first(_ type: some RawRepresentable<UInt32>) -> NetlinkAttribute? { first { $0.type == UInt16(type) } }

    /// As above, for the enumerations that C left without a name.
    func first(_ type: Int) -> NetlinkAttribute? { first { Int($0.type) == type } }
}

extension ArraySlice<UInt8> {
    /// A C structure or integer at the start of the slice, copied; nil when the slice is shorter.
    func load<Value: BitwiseCopyable>(_: Value.Type) -> Value? {
        guard count >= MemoryLayout<Value>.size else { return nil }
        return withUnsafeBytes { $0.loadUnaligned(as: Value.self) }
    }
}
