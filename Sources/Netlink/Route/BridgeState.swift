import CLinux

/// What a bridge does with VLANs.
package struct BridgeState: Hashable, Sendable {
    /// VLANs are kept apart.
    package let filtersVLANs: Bool
    /// The VLAN that a new port is in, untagged; 0 is none.
    package let defaultVLAN: UInt16
}

extension BridgeState {
    /// From IFLA_LINKINFO; nil for another kind of link.
    init?(_ details: NetlinkAttributes) {
        guard details.first(IFLA_INFO_KIND)?.string == "bridge", let data = details.first(IFLA_INFO_DATA)?.nested else {
            return nil
        }
        filtersVLANs = data.first(IFLA_BR_VLAN_FILTERING)?.load(UInt8.self) == 1
        defaultVLAN = data.first(IFLA_BR_VLAN_DEFAULT_PVID)?.load(UInt16.self) ?? 0
    }
}

extension LinkAttributes {
    /// The bridge's own part of IFLA_LINKINFO, if anything of it is to be set.
    func appendBridgeData(to buffer: MessageBuffer) {
        guard let filtersVLANs else { return }
        buffer.appendNest(IFLA_INFO_DATA) {
            buffer.appendAttribute(IFLA_BR_VLAN_FILTERING, number: UInt8(filtersVLANs ? 1 : 0))
        }
    }
}
