import CLinux
import CNftnl
import Glibc
import Net
import Testing

@testable import Netlink

/// The whole rule set, ours and nft's, side by side in two namespaces.
@Suite(.enabled(if: mayMakeNamespaces)) struct NFTRuleSetTests {
    @Test(arguments: IPFamily.allCases) func nftPrintsOursAsItsOwn(_ family: IPFamily) throws {
        let theirs = try inNewNamespace {
            _ = try Tool.run("nft", "-f", "-", input: ruleSetText(family))
            return try Listing()
        }
        let ours = try inNewNamespace {
            try commit(family)
            return try Listing()
        }
        #expect(ours.text == theirs.text)
        #expect(ours.json == theirs.json)
        #expect(ours.text.contains("dnat"))
    }

    @Test(arguments: IPFamily.allCases) func kernelHoldsTheBytesThatNftSends(_ family: IPFamily) throws {
        let theirs = try inNewNamespace {
            _ = try Tool.run("nft", "-f", "-", input: ruleSetText(family))
            return try KernelObjects(family)
        }
        let ours = try inNewNamespace {
            try commit(family)
            return try KernelObjects(family)
        }
        #expect(ours.chains == theirs.chains)
        #expect(ours.sets == theirs.sets)
        #expect(ours.rules == theirs.rules)
        #expect((ours.chains.count, ours.sets.count, ours.rules.count) == (11, 11, 18))
    }

    @Test(arguments: IPFamily.allCases) func dumpLoadsBack(_ family: IPFamily) throws {
        let dump = try inNewNamespace {
            try commit(family)
            return try Listing()
        }
        let reloaded = try inNewNamespace {
            _ = try Tool.run("nft", "-f", "-", input: dump.text)
            return try Listing()
        }
        #expect(reloaded.text == dump.text)
    }

    @Test func bothFamiliesInOneTransaction() throws {
        let tables = try inNewNamespace {
            var batch = NFTBatch()
            RuleSet(.ipv4).add(to: &batch)
            RuleSet(.ipv6).add(to: &batch)
            var socket = try NFTSocket()
            try socket.commit(&batch)
            return try socket.tables()
        }
        #expect(Set(tables) == [RuleSet(.ipv4).table, RuleSet(.ipv6).table])
    }

    private func commit(_ family: IPFamily) throws {
        var batch = NFTBatch()
        RuleSet(family).add(to: &batch)
        var socket = try NFTSocket()
        try socket.commit(&batch)
    }
}

/// What nft prints of a namespace. Handles are numbered by the order of creation and mean nothing.
struct Listing {
    let text: String
    let json: String

    init() throws {
        text = try Tool.run("nft", "list", "ruleset")
        json = try Tool.run("nft", "-j", "list", "ruleset").replacing(/"handle": \d+(, )?/, with: "")
    }
}

/// The attributes of all objects of a family as the kernel sends them, without handles and use counts.
struct KernelObjects {
    let chains, sets, rules: [String]

    init(_ family: IPFamily) throws {
        chains = try Self.list(NFT_MSG_GETCHAIN, family, leavingOut: [NFTA_CHAIN_HANDLE.rawValue])
        sets = try Self.list(NFT_MSG_GETSET, family, leavingOut: [NFTA_SET_HANDLE.rawValue])
        rules = try Self.list(
            NFT_MSG_GETRULE, family, leavingOut: [NFTA_RULE_HANDLE.rawValue, NFTA_RULE_POSITION.rawValue])
    }

    private static func list(
        _ type: nf_tables_msg_types, _ family: IPFamily, leavingOut: Set<UInt32>
    ) throws -> [String] {
        var socket = try NetlinkSocket(family: NETLINK_NETFILTER, receiveBufferByteCount: 1 << 20)
        let request = MessageBuffer()
        request.appendNFTMessage(type, netfilterProtocol: family.netfilterProtocol, flags: NLM_F_DUMP, room: 0)
        return try socket.dump(request, "list") { message in
            NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size))
                .filter { !leavingOut.contains(UInt32($0.type)) }
                .map { "\($0.type)=" + $0.value.map { String($0, radix: 16) }.joined(separator: " ") }
                .joined(separator: "\n")
        }
    }
}
