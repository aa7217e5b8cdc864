import CLinux
import Net

/// An address of a link.
package struct InterfaceAddress: Hashable, Sendable {
    package let address: IPAddress
    /// How many bits of it name the network on the link.
    package let prefixLength: Int
    package let linkIndex: Int32
    package let scope: RouteScope
    /// IPv6 without duplicate address detection: usable at once.
    package let skipsDuplicateDetection: Bool
    /// IPv6 that detection has not cleared yet; the kernel's to say.
    package let isTentative: Bool
    /// IPv6 that somebody else on the link has; the kernel's to say.
    package let isDuplicate: Bool

    package init(
        _ address: IPAddress, prefixLength: Int, linkIndex: Int32, scope: RouteScope = .global,
        skipsDuplicateDetection: Bool = false
    ) {
        self.init(
            address, prefixLength, linkIndex, scope, skipsDuplicateDetection: skipsDuplicateDetection,
            isTentative: false, isDuplicate: false)
    }

    private init(
        _ address: IPAddress, _ prefixLength: Int, _ linkIndex: Int32, _ scope: RouteScope,
        skipsDuplicateDetection: Bool, isTentative: Bool, isDuplicate: Bool
    ) {
        self.address = address
        self.prefixLength = prefixLength
        self.linkIndex = linkIndex
        self.scope = scope
        self.skipsDuplicateDetection = skipsDuplicateDetection
        self.isTentative = isTentative
        self.isDuplicate = isDuplicate
    }
}

extension InterfaceAddress {
    /// From RTM_NEWADDR; nil for another message, one that is cut short, or one of no IP family.
    init?(_ message: NetlinkMessage) {
        guard Int(message.type) == RTM_NEWADDR, let header = message.payload.load(ifaddrmsg.self) else { return nil }
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<ifaddrmsg>.size))
        // IFA_ADDRESS is the other side's address on a point-to-point link; IFA_LOCAL is ours then.
        guard let bytes = (attributes.first(IFA_LOCAL) ?? attributes.first(IFA_ADDRESS))?.value,
            let address = IPAddress(bytes: bytes), address.family.addressFamily == header.ifa_family
        else { return nil }
        let flags = attributes.first(IFA_FLAGS)?.load(UInt32.self) ?? UInt32(header.ifa_flags)
        self.init(
            address, Int(header.ifa_prefixlen), Int32(bitPattern: header.ifa_index),
            RouteScope(rawValue: header.ifa_scope), skipsDuplicateDetection: flags & UInt32(IFA_F_NODAD) != 0,
            isTentative: flags & UInt32(IFA_F_TENTATIVE) != 0, isDuplicate: flags & UInt32(IFA_F_DADFAILED) != 0)
    }

    func append(_ type: Int, flags: Int32, to buffer: MessageBuffer) {
        var header = ifaddrmsg()
        header.ifa_family = address.family.addressFamily
        header.ifa_prefixlen = UInt8(clamping: prefixLength)
        header.ifa_scope = scope.rawValue
        header.ifa_index = UInt32(bitPattern: linkIndex)
        buffer.appendMessage(type: type, flags: flags, header) {
            buffer.appendAttribute(IFA_LOCAL, bytes: address.bytes)
            buffer.appendAttribute(IFA_ADDRESS, bytes: address.bytes)
            if skipsDuplicateDetection { buffer.appendAttribute(IFA_FLAGS, number: UInt32(IFA_F_NODAD)) }
        }
    }
}

extension IPFamily {
    /// `AF_INET` or `AF_INET6`.
    var addressFamily: UInt8 { UInt8(self == .ipv4 ? AF_INET : AF_INET6) }

    /// Nil for any other address family.
    init?(addressFamily: UInt8) {
        switch Int32(addressFamily) {
        case AF_INET: self = .ipv4
        case AF_INET6: self = .ipv6
        default: return nil
        }
    }
}
