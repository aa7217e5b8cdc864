import CLinux
import Net

/// The link address of a neighbour.
package struct Neighbour: Hashable, Sendable {
    package let address: IPAddress
    package let linkIndex: Int32
    /// Nil while it is not known.
    package let macAddress: MACAddress?
    /// Set by an administrator: it does not expire.
    package let isPermanent: Bool

    package init(_ address: IPAddress, linkIndex: Int32, macAddress: MACAddress?, isPermanent: Bool = true) {
        self.address = address
        self.linkIndex = linkIndex
        self.macAddress = macAddress
        self.isPermanent = isPermanent
    }
}

extension Neighbour {
    /// From RTM_NEWNEIGH; nil for another message, one that is cut short, or one of no IP family.
    init?(_ message: NetlinkMessage) {
        guard Int(message.type) == RTM_NEWNEIGH, let header = message.payload.load(ndmsg.self) else { return nil }
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<ndmsg>.size))
        guard let address = attributes.first(NDA_DST).flatMap({ IPAddress(bytes: $0.value) }),
            address.family.addressFamily == header.ndm_family
        else { return nil }
        self.init(
            address, linkIndex: header.ndm_ifindex,
            macAddress: attributes.first(NDA_LLADDR).flatMap { MACAddress(bytes: $0.value) },
            isPermanent: header.ndm_state & UInt16(NUD_PERMANENT) != 0)
    }

    func append(_ type: Int, flags: Int32, to buffer: MessageBuffer) {
        var header = ndmsg()
        header.ndm_family = address.family.addressFamily
        header.ndm_ifindex = linkIndex
        header.ndm_state = UInt16(isPermanent ? NUD_PERMANENT : NUD_REACHABLE)
        buffer.appendMessage(type: type, flags: flags, header) {
            buffer.appendAttribute(NDA_DST, bytes: address.bytes)
            if let macAddress { buffer.appendAttribute(NDA_LLADDR, bytes: macAddress.bytes) }
        }
    }
}
