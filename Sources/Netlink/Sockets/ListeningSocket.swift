import CLinux
import Net

/// A socket that takes connections, or datagrams from anybody.
package struct ListeningSocket: Hashable, Sendable {
    package let transport: L4Protocol
    /// `0.0.0.0` or `::` for all.
    package let address: IPAddress
    package let port: UInt16
    /// An IPv6 socket that takes no IPv4.
    package let isIPv6Only: Bool
    /// Its number in the kernel's socket file system, as `/proc/PID/fd` has it; 0 when nobody has it open.
    package let inode: UInt32

    package init(_ transport: L4Protocol, address: IPAddress, port: UInt16, isIPv6Only: Bool, inode: UInt32) {
        self.transport = transport
        self.address = address
        self.port = port
        self.isIPv6Only = isIPv6Only
        self.inode = inode
    }

    /// Whether it gets what is sent to that address, or (nil) to one of that family.
    package func hears(_ address: IPAddress?, _ family: IPFamily) -> Bool {
        if self.address.family == family {
            return self.address.isUnspecified || address == nil || address?.isUnspecified == true
                || address == self.address
        }
        guard family == .ipv4, !isIPv6Only else { return false }
        if self.address.isUnspecified { return true }
        guard let mapped = self.address.mappedIPv4 else { return false }
        return address == nil || address?.isUnspecified == true || mapped.isUnspecified || address == mapped
    }
}

extension IPAddress {
    /// The IPv4 address that an IPv6 one of ::ffff:0:0/96 stands for.
    fileprivate var mappedIPv4: IPAddress? {
        guard family == .ipv6, highBits == 0, lowBits >> 32 == 0xFFFF else { return nil }
        return IPAddress(v4: UInt32(truncatingIfNeeded: lowBits))
    }
}

extension ListeningSocket {
    /// From a message of `SocketDiagnostics`; nil for another, or one that is cut short.
    init?(_ message: NetlinkMessage, _ transport: L4Protocol) {
        guard Int32(message.type) == SOCK_DIAG_BY_FAMILY, let header = message.payload.load(inet_diag_msg.self) else {
            return nil
        }
        let isIPv4 = Int32(header.idiag_family) == AF_INET
        let bytes = withUnsafeBytes(of: header.id.idiag_src) { [UInt8]($0.prefix(isIPv4 ? 4 : 16)) }
        guard let address = IPAddress(bytes: bytes) else { return nil }
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<inet_diag_msg>.size))
        self.init(
            transport, address: address, port: UInt16(bigEndian: header.id.idiag_sport),
            isIPv6Only: attributes.first(Int(INET_DIAG_SKV6ONLY))?.value.first ?? 0 != 0,
            inode: header.idiag_inode)
    }
}
