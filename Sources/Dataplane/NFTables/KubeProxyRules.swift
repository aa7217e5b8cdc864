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

    /// Nil when there is nothing to remove. Of kube-proxy's chains, which may be ten thousands, only the rules of those that
    /// stay are asked for.
    ///
    /// - Throws: what `rules`, which gives the rules of a chain, throws.
    package init?<Failure: Error>(
        table: NFTTable, chains: [NFTForeignChain], rules: (String) throws(Failure) -> [NFTForeignRule]
    ) throws(Failure) {
        let its = Set(chains.map(\.name).filter(KubeProxyChain.isKubeProxys))
        if its.isEmpty { return nil }
        var jumps: [NFTForeignRule] = []
        var used: [String] = []
        for chain in chains where !its.contains(chain.name) {
            for rule in try rules(chain.name) {
                guard let target = rule.target, its.contains(target) else { continue }
                if chain.isBase, KubeProxyChain.entries.contains(target) {
                    jumps.append(rule)
                } else {
                    used.append(target)
                }
            }
        }
        var kept: Set<String> = []
        while let chain = used.popLast() {
            guard kept.insert(chain).inserted else { continue }
            used += try rules(chain).compactMap(\.target).filter(its.contains)
        }
        self.table = table
        self.jumps = jumps
        self.chains = its.subtracting(kept).sorted()
        keptChains = kept.sorted()
        if jumps.isEmpty && self.chains.isEmpty { return nil }
    }

    /// Removes all of it: a chain can go once no rule leads to it.
    func remove(in batch: inout NFTBatch) {
        for jump in jumps { batch.delete(jump, in: table) }
        for chain in chains { batch.flushRules(of: chain, in: table) }
        for chain in chains { batch.delete(chain: chain, in: table) }
    }
}
