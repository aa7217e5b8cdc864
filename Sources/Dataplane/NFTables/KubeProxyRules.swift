import Netlink

/// kube-proxy's chains in a table of iptables-nft, and its rules that lead to them: what is to be removed there.
///
/// A rule of somebody else's that leads to one of the chains stays, and so do the chain and what it leads to.
package struct KubeProxyRules: Hashable, Sendable {
    package let table: NFTTable
    /// In built-in chains.
    package let jumps: [NFTForeignRule]
    /// To be emptied and deleted, in the order of their names.
    package let chains: [String]
    /// That others' rules use, in the order of their names.
    package let keptChains: [String]

    /// Nil when there is nothing to remove.
    package init?(table: NFTTable, chains: [NFTForeignChain], rules: [NFTForeignRule]) {
        let its = Set(chains.map(\.name).filter(KubeProxyChain.isKubeProxys))
        let builtIn = Set(chains.filter(\.isBase).map(\.name))
        var jumps: [NFTForeignRule] = []
        var leads: [String: [String]] = [:]
        var kept: Set<String> = []
        var open: [String] = []
        for rule in rules {
            guard let target = rule.target, its.contains(target) else { continue }
            if its.contains(rule.chain) {
                leads[rule.chain, default: []].append(target)
            } else if builtIn.contains(rule.chain), KubeProxyChain.entries.contains(target) {
                jumps.append(rule)
            } else {
                open.append(target)
            }
        }
        while let chain = open.popLast() {
            if kept.insert(chain).inserted { open += leads[chain] ?? [] }
        }
        self.table = table
        self.jumps = jumps
        self.chains = its.subtracting(kept).sorted()
        keptChains = kept.sorted()
        if jumps.isEmpty && self.chains.isEmpty { return nil }
    }

    /// Whether the table has a chain of kube-proxy's at all; else its rules need not be listed.
    package static func mayBe(among chains: [NFTForeignChain]) -> Bool {
        chains.contains { KubeProxyChain.isKubeProxys($0.name) }
    }

    /// Removes all of it: a chain can go once no rule leads to it.
    func remove(in batch: inout NFTBatch) {
        for jump in jumps { batch.delete(jump, in: table) }
        for chain in chains { batch.flushRules(of: chain, in: table) }
        for chain in chains { batch.delete(chain: chain, in: table) }
    }
}
