import Net
import Netlink

/// The table that holds the masquerade and the host ports of this node's pods in one family: a constant number of rules, and
/// sets. Pure.
///
/// It is made by the first pod and stays when the last one goes. The mark bit is that of the configuration that needed one last.
struct PodTable: Hashable, Sendable {
    static let name = "fairlead-cni"
    /// In the comment of a rule. It changes with the rules, so that a newer plugin writes its own in place of an older one's.
    static let version = 1
    static let defaultMarkBit: UInt8 = 13

    let family: IPFamily
    let markBit: UInt8

    init(_ family: IPFamily, markBit: UInt8 = defaultMarkBit) {
        self.family = family
        self.markBit = markBit
    }

    /// With the mark bit of the table that the kernel has.
    init(_ family: IPFamily, comments: [String: [String]]) {
        self.init(family, markBit: Self.markBit(of: comments) ?? Self.defaultMarkBit)
    }

    var table: NFTTable { NFTTable(family: family, name: Self.name) }

    enum Chain {
        static let foreignLoopback = "foreign-loopback"
        static let hostPorts = "host-ports"
        static let prerouting = "prerouting"
        static let output = "output"
        static let postrouting = "postrouting"
    }

    /// linux/netfilter_ipv4.h: NF_IP_PRI_RAW, NF_IP_PRI_NAT_DST, NF_IP_PRI_NAT_SRC. One after the proxy's: the first
    /// translation of a connection is the one that counts, so Services come before host ports, whoever was there first.
    enum Priority {
        static let raw: Int32 = -300
        static let destinationNAT: Int32 = -100 + 1
        static let sourceNAT: Int32 = 100 + 1
    }

    var chains: [NFTChain] {
        func base(_ name: String, _ kind: NFTBaseChain.Kind, _ hook: NFTBaseChain.Hook, _ priority: Int32) -> NFTChain {
            NFTChain(name: name, base: NFTBaseChain(kind: kind, hook: hook, priority: priority))
        }
        let guarding =
            family == .ipv4 ? [base(Chain.foreignLoopback, .filter, .prerouting, Priority.raw)] : []
        return guarding + [
            NFTChain(name: Chain.hostPorts),
            base(Chain.prerouting, .nat, .prerouting, Priority.destinationNAT),
            base(Chain.output, .nat, .output, Priority.destinationNAT),
            base(Chain.postrouting, .nat, .postrouting, Priority.sourceNAT),
        ]
    }

    /// Writes the constant part; elements that are there stay.
    func write(to batch: inout NFTBatch) {
        batch.add(table)
        for chain in chains { batch.add(chain, to: table) }
        for set in PodSet.allCases { batch.add(set.definition, to: table) }
        batch.flushRules(in: table)
        for rule in rules { batch.add(rule, to: table) }
    }

    /// The comments of the rules by chain, by which the constant part is known.
    var comments: [String: [String]] {
        rules.reduce(into: [:]) { $0[$1.chain, default: []].append($1.comment ?? "") }
    }

    /// The mark bit of a table that the kernel has, from the comments of its rules.
    static func markBit(of comments: [String: [String]]) -> UInt8? {
        guard let text = comments[Chain.prerouting]?.first?.split(separator: " ").last else { return nil }
        return UInt8(text).flatMap { $0 < 32 ? $0 : nil }
    }
}
