import Net
import Testing

@testable import Netlink

/// Elements that say whose they are, and transactions that rest on what was read before.
@Suite(.enabled(if: mayMakeNamespaces)) struct NFTCommentTests {
    private let table = NFTTable(family: .ipv4, name: "t")

    private func address(_ last: UInt32) -> IPAddress { IPAddress(v4: 0x0A00_0000 + last) }

    private func key(_ addresses: IPAddress...) -> NFTData {
        var key = NFTData()
        for address in addresses { key.append(address) }
        return key
    }

    private func fill(_ batch: inout NFTBatch) {
        batch.add(table)
        batch.add(NFTSet(name: "s", key: [.sourceAddress]), to: table)
        batch.add(NFTSet(name: "m", key: [.sourceAddress], data: [.destinationPort]), to: table)
        batch.add(NFTSet(name: "r", key: [.sourceAddress, .destinationAddress], isInterval: true), to: table)
        let comment = "eth0 of \(String(repeating: "x", count: 119))"
        batch.addElement(key(address(1)), comment: comment, to: batch.register(set: "s", in: table))
        batch.addElement(key(address(2)), to: batch.register(set: "s", in: table))
        var port = NFTData()
        port.append(port: 80)
        batch.addElement(key(address(1)), data: port, comment: "web", to: batch.register(set: "m", in: table))
        batch.addElement(
            key(address(1), address(0)), last: key(address(1), address(255)), comment: "net",
            to: batch.register(set: "r", in: table))
    }

    @Test func commentsAreThoseThatNftPrintsLoadsAndThatAreReadBack() throws {
        try inNewNamespace {
            var batch = NFTBatch()
            fill(&batch)
            var socket = try NFTSocket()
            try socket.commit(&batch)
            let printed = try Tool.run("nft", "list", "ruleset")
            #expect(printed.contains("10.0.0.1 comment \"eth0 of x"))
            #expect(printed.contains("10.0.0.1 comment \"web\" : 80"))
            #expect(printed.contains("10.0.0.1 . 10.0.0.0/24 comment \"net\""))
            for _ in 0..<2 {
                let found = try socket.elements([key(address(1)), key(address(2))], of: "s", in: table)
                #expect(found.map { $0?.comment?.utf8.count } == [127, nil])
                #expect(try socket.elements(of: "m", in: table).map(\.comment) == ["web"])
                let range = try socket.elements([key(address(1), address(9))], of: "r", in: table)
                #expect(range.map { $0?.comment } == ["net"])
                #expect(range.map { $0?.lastKey } == [key(address(1), address(255))])
                _ = try Tool.run("nft", "-f", "-", input: "flush ruleset\n" + printed)
            }
        }
    }

    @Test func aTransactionRestsOnAGeneration() throws {
        try inNewNamespace {
            var batch = NFTBatch()
            fill(&batch)
            var socket = try NFTSocket()
            let before = try socket.generation()
            #expect(try socket.commit(&batch, ifGeneration: before))
            batch.reset()
            batch.deleteElement(key(address(2)), from: batch.register(set: "s", in: table))
            #expect(try !socket.commit(&batch, ifGeneration: before))
            #expect(try socket.elements(of: "s", in: table).count == 2)
            let now = try socket.generation()
            _ = try Tool.run("nft", "add", "table", "ip", "other")
            #expect(try !socket.commit(&batch, ifGeneration: now))
            #expect(try socket.commit(&batch, ifGeneration: try socket.generation()))
            #expect(try socket.elements(of: "s", in: table).count == 1)
        }
    }

    @Test func commentsOfRulesComeByChain() throws {
        try inNewNamespace {
            var socket = try NFTSocket()
            #expect(try socket.ruleComments(of: table) == [:])
            _ = try Tool.run(
                "nft", "-f", "-",
                input: """
                    add table ip t
                    add chain ip t a
                    add chain ip t b
                    add chain ip t c
                    add rule ip t a ip saddr 10.0.0.1 accept comment "one"
                    add rule ip t a ip saddr 10.0.0.2 accept
                    add rule ip t a accept comment "three"
                    add rule ip t b fib daddr type local accept comment "four"
                    add table ip6 t
                    add chain ip6 t a
                    add rule ip6 t a accept comment "other family"
                    add table ip u
                    add chain ip u a
                    add rule ip u a accept comment "other table"

                    """)
            #expect(try socket.ruleComments(of: table) == ["a": ["one", "", "three"], "b": ["four"]])
        }
    }
}
