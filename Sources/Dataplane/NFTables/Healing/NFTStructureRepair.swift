import Net
import Netlink

/// How the chains, rules and sets of a table come to be what they should be. Pure.
///
/// The rules of each damaged chain are written anew, all in one transaction: a packet meets the old rules or the new.
struct NFTStructureRepair {
    private var expected = NFTExpected([:])
    /// Chains whose rules are written anew; those of them that are there are emptied first.
    private var rewritten: Set<String> = []
    private var emptied: Set<String> = []
    private var missingSetNames: Set<String> = []
    private(set) var foreignChains: Set<String> = []
    private(set) var foreignSets: Set<String> = []
    /// To be filled, once they are there.
    var missingSets: Set<SetID> { Set(missingSetNames.compactMap { SetID.byName[$0] }) }

    init() {}

    /// - Parameters:
    ///   - damage: the chains that may have other rules than they should.
    ///   - found: what the kernel has.
    init(_ layout: NFTLayout, _ committed: NFTCommitted, _ damage: NFTDamage.Table, _ found: NFTStructure) {
        // Of service ports, only those with session affinity have chains and sets.
        committed.write(layout, committed.servicePorts.filter { $0.value.affinitySeconds > 0 }, into: &expected)
        let chains = Set(expected.chains.map(\.name))
        let sets = Set(expected.sets.map(\.name))
        foreignChains = Set(found.chains.keys).subtracting(chains).subtracting(committed.garbage.chains)
        foreignSets = Set(found.sets.keys).subtracting(sets).subtracting(committed.garbage.sets)
        missingSetNames = sets.subtracting(found.sets.keys)
        rewritten = damage.chains.intersection(chains).union(chains.subtracting(found.chains.keys))
        emptied = rewritten.intersection(found.chains.keys).union(foreignChains)
    }

    func write(into batch: inout NFTBatch, _ table: NFTTable) {
        // Also wakes a table that is dormant.
        batch.add(table)
        for chain in emptied.sorted() { batch.flushRules(of: chain, in: table) }
        for set in expected.sets where missingSetNames.contains(set.name) { batch.add(set, to: table) }
        let chains = expected.chains.filter { rewritten.contains($0.name) }
        for chain in chains { batch.add(chain, to: table) }
        for chain in chains {
            for rule in expected.rules[chain.name] ?? [] { batch.add(rule, to: table) }
        }
    }

    /// The chains whose objects are not those of `known`, and the sets; without it, those that have too many rules or too
    /// few.
    static func differences(
        _ layout: NFTLayout, _ committed: NFTCommitted, _ found: NFTStructure, known: NFTStructure?
    ) -> (chains: Set<String>, sets: Set<String>) {
        let garbage = committed.garbage
        if let known {
            let chains = Set(known.chains.keys).union(found.chains.keys).filter {
                known.chains[$0] != found.chains[$0] || known.rules[$0] != found.rules[$0]
            }
            let sets = Set(known.sets.keys).union(found.sets.keys).filter {
                known.sets[$0]?.handle != found.sets[$0]?.handle
            }
            return (chains.subtracting(garbage.chains), sets.subtracting(garbage.sets))
        }
        var expected = NFTExpected([:])
        committed.write(layout, committed.servicePorts.filter { $0.value.affinitySeconds > 0 }, into: &expected)
        let names = Set(expected.chains.map(\.name))
        let chains = names.union(found.chains.keys).filter {
            !names.contains($0) || found.chains[$0] == nil
                || found.rules[$0]?.count ?? 0 != expected.rules[$0]?.count ?? 0
        }
        let sets = Set(expected.sets.map(\.name)).symmetricDifference(found.sets.keys)
        return (chains.subtracting(garbage.chains), sets.subtracting(garbage.sets))
    }
}
