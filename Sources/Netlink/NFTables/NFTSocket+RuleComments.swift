import CLinux
import CNftnl

extension NFTSocket {
    /// The comments of all rules of a table by their chain, in the order of the rules, empty for a rule that has none. Chains
    /// without rules are left out, as is all of a table that is not there.
    package mutating func ruleComments(of table: NFTTable) throws(NetlinkError) -> [String: [String]] {
        let request = MessageBuffer()
        request.appendNFTMessage(
            NFT_MSG_GETRULE, netfilterProtocol: table.family.netfilterProtocol, flags: NLM_F_DUMP,
            room: table.name.utf8.count + 64
        ) {
            mnl_attr_put_strz($0, UInt16(NFTA_RULE_TABLE), table.name)
        }
        let rules = try socket.dump(request, "list of rules of \(table)") { message -> (String, String)? in
            guard message.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(NFT_MSG_NEWRULE),
                message.payload.load(nfgenmsg.self)?.nfgen_family == table.family.netfilterProtocol
            else { return nil }
            let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size))
            // Kernels before the filter give the rules of all tables.
            guard attributes.first(NFTA_RULE_TABLE)?.string == table.name,
                let chain = attributes.first(NFTA_RULE_CHAIN)?.string
            else { return nil }
            let notes = attributes.first(NFTA_RULE_USERDATA)?.value ?? []
            return (chain, NFTUserData.string(NFTNL_UDATA_RULE_COMMENT.rawValue, in: notes) ?? "")
        }
        return rules.reduce(into: [:]) { $0[$1.0, default: []].append($1.1) }
    }
}
