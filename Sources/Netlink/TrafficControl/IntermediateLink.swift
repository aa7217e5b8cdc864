import CLinux

/// A link of kind `ifb`: what is redirected to it leaves over it, and goes on where it came from. Packets that come in can be
/// queued that way.
package struct IntermediateLink: Hashable, Sendable {
    package let index: Int32
    package let name: String
    /// `IFLA_IFALIAS`
    package let alias: String?
}

extension IntermediateLink {
    package static var kind: String { "ifb" }

    /// From RTM_NEWLINK; nil for another message or another kind of link.
    init?(_ message: NetlinkMessage) {
        guard Int(message.type) == RTM_NEWLINK, let header = message.payload.load(ifinfomsg.self) else { return nil }
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<ifinfomsg>.size))
        guard attributes.first(IFLA_LINKINFO)?.nested.first(IFLA_INFO_KIND)?.string == Self.kind,
            let name = attributes.first(IFLA_IFNAME)?.string
        else { return nil }
        self.init(index: header.ifi_index, name: name, alias: attributes.first(IFLA_IFALIAS)?.string)
    }
}
