import CLinux

/// Attributes of netlink: a length and a type of 16 bits each in host order, then the value, padded to 4 bytes.
///
/// Their types are enumerations of the kernel's headers: those with a name are imported as structures over `UInt32`,
/// those without as `Int`.
extension MessageBuffer {
    func appendAttribute(_ type: some RawRepresentable<UInt32>, bytes: some Collection<UInt8>) {
        appendAttribute(Int(type), bytes: bytes)
    }

    func appendAttribute(_ type: Int, bytes: some Collection<UInt8>) {
        appendAttributeHeader(type: UInt16(type), length: MemoryLayout<nlattr>.size + bytes.count)
        append(bytes)
        pad()
    }

    /// A string with its NUL.
    func appendAttribute(_ type: some RawRepresentable<UInt32>, string: String) {
        appendAttribute(Int(type), string: string)
    }

    func appendAttribute(_ type: Int, string: String) {
        appendAttribute(type, bytes: [UInt8](string.utf8) + [0])
    }

    /// A number in host order.
    func appendAttribute(_ type: some RawRepresentable<UInt32>, number: some FixedWidthInteger & BitwiseCopyable) {
        appendAttribute(Int(type), number: number)
    }

    func appendAttribute(_ type: Int, number: some FixedWidthInteger & BitwiseCopyable) {
        appendAttribute(type, bytes: withUnsafeBytes(of: number) { [UInt8]($0) })
    }

    /// An attribute that holds what `body` appends.
    func appendNest(_ type: Int, _ body: () -> Void) {
        let start = count
        appendAttributeHeader(type: UInt16(type) | UInt16(NLA_F_NESTED), length: 0)
        body()
        mutableBytes.storeBytes(of: UInt16(truncatingIfNeeded: count - start), toByteOffset: start, as: UInt16.self)
    }

    /// A message: the header, the kernel's structure for the type, then the attributes that `body` appends.
    func appendMessage(
        type: Int, flags: Int32, _ header: some BitwiseCopyable, _ body: () -> Void = {}
    ) {
        let start = count
        append(
            structure: nlmsghdr(
                nlmsg_len: 0, nlmsg_type: UInt16(type), nlmsg_flags: UInt16(NLM_F_REQUEST | flags), nlmsg_seq: 0,
                nlmsg_pid: 0))
        append(structure: header)
        pad()
        body()
        mutableBytes.storeBytes(of: UInt32(count - start), toByteOffset: start, as: UInt32.self)
    }

    /// A C structure as it is.
    func append(structure: some BitwiseCopyable) {
        append(withUnsafeBytes(of: structure) { [UInt8]($0) })
    }

    func appendAttributeHeader(type: UInt16, length: Int) {
        append(structure: nlattr(nla_len: UInt16(truncatingIfNeeded: length), nla_type: type))
    }

    /// Zeros up to the next multiple of 4.
    private func pad() {
        while count % 4 != 0 { append(CollectionOfOne(0)) }
    }
}
