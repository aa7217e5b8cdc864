import CLinux
import Net

/// One direction of a flow, as conntrack sees it: who sends to whom.
package struct FlowTuple: Hashable, Sendable, CustomStringConvertible {
    package let `protocol`: L4Protocol
    package let source: IPAddress
    package let sourcePort: UInt16
    package let destination: IPAddress
    package let destinationPort: UInt16

    package init(
        _ protocol: L4Protocol, source: IPAddress, _ sourcePort: UInt16, destination: IPAddress,
        _ destinationPort: UInt16
    ) {
        self.protocol = `protocol`
        self.source = source
        self.sourcePort = sourcePort
        self.destination = destination
        self.destinationPort = destinationPort
    }

    /// `UDP 10.244.1.5 40000 → 10.96.0.10 53`.
    package var description: String {
        "\(`protocol`) \(source) \(sourcePort) → \(destination) \(destinationPort)"
    }
}

extension FlowTuple {
    /// From the value of `CTA_TUPLE_ORIG` or `CTA_TUPLE_REPLY`; nil for protocols without ports, and for flows of another
    /// conntrack zone than the default one, which are not this namespace's own.
    init?(_ attribute: NetlinkAttribute) {
        var (network, transport): (NetlinkAttributes?, NetlinkAttributes?) = (nil, nil)
        for part in attribute.nested {
            switch Int(part.type) {
            case Int(CTA_TUPLE_IP): network = part.nested
            case Int(CTA_TUPLE_PROTO): transport = part.nested
            case Int(CTA_TUPLE_ZONE): return nil
            default: break
            }
        }
        var addresses: (source: IPAddress?, destination: IPAddress?)
        for part in network ?? NetlinkAttributes([]) {
            switch Int(part.type) {
            case Int(CTA_IP_V4_SRC), Int(CTA_IP_V6_SRC): addresses.source = IPAddress(bytes: part.value)
            case Int(CTA_IP_V4_DST), Int(CTA_IP_V6_DST): addresses.destination = IPAddress(bytes: part.value)
            default: break
            }
        }
        var ports: (source: UInt16?, destination: UInt16?)
        var number: UInt8?
        for part in transport ?? NetlinkAttributes([]) {
            switch Int(part.type) {
            case Int(CTA_PROTO_NUM): number = part.value.first
            case Int(CTA_PROTO_SRC_PORT): ports.source = part.load(UInt16.self)?.byteSwapped
            case Int(CTA_PROTO_DST_PORT): ports.destination = part.load(UInt16.self)?.byteSwapped
            default: break
            }
        }
        guard let number, let `protocol` = L4Protocol(rawValue: number), let source = addresses.source,
            let destination = addresses.destination, let sourcePort = ports.source,
            let destinationPort = ports.destination
        else { return nil }
        self.init(`protocol`, source: source, sourcePort, destination: destination, destinationPort)
    }

    /// Appends the whole tuple as the attribute `type`.
    func append(_ type: ctattr_type, to buffer: MessageBuffer) {
        let isIPv4 = source.family == .ipv4
        buffer.appendNest(Int(type)) {
            buffer.appendNest(Int(CTA_TUPLE_IP)) {
                buffer.appendAttribute(isIPv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, bytes: source.bytes)
                buffer.appendAttribute(isIPv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, bytes: destination.bytes)
            }
            buffer.appendNest(Int(CTA_TUPLE_PROTO)) {
                buffer.appendAttribute(CTA_PROTO_NUM, number: `protocol`.rawValue)
                buffer.appendAttribute(CTA_PROTO_SRC_PORT, number: sourcePort.bigEndian)
                buffer.appendAttribute(CTA_PROTO_DST_PORT, number: destinationPort.bigEndian)
            }
        }
    }
}
