import CLinux
import Net

/// Which packets look for their route in which table.
package struct RoutingRule: Hashable, Sendable {
    package let family: IPFamily
    /// Lower comes first.
    package let priority: UInt32
    package let table: UInt32
    package let source: IPPrefix?
    package let destination: IPPrefix?
    /// Packets whose mark under the mask is this.
    package let mark: Mark?

    package struct Mark: Hashable, Sendable {
        package let value: UInt32
        package let mask: UInt32

        package init(_ value: UInt32, mask: UInt32 = .max) {
            self.value = value
            self.mask = mask
        }
    }

    package init(
        _ family: IPFamily, priority: UInt32, table: UInt32, source: IPPrefix? = nil, destination: IPPrefix? = nil,
        mark: Mark? = nil
    ) {
        self.family = family
        self.priority = priority
        self.table = table
        self.source = source
        self.destination = destination
        self.mark = mark
    }
}

extension RoutingRule {
    /// From RTM_NEWRULE; nil for another message, one that is cut short, or one of no IP family.
    init?(_ message: NetlinkMessage) {
        guard Int(message.type) == RTM_NEWRULE, let header = message.payload.load(fib_rule_hdr.self),
            let family = IPFamily(addressFamily: header.family)
        else { return nil }
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<fib_rule_hdr>.size))
        func prefix(_ type: Int, _ length: UInt8) -> IPPrefix? {
            attributes.first(type).flatMap { IPAddress(bytes: $0.value) }
                .flatMap { IPPrefix(containing: $0, length: Int(length)) }
        }
        let mark = attributes.first(FRA_FWMARK)?.load(UInt32.self)
        let mask = attributes.first(FRA_FWMASK)?.load(UInt32.self)
        self.init(
            family, priority: attributes.first(FRA_PRIORITY)?.load(UInt32.self) ?? 0,
            table: attributes.first(FRA_TABLE)?.load(UInt32.self) ?? UInt32(header.table),
            source: prefix(FRA_SRC, header.src_len), destination: prefix(FRA_DST, header.dst_len),
            mark: mark.map { Mark($0, mask: mask ?? .max) })
    }

    func append(_ type: Int, flags: Int32, to buffer: MessageBuffer) {
        var header = fib_rule_hdr()
        header.family = family.addressFamily
        header.src_len = UInt8(source?.length ?? 0)
        header.dst_len = UInt8(destination?.length ?? 0)
        header.table = UInt8(exactly: table) ?? UInt8(RT_TABLE_UNSPEC.rawValue)
        header.action = UInt8(FR_ACT_TO_TBL)
        buffer.appendMessage(type: type, flags: flags, header) {
            buffer.appendAttribute(FRA_PRIORITY, number: priority)
            buffer.appendAttribute(FRA_TABLE, number: table)
            if let source { buffer.appendAttribute(FRA_SRC, bytes: source.address.bytes) }
            if let destination { buffer.appendAttribute(FRA_DST, bytes: destination.address.bytes) }
            if let mark {
                buffer.appendAttribute(FRA_FWMARK, number: mark.value)
                buffer.appendAttribute(FRA_FWMASK, number: mark.mask)
            }
        }
    }
}
