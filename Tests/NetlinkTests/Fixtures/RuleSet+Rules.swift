import Net
import Netlink

extension RuleSet {
    var rules: [NFTRule] {
        let mark = NFTExpression.hostOrder(0x4000)
        return [
            NFTRule(chain: "pick-4", expressions: frontend + pick(4)),
            NFTRule(chain: "pick-4", expressions: frontend + pick(4)),
            NFTRule(chain: "pick-4", expressions: frontend + pick(2)),
            NFTRule(chain: "pick-nodeport-4", expressions: nodePort + pickNodePort(4)),
            NFTRule(
                chain: "cluster-ip-services",
                expressions: [source(0), lookup("pod-cidrs", isInverted: true)] + setMark(keeping: 0xFFFF_BFFF)),
            NFTRule(
                chain: "cluster-ip-services",
                expressions: frontend + [lookup("frontends-4"), .verdict(.jump("pick-4"))]),
            NFTRule(chain: "cluster-ip-services", expressions: frontend + pick(1)),
            NFTRule(chain: "nodeport-services", expressions: setMark(keeping: 0xFFFF_BFFF)),
            NFTRule(
                chain: "nodeport-services",
                expressions: nodePort + [lookup("nodeports-4"), .verdict(.jump("pick-nodeport-4"))]),
            NFTRule(
                chain: "services",
                expressions: [destination(0), lookup("cluster-ips"), .verdict(.goto("cluster-ip-services"))]),
            NFTRule(
                chain: "services",
                expressions: toNodePort + [.verdict(.goto("nodeport-services"))]),
            NFTRule(chain: "prerouting", expressions: [.verdict(.jump("services"))]),
            NFTRule(chain: "output", expressions: [.verdict(.jump("services"))]),
            NFTRule(
                chain: "postrouting",
                expressions: [
                    .meta(.mark, into: .word(0)),
                    .bitwise(from: .word(0), into: .word(0), mask: mark, xor: [0, 0, 0, 0]),
                    .compare(.word(0), isEqual: true, mark),
                ] + setMark(keeping: .max) + [.masquerade(fullyRandom: true)]),
            NFTRule(
                chain: "postrouting",
                expressions: connection(.status, NFTExpression.statusDestinationNAT, isSet: true) + [
                    source(0), destination(addressWords), lookup("hairpin"), .masquerade(fullyRandom: true),
                ]),
            NFTRule(
                chain: "check-input",
                expressions: connection(.state, NFTExpression.stateNew, isSet: true)
                    + connection(.status, NFTExpression.statusDestinationNAT, isSet: false) + toNodePort + [.reject],
                comment: "no endpoints"),
            NFTRule(chain: "check-forward", expressions: rejectClusterIPs),
            NFTRule(chain: "check-output", expressions: rejectClusterIPs),
        ]
    }

    private var addressWords: Int { family.byteCount / 4 }

    private func source(_ word: Int) -> NFTExpression {
        .payload(
            base: .network, offset: family == .ipv4 ? 12 : 8, length: family.byteCount, into: .word(word))
    }

    private func destination(_ word: Int) -> NFTExpression {
        .payload(
            base: .network, offset: family == .ipv4 ? 16 : 24, length: family.byteCount, into: .word(word))
    }

    private func port(_ word: Int) -> NFTExpression {
        .payload(base: .transport, offset: 2, length: 2, into: .word(word))
    }

    private func lookup(_ set: String, isInverted: Bool = false) -> NFTExpression {
        .lookup(set: set, key: .word(0), into: nil, isInverted: isInverted)
    }

    private var frontend: [NFTExpression] {
        [destination(0), .meta(.l4Protocol, into: .word(addressWords)), port(addressWords + 1)]
    }

    private var nodePort: [NFTExpression] { [.meta(.l4Protocol, into: .word(0)), port(1)] }

    private var toNodePort: [NFTExpression] {
        [destination(0), lookup("node-ips")] + nodePort + [lookup("nodeports")]
    }

    private func pick(_ count: UInt32) -> [NFTExpression] {
        [.numgenRandom(modulus: count, offset: 0, into: .word(addressWords + 2))] + translate("endpoints")
    }

    private func pickNodePort(_ count: UInt32) -> [NFTExpression] {
        [.numgenRandom(modulus: count, offset: 0, into: .word(2))] + translate("nodeport-endpoints")
    }

    private func translate(_ map: String) -> [NFTExpression] {
        [
            .lookup(set: map, key: .word(0), into: .word(0), isInverted: false),
            .destinationNAT(address: .word(0), port: .word(addressWords)),
        ]
    }

    private func setMark(keeping mask: UInt32) -> [NFTExpression] {
        [
            .meta(.mark, into: .word(0)),
            .bitwise(
                from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(mask),
                xor: NFTExpression.hostOrder(0x4000)),
            .setMeta(.mark, from: .word(0)),
        ]
    }

    private func connection(_ key: NFTConntrackKey, _ bits: UInt32, isSet: Bool) -> [NFTExpression] {
        [
            .conntrack(key, into: .word(0)),
            .bitwise(from: .word(0), into: .word(0), mask: NFTExpression.hostOrder(bits), xor: [0, 0, 0, 0]),
            .compare(.word(0), isEqual: !isSet, [0, 0, 0, 0]),
        ]
    }

    private var rejectClusterIPs: [NFTExpression] {
        connection(.state, NFTExpression.stateNew, isSet: true) + [destination(0), lookup("cluster-ips"), .reject]
    }
}
