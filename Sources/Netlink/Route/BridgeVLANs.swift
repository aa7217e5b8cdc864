import CLinux

/// The VLANs of a port of a bridge, or of the bridge itself: of the packets that it receives and sends as an interface.
package struct BridgeVLANs: Hashable, Sendable, CustomStringConvertible {
    package struct VLANRange: Hashable, Sendable {
        package var first: UInt16
        package var last: UInt16
        /// Frames leave without a tag, and those that come in without one are in this VLAN: of a single VLAN only.
        package var isUntagged: Bool

        package init(first: UInt16, last: UInt16, isUntagged: Bool = false) {
            self.first = first
            self.last = last
            self.isUntagged = isUntagged
        }
    }

    /// The port's index, or the bridge's.
    package let linkIndex: Int32
    package let isBridge: Bool
    package let ranges: [VLANRange]

    package init(linkIndex: Int32, isBridge: Bool = false, _ ranges: [VLANRange]) {
        self.linkIndex = linkIndex
        self.isBridge = isBridge
        self.ranges = ranges
    }

    package var description: String {
        let list = ranges.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
        return "VLAN \(list.joined(separator: ", ")) of link \(linkIndex)"
    }
}

extension BridgeVLANs {
    /// From RTM_NEWLINK of the family of bridges; nil for another message, or one that is cut short.
    init?(_ message: NetlinkMessage) {
        guard Int(message.type) == RTM_NEWLINK, let header = message.payload.load(ifinfomsg.self),
            Int32(header.ifi_family) == AF_BRIDGE
        else { return nil }
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<ifinfomsg>.size))
        let found = attributes.first(IFLA_AF_SPEC)?.nested.compactMap { attribute in
            Int(attribute.type) == IFLA_BRIDGE_VLAN_INFO ? attribute.load(bridge_vlan_info.self) : nil
        }
        var ranges: [VLANRange] = []
        for vlan in found ?? [] {
            if Int32(vlan.flags) & BRIDGE_VLAN_INFO_RANGE_END != 0, !ranges.isEmpty {
                ranges[ranges.count - 1].last = vlan.vid
            } else {
                let isUntagged = Int32(vlan.flags) & BRIDGE_VLAN_INFO_PVID != 0
                ranges.append(VLANRange(first: vlan.vid, last: vlan.vid, isUntagged: isUntagged))
            }
        }
        self.init(
            linkIndex: header.ifi_index, isBridge: attributes.first(IFLA_MASTER)?.load(Int32.self) == header.ifi_index,
            ranges)
    }

    func append(_ type: Int, to buffer: MessageBuffer) {
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_BRIDGE)
        header.ifi_index = linkIndex
        buffer.appendMessage(type: type, flags: 0, header) {
            buffer.appendNest(IFLA_AF_SPEC) {
                let side = UInt16(isBridge ? BRIDGE_FLAGS_SELF : BRIDGE_FLAGS_MASTER)
                buffer.appendAttribute(IFLA_BRIDGE_FLAGS, number: side)
                for range in ranges { range.append(to: buffer) }
            }
        }
    }
}

extension BridgeVLANs.VLANRange {
    fileprivate func append(to buffer: MessageBuffer) {
        func append(_ id: UInt16, _ flags: Int32) {
            let flags = flags | (isUntagged ? BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED : 0)
            let info = bridge_vlan_info(flags: UInt16(flags), vid: id)
            buffer.appendAttribute(IFLA_BRIDGE_VLAN_INFO, bytes: withUnsafeBytes(of: info) { [UInt8]($0) })
        }
        guard first != last else { return append(first, 0) }
        append(first, BRIDGE_VLAN_INFO_RANGE_BEGIN)
        append(last, BRIDGE_VLAN_INFO_RANGE_END)
    }
}
