import CLinux
import Net

/// How a bridge treats one of its ports.
package struct BridgePort: Hashable, Sendable {
    /// A frame may leave by the port that it came by.
    package var hairpin: Bool
    /// It reaches only ports that are not isolated.
    package var isIsolated: Bool
    /// Frames come in only from addresses that were said to be behind it (`RouteRequest.setForwarding`).
    package var isLocked: Bool

    package init(hairpin: Bool = false, isIsolated: Bool = false, isLocked: Bool = false) {
        self.hairpin = hairpin
        self.isIsolated = isIsolated
        self.isLocked = isLocked
    }
}

extension BridgePort {
    /// From IFLA_LINKINFO; nil when the link is no port of a bridge.
    init?(_ details: NetlinkAttributes) {
        guard details.first(IFLA_INFO_SLAVE_KIND)?.string == "bridge",
            let data = details.first(IFLA_INFO_SLAVE_DATA)?.nested
        else { return nil }
        func isSet(_ flag: Int) -> Bool { data.first(flag)?.load(UInt8.self) == 1 }
        self.init(
            hairpin: isSet(IFLA_BRPORT_MODE), isIsolated: isSet(IFLA_BRPORT_ISOLATED),
            isLocked: isSet(IFLA_BRPORT_LOCKED))
    }

    /// The port's part of IFLA_LINKINFO.
    func append(to buffer: MessageBuffer) {
        buffer.appendAttribute(IFLA_INFO_SLAVE_KIND, string: "bridge")
        buffer.appendNest(IFLA_INFO_SLAVE_DATA) {
            buffer.appendAttribute(IFLA_BRPORT_MODE, number: UInt8(hairpin ? 1 : 0))
            buffer.appendAttribute(IFLA_BRPORT_ISOLATED, number: UInt8(isIsolated ? 1 : 0))
            buffer.appendAttribute(IFLA_BRPORT_LOCKED, number: UInt8(isLocked ? 1 : 0))
        }
    }

    /// An entry of the forwarding database that neither ages nor moves.
    static func append(_ address: MACAddress, behind port: Int32, flags: Int32, to buffer: MessageBuffer) {
        var header = ndmsg()
        header.ndm_family = UInt8(AF_BRIDGE)
        header.ndm_ifindex = port
        header.ndm_state = UInt16(NUD_NOARP | NUD_REACHABLE)
        header.ndm_flags = UInt8(NTF_MASTER)
        buffer.appendMessage(type: RTM_NEWNEIGH, flags: flags, header) {
            buffer.appendAttribute(NDA_LLADDR, bytes: address.bytes)
        }
    }
}
