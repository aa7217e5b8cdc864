import CLinux

/// Attributes of netlink: a length and a type of 16 bits each in host order, then the value, padded to 4 bytes.
extension MessageBuffer {
    func appendAttributeHeader(type: UInt16, length: Int) {
        let header = reserve(MemoryLayout<nlattr>.size)
        header.storeBytes(of: nlattr(nla_len: UInt16(truncatingIfNeeded: length), nla_type: type), as: nlattr.self)
        advance(by: MemoryLayout<nlattr>.size)
    }

    func appendAttribute(_ type: some RawRepresentable<UInt32>, bytes: some Collection<UInt8>) {
        appendAttribute(UInt16(type), bytes: bytes)
    }

    func appendAttribute(_ type: UInt16, bytes: some Collection<UInt8>) {
        appendAttributeHeader(type: type, length: MemoryLayout<nlattr>.size + bytes.count)
        append(bytes)
        pad()
    }

    /// A string with its NUL.
    func appendAttribute(_ type: some RawRepresentable<UInt32>, string: String) {
        appendAttribute(UInt16(type), bytes: [UInt8](string.utf8) + [0])
    }

    /// Zeros up to the next multiple of 4.
    func pad() {
        while count % 4 != 0 { append(CollectionOfOne(0)) }
    }
}
