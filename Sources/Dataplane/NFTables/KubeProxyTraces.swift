import Net
import Netlink

/// What kube-proxy has programmed in a network namespace, and leaves there when it ends, in any of its modes.
package struct KubeProxyTraces: Hashable, Sendable {
    /// Of its nftables mode.
    package internal(set) var tables: [NFTTable] = []
    /// Of its iptables and ipvs modes, through iptables-nft.
    package internal(set) var rules: [KubeProxyRules] = []
    /// The ipvs mode's link, which holds the ClusterIPs; its name is kube-proxy's alone.
    package internal(set) var hasLink = false
    /// Tables of legacy iptables, which may have rules of kube-proxy; nothing of them is ever removed.
    package internal(set) var legacyTables: [IPFamily: [String]] = [:]

    static let tableName = "kube-proxy"
    static let linkName = "kube-ipvs0"
    static let iptablesNames: Set<String> = ["filter", "mangle", "nat"]

    /// What there is, other than in legacy tables.
    package var isEmpty: Bool { tables.isEmpty && rules.isEmpty && !hasLink }

    /// What there is, an entry for people each: "table ip kube-proxy".
    package var items: [String] {
        tables.map { "table \($0)" }
            + rules.map { "chains of table \($0.table) (\($0.chains.count)) and jumps to them (\($0.jumps.count))" }
            + (hasLink ? ["link \(Self.linkName)"] : [])
    }

    /// What stays all the same, a sentence each.
    package var remarks: [String] {
        var remarks = rules.filter { !$0.keptChains.isEmpty }.map {
            "rules of others lead to \($0.keptChains.joined(separator: ", ")) in table \($0.table), which stay"
        }
        if hasLink { remarks.append("virtual servers of IPVS stay, if there are any: 'ipvsadm --clear' removes them") }
        for (family, names) in legacyTables.sorted(by: { $0.key < $1.key }) {
            remarks.append(
                """
                legacy iptables is in use for \(family) (\(names.joined(separator: ", "))): what kube-proxy may have there is \
                out of reach, 'kube-proxy --cleanup' removes it
                """)
        }
        return remarks
    }
}
