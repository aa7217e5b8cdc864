import CLinux
import CNftnl

/// What a table has beside elements, each with the number that the kernel gave it: an object that was deleted and made anew,
/// or a rule that was replaced, has another.
package struct NFTStructure: Hashable, Sendable {
    /// Chains by name; not those that the kernel made for a rule's own block, which go with the rule.
    package var chains: [String: UInt64] = [:]
    /// The rules of each chain in their order; none for a chain without rules.
    package var rules: [String: [UInt64]] = [:]
    /// Sets and maps by name; not those without a name of their own, which go with their rule.
    package var sets: [String: SetState] = [:]

    package struct SetState: Hashable, Sendable {
        package let handle: UInt64
        /// Nil before Linux 6.16.
        package let elementCount: Int?
    }

    package init() {}

    /// The same objects, whatever the sets hold.
    package func hasSameObjects(as other: NFTStructure) -> Bool {
        chains == other.chains && rules == other.rules && sets.mapValues(\.handle) == other.sets.mapValues(\.handle)
    }
}

extension NFTSocket {
    /// Lists what a table has beside elements; nil when there is no such table.
    package mutating func structure(of table: NFTTable) throws(NetlinkError) -> NFTStructure? {
        guard try tables().contains(table) else { return nil }
        var structure = NFTStructure()
        for chain in try list(NFT_MSG_GETCHAIN, NFT_MSG_NEWCHAIN, "chains", table) {
            let flags = chain.first(NFTA_CHAIN_FLAGS)?.number ?? 0
            guard flags & UInt64(NFT_CHAIN_BINDING.rawValue) == 0, let name = chain.first(NFTA_CHAIN_NAME)?.string
            else { continue }
            structure.chains[name] = chain.first(NFTA_CHAIN_HANDLE)?.number ?? 0
        }
        for rule in try list(NFT_MSG_GETRULE, NFT_MSG_NEWRULE, "rules", table) {
            guard let chain = rule.first(NFTA_RULE_CHAIN)?.string else { continue }
            structure.rules[chain, default: []].append(rule.first(NFTA_RULE_HANDLE)?.number ?? 0)
        }
        for set in try list(NFT_MSG_GETSET, NFT_MSG_NEWSET, "sets", table) {
            let flags = set.first(NFTA_SET_FLAGS)?.number ?? 0
            guard flags & UInt64(NFT_SET_ANONYMOUS.rawValue) == 0, let name = set.first(NFTA_SET_NAME)?.string
            else { continue }
            structure.sets[name] = NFTStructure.SetState(
                handle: set.first(NFTA_SET_HANDLE)?.number ?? 0,
                elementCount: set.first(setCountAttribute)?.number.map { Int($0) })
        }
        return structure
    }

    /// `NFTA_SET_COUNT`, which came with Linux 6.16: the header of Debian 12 ends two attributes before.
    private var setCountAttribute: Int { Int(NFTA_SET_EXPRESSIONS.rawValue) + 2 }

    /// The attributes of each object of one kind that the table has. Their first one is the table's name.
    private mutating func list(
        _ get: nf_tables_msg_types, _ new: nf_tables_msg_types, _ kind: String, _ table: NFTTable
    ) throws(NetlinkError) -> [NetlinkAttributes] {
        let request = MessageBuffer()
        request.appendNFTMessage(
            get, netfilterProtocol: table.family.netfilterProtocol, flags: NLM_F_DUMP, room: table.name.utf8.count + 64
        ) {
            mnl_attr_put_strz($0, UInt16(NFTA_TABLE_NAME), table.name)
        }
        return try socket.dump(request, "list of \(kind) of \(table)") { message in
            guard message.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(new),
                message.payload.load(nfgenmsg.self)?.nfgen_family == table.family.netfilterProtocol
            else { return nil }
            let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size))
            // Kernels before the filter give the objects of all tables.
            return attributes.first(NFTA_TABLE_NAME)?.string == table.name ? attributes : nil
        }
    }
}

extension NetlinkAttribute {
    /// A number of 4 or 8 bytes in network order.
    fileprivate var number: UInt64? {
        value.count == 8
            ? load(UInt64.self).map(UInt64.init(bigEndian:)) : load(UInt32.self).map { UInt64(UInt32(bigEndian: $0)) }
    }
}
