import CLinux
import CNftnl
import Net

extension NFTSocket {
    /// The chains of a table; none when there is no such table.
    package mutating func foreignChains(of table: NFTTable) throws(NetlinkError) -> [NFTForeignChain] {
        try foreignObjects(NFT_MSG_GETCHAIN, NFTA_CHAIN_TABLE, "chains", of: table) { message in
            guard let attributes = message.foreignObject(NFT_MSG_NEWCHAIN, NFTA_CHAIN_TABLE, of: table),
                let name = attributes.first(NFTA_CHAIN_NAME)?.string
            else { return nil }
            return NFTForeignChain(name: name, isBase: attributes.first(NFTA_CHAIN_HOOK) != nil)
        }
    }

    /// The rules of a chain, in their order; none when there is no such chain.
    ///
    /// Chain by chain because the kernel walks a list of rules from its start for each datagram that it gives.
    package mutating func foreignRules(
        ofChain chain: String, in table: NFTTable
    ) throws(NetlinkError) -> [NFTForeignRule] {
        try foreignObjects(NFT_MSG_GETRULE, NFTA_RULE_TABLE, "rules", of: table, chain: chain) { message in
            guard let attributes = message.foreignObject(NFT_MSG_NEWRULE, NFTA_RULE_TABLE, of: table),
                attributes.first(NFTA_RULE_CHAIN)?.string == chain,
                let handle = attributes.first(NFTA_RULE_HANDLE)?.load(UInt64.self)
            else { return nil }
            return NFTForeignRule(
                chain: chain, handle: UInt64(bigEndian: handle),
                target: attributes.first(NFTA_RULE_EXPRESSIONS)?.verdictChain)
        }
    }

    private mutating func foreignObjects<Object>(
        _ request: nf_tables_msg_types, _ tableAttribute: some RawRepresentable<UInt32>, _ kind: String,
        of table: NFTTable, chain: String? = nil, _ decode: (NetlinkMessage) -> Object?
    ) throws(NetlinkError) -> [Object] {
        let buffer = MessageBuffer()
        buffer.appendNFTMessage(
            request, netfilterProtocol: table.family.netfilterProtocol, flags: NLM_F_DUMP,
            room: table.name.utf8.count + (chain ?? "").utf8.count + 64
        ) {
            mnl_attr_put_strz($0, UInt16(tableAttribute), table.name)
            if let chain { mnl_attr_put_strz($0, UInt16(NFTA_RULE_CHAIN), chain) }
        }
        return try socket.dump(buffer, "list of \(kind) of \(table)", decode)
    }
}

extension NFTBatch {
    /// Deletes one rule; the transaction fails (`ENOENT`) when it has gone.
    package mutating func delete(_ rule: NFTForeignRule, in table: NFTTable) {
        let room = table.name.utf8.count + rule.chain.utf8.count + 128
        appendObject(.rule(table, chain: rule.chain), NFT_MSG_DELRULE, room: room) {
            mnl_attr_put_strz($0, UInt16(NFTA_RULE_TABLE), table.name)
            mnl_attr_put_strz($0, UInt16(NFTA_RULE_CHAIN), rule.chain)
            mnl_attr_put_u64($0, UInt16(NFTA_RULE_HANDLE), rule.handle.bigEndian)
        }
    }
}

extension NetlinkMessage {
    /// The attributes of an object of that table; nil for any other message.
    fileprivate func foreignObject(
        _ kind: nf_tables_msg_types, _ tableAttribute: some RawRepresentable<UInt32>, of table: NFTTable
    ) -> NetlinkAttributes? {
        guard type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(kind), let header = payload.load(nfgenmsg.self),
            header.nfgen_family == table.family.netfilterProtocol
        else { return nil }
        let attributes = NetlinkAttributes(payload.dropFirst(MemoryLayout<nfgenmsg>.size))
        // Kernels before the filter give the objects of all tables.
        return attributes.first(tableAttribute)?.string == table.name ? attributes : nil
    }
}

extension NetlinkAttribute {
    /// In a list of expressions: the chain of the first verdict that has one.
    fileprivate var verdictChain: String? {
        for expression in nested {
            guard expression.nested.first(NFTA_EXPR_NAME)?.string == "immediate",
                let data = expression.nested.first(NFTA_EXPR_DATA)?.nested.first(NFTA_IMMEDIATE_DATA),
                let chain = data.nested.first(NFTA_DATA_VERDICT)?.nested.first(NFTA_VERDICT_CHAIN)
            else { continue }
            return chain.string
        }
        return nil
    }
}
