import Net
import Netlink

/// The rules, each with a comment that says why it is there.
extension PodTable {
    var rules: [NFTRule] { foreignLoopback + entries + hostPorts + postrouting }

    /// The host's end of a pod's link may route 127.0.0.0/8 (route_localnet), for the answers to the node's own connections to
    /// host ports. When they come in they have another destination still, so what has this one is foreign.
    private var foreignLoopback: [NFTRule] {
        guard family == .ipv4 else { return [] }
        return [
            rule(
                Chain.foreignLoopback,
                [
                    .meta(.inputInterfaceName, into: .word(0)),
                    .compare(.word(0), isEqual: false, Self.interfaceName("lo")),
                ], isLoopback(.destinationAddress), [.verdict(.drop)], comment: "127.0.0.0/8 is for this node alone")
        ]
    }

    private var entries: [NFTRule] {
        var isOurs: [NFTExpression] = [
            .destinationAddressType(into: .word(0)),
            .compare(.word(0), isEqual: true, NFTExpression.hostOrder(NFTExpression.typeLocal)),
        ]
        let arriving = rule(
            Chain.prerouting, isOurs, [.verdict(.jump(Chain.hostPorts))],
            comment: "to this node: host ports, after Services; version \(Self.version), mark bit \(markBit)")
        var why = "from this node to itself: host ports, after Services"
        if family == .ipv6 {
            // No answer would find its way back to ::1: IPv6 has no route_localnet.
            isOurs += load(.destinationAddress) + [.compare(.word(0), isEqual: false, Self.loopbackV6)]
            why += "; ::1 cannot be routed"
        }
        return [arriving, rule(Chain.output, isOurs, [.verdict(.jump(Chain.hostPorts))], comment: why)]
    }

    private var hostPorts: [NFTRule] {
        func mark(_ set: PodSet, _ kind: String) -> NFTRule {
            rule(
                Chain.hostPorts, key(set.key), [.lookup(set: set.name, key: .word(0), into: nil, isInverted: false)],
                setMark(mask: ~markValue, xor: markValue), comment: "masquerade: all connections to this \(kind)")
        }
        func translate(_ map: PodSet, _ kind: String) -> NFTRule {
            rule(
                Chain.hostPorts, key(map.key),
                [.lookup(set: map.name, key: .word(0), into: .word(0), isInverted: false)],
                [.destinationNAT(address: .word(0), port: .word(family.byteCount / 4))], comment: kind)
        }
        return [
            mark(.masqueradedAddressPorts, "host port on one address"), mark(.masqueradedPorts, "host port"),
            translate(.hostAddressPorts, "host port on one address"), translate(.hostPorts, "host port on any address"),
        ]
    }

    private var postrouting: [NFTRule] {
        let isMarked: [NFTExpression] = [
            .meta(.mark, into: .word(0)),
            .bitwise(
                from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(markValue),
                xor: NFTExpression.hostOrder(0)),
            .compare(.word(0), isEqual: true, NFTExpression.hostOrder(markValue)),
        ]
        let toHostPortPod = isTranslated + load(.destinationAddress) + lookup(.hostPortPods)
        let masquerade: [NFTExpression] = [.masquerade(fullyRandom: true)]
        var rules = [
            rule(
                Chain.postrouting, isMarked, setMark(mask: .max, xor: markValue), masquerade,
                comment: "marked for masquerade at its host port"),
            rule(
                Chain.postrouting, toHostPortPod, key([.destinationAddress, .sourceAddress]), lookup(.podNetworks),
                masquerade, comment: "host port used by its own pod or a neighbour: the answer has to come back here"),
        ]
        if family == .ipv4 {
            rules.append(
                rule(
                    Chain.postrouting, isLoopback(.sourceAddress), toHostPortPod, masquerade,
                    comment: "host port used over the node's loopback"))
        }
        rules.append(
            rule(
                Chain.postrouting, load(.sourceAddress), lookup(.masqueradedPods), isNoMulticast,
                key([.sourceAddress, .destinationAddress]), lookup(.podNetworks, isInverted: true), masquerade,
                comment: "a pod leaves its network"))
        return rules
    }
}

extension PodTable {
    private var markValue: UInt32 { 1 << UInt32(markBit) }

    private func rule(_ chain: String, _ parts: [NFTExpression]..., comment: String) -> NFTRule {
        NFTRule(chain: chain, expressions: parts.flatMap { $0 }, comment: comment)
    }

    private func setMark(mask: UInt32, xor: UInt32) -> [NFTExpression] {
        [
            .meta(.mark, into: .word(0)),
            .bitwise(
                from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(mask), xor: NFTExpression.hostOrder(xor)),
            .setMeta(.mark, from: .word(0)),
        ]
    }

    private func load(_ field: NFTField) -> [NFTExpression] { key([field]) }

    private func lookup(_ set: PodSet, isInverted: Bool = false) -> [NFTExpression] {
        [.lookup(set: set.name, key: .word(0), into: nil, isInverted: isInverted)]
    }

    /// Loads fields into consecutive words from 0, as a concatenated key is laid out.
    private func key(_ fields: [NFTField]) -> [NFTExpression] {
        var word = 0
        return fields.map { field in
            defer { word += field == .sourceAddress || field == .destinationAddress ? family.byteCount / 4 : 1 }
            return load(field, into: .word(word))
        }
    }

    /// Offsets in struct iphdr and ipv6hdr; the ports are the first words of every transport header.
    private func load(_ field: NFTField, into register: NFTRegister) -> NFTExpression {
        switch field {
        case .sourceAddress:
            .payload(base: .network, offset: sourceOffset, length: family.byteCount, into: register)
        case .destinationAddress:
            .payload(base: .network, offset: destinationOffset, length: family.byteCount, into: register)
        case .l4Protocol: .meta(.l4Protocol, into: register)
        case .sourcePort: .payload(base: .transport, offset: 0, length: 2, into: register)
        case .destinationPort: .payload(base: .transport, offset: 2, length: 2, into: register)
        case .mark, .numgen: .meta(.mark, into: register)
        }
    }

    private var sourceOffset: Int { family == .ipv4 ? 12 : 8 }
    private var destinationOffset: Int { family == .ipv4 ? 16 : 24 }

    /// Goes on for an IPv4 address of 127.0.0.0/8, by its first byte as nft does it.
    private func isLoopback(_ field: NFTField) -> [NFTExpression] {
        let offset = field == .sourceAddress ? sourceOffset : destinationOffset
        return [
            .payload(base: .network, offset: offset, length: 1, into: .word(0)),
            .compare(.word(0), isEqual: true, [127]),
        ]
    }

    /// Goes on when the destination is not in 224.0.0.0/4 or ff00::/8.
    private var isNoMulticast: [NFTExpression] {
        guard family == .ipv4 else {
            return [
                .payload(base: .network, offset: destinationOffset, length: 1, into: .word(0)),
                .compare(.word(0), isEqual: false, [0xFF]),
            ]
        }
        return load(.destinationAddress) + [
            .bitwise(from: .word(0), into: .word(0), mask: [0xF0, 0, 0, 0], xor: [0, 0, 0, 0]),
            .compare(.word(0), isEqual: false, [224, 0, 0, 0]),
        ]
    }

    private var isTranslated: [NFTExpression] {
        [
            .conntrack(.status, into: .word(0)),
            .bitwise(
                from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(NFTExpression.statusDestinationNAT),
                xor: NFTExpression.hostOrder(0)),
            .compare(.word(0), isEqual: false, NFTExpression.hostOrder(0)),
        ]
    }

    private static var loopbackV6: [UInt8] { IPAddress(v6: 0, 1).bytes }

    /// A whole name is compared with its padding.
    private static func interfaceName(_ name: String) -> [UInt8] {
        let bytes = Array(name.utf8)
        return bytes + Array(repeating: 0, count: NFTExpression.interfaceNameByteCount - bytes.count)
    }
}
