import CLinux
import CNftnl
import Glibc
import Net
import Testing

@testable import Netlink

/// Transactions against the kernel: what they do, and what their errors say.
@Suite(.enabled(if: mayMakeNamespaces)) struct NFTSocketTests {
    private let table = NFTTable(family: .ipv4, name: "fairlead")
    private let backends = NFTSet(
        name: "backends", key: [.destinationAddress, .l4Protocol, .destinationPort], data: [.mark])

    @Test func elementThatExistsWithOtherDataIsNamed() throws {
        let error = try #require(throws: NetlinkError.self) {
            try inNewNamespace {
                var socket = try NFTSocket()
                var batch = NFTBatch()
                let set = try commitSet(&socket, &batch)
                try add(2, mark: 1, to: set, &socket, &batch)
                batch.reset()
                for number in 1...3 as ClosedRange<UInt32> {
                    batch.addElement(key(number), data: mark(2), to: set)
                }
                try socket.commit(&batch)
            }
        }
        #expect(
            error.description.hasPrefix(
                "set element 10.96.0.2 . tcp . 80 of ip fairlead backends: File exists (EEXIST)"))
        #expect(error.errno == EEXIST && error.setName == "backends" && error.table == table)
        #expect(error.elementKey == key(2))
    }

    @Test func missingElementIsNamedAndNothingTakesEffect() throws {
        let text = try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            let set = try commitSet(&socket, &batch)
            try add(1, mark: 1, to: set, &socket, &batch)
            batch.reset()
            batch.addElement(key(9), data: mark(9), to: set)
            batch.deleteElement(key(1), from: set)
            batch.deleteElement(key(7), from: set)
            let error = #expect(throws: NetlinkError.self) { try socket.commit(&batch) }
            #expect(error?.errno == ENOENT && error?.elementKey == key(7))
            return try Tool.run("nft", "list", "ruleset")
        }
        #expect(text.contains("10.96.0.1 . tcp . 80 : 0x00000001") && !text.contains("10.96.0.9"))
    }

    @Test func keysOfUnknownSetsAreHexadecimal() throws {
        let error = try #require(throws: NetlinkError.self) {
            try inNewNamespace {
                var socket = try NFTSocket()
                var batch = NFTBatch()
                _ = try commitSet(&socket, &batch)
                var other = NFTBatch()
                other.deleteElement(key(1), from: other.register(set: "backends", in: table))
                try socket.commit(&other)
            }
        }
        #expect(error.description.hasPrefix("set element 0a600001 06000000 00500000 of ip fairlead backends: "))
    }

    @Test func refusedObjectsAreNamed() throws {
        try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            batch.add(NFTChain(name: "services"), to: table)
            #expect(
                failure(&socket, &batch).hasPrefix("chain ip fairlead services: No such file or directory (ENOENT)"))
            batch.reset()
            batch.add(table)
            batch.add(NFTChain(name: "services"), to: table)
            batch.add(NFTRule(chain: "services", expressions: [.counter]), to: table)
            batch.add(NFTRule(chain: "services", expressions: [.verdict(.jump("pick-4"))]), to: table)
            #expect(failure(&socket, &batch).hasPrefix("rule 2 of chain ip fairlead services: "))
            batch.reset()
            batch.delete(table)
            #expect(failure(&socket, &batch).hasPrefix("table ip fairlead: No such file or directory (ENOENT)"))
            batch.reset()
            batch.add(table)
            batch.delete(set: "backends", in: table)
            let error = #expect(throws: NetlinkError.self) { try socket.commit(&batch) }
            #expect(error?.setName == "backends" && error?.table == table && error?.elementKey == nil)
            batch.reset()
            batch.addElement(key(1), to: batch.register(set: "absent", in: table))
            #expect(failure(&socket, &batch).hasPrefix("set ip fairlead absent: No such file or directory (ENOENT)"))
        }
    }

    @Test func hundredThousandElementsInOneTransaction() throws {
        let (count, errorKey, lessOne) = try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            batch.add(table)
            batch.add(backends, to: table)
            let set = batch.register(set: "backends", in: table)
            for number in 1...100_000 as ClosedRange<UInt32> {
                batch.addElement(key(number), data: mark(number), to: set)
            }
            try socket.commit(&batch)
            let count = try elementCount()
            // Every element now exists with other data: as many errors as messages, and the first is reported.
            batch.reset()
            for number in 1...100_000 as ClosedRange<UInt32> {
                batch.addElement(key(number), data: mark(0), to: set)
            }
            let error = #expect(throws: NetlinkError.self) { try socket.commit(&batch) }
            // Left-over answers are not taken for those of the next transaction.
            batch.reset()
            batch.deleteElement(key(100_000), from: set)
            try socket.commit(&batch)
            return (count, error?.elementKey, try elementCount())
        }
        #expect(count == 100_000)
        #expect(errorKey == key(1))
        #expect(lessOne == 99_999)
    }

    @Test func moreSetsThanASendHasPieces() throws {
        let count = try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            batch.add(table)
            for number in 0..<1500 as Range<UInt32> {
                let name = "set-\(number)"
                batch.add(NFTSet(name: name, key: [.destinationAddress]), to: table)
                batch.addElement(NFTData(IPAddress(v4: number)), to: batch.register(set: name, in: table))
            }
            try socket.commit(&batch)
            return try Tool.run("nft", "list", "ruleset").split(separator: "elements = {").count - 1
        }
        #expect(count == 1500)
    }

    @Test func objectsAreDeleted() throws {
        let (before, after, tables) = try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            RuleSet(.ipv4).add(to: &batch)
            try socket.commit(&batch)
            batch.reset()
            batch.flushRules(of: "check-output", in: table)
            batch.delete(chain: "check-output", in: table)
            batch.flushRules(of: "check-forward", in: table)
            batch.delete(set: "frontends-1", in: table)
            batch.deleteInterval(RuleSetAddresses(.ipv4).pods, from: batch.register(set: "pod-cidrs", in: table))
            let before = try Tool.run("nft", "list", "ruleset")
            try socket.commit(&batch)
            let after = try Tool.run("nft", "list", "ruleset")
            batch.reset()
            batch.delete(table)
            try socket.commit(&batch)
            return (before, after, try socket.tables())
        }
        let gone = ["chain check-output", "set frontends-1", "10.244.0.0/16"]
        #expect(gone.allSatisfy { before.contains($0) && !after.contains($0) })
        #expect(after.contains("chain check-forward"))
        #expect(tables == [])
    }

    @Test(arguments: IPFamily.allCases) func intervalsAreAsNftHasThem(_ family: IPFamily) throws {
        let type = family == .ipv4 ? "ipv4_addr" : "ipv6_addr"
        let prefixes = try
            (family == .ipv4 ? ["10.0.0.0/24", "10.0.1.0/24", "240.0.0.0/4"] : ["::/8", "fd00::/8", "ff00::/8"])
            .map { try IPPrefix($0) }
        let text = try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            batch.add(NFTTable(family: family, name: "fairlead"))
            batch.add(
                NFTSet(name: "pods", key: [.sourceAddress], isInterval: true),
                to: NFTTable(family: family, name: "fairlead"))
            let set = batch.register(set: "pods", in: NFTTable(family: family, name: "fairlead"))
            for prefix in prefixes { batch.addInterval(prefix, to: set) }
            try socket.commit(&batch)
            return try Tool.run("nft", "list", "ruleset").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        let list = prefixes.map { $0.description }.joined(separator: ", ")
        #expect(text.contains("type \(type) flags interval elements = { \(list) }"))
    }

    @Test func everyFieldIsPrinted() throws {
        let table = self.table
        let text = try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            batch.add(table)
            for (number, field) in NFTField.allCases.enumerated() {
                batch.add(NFTSet(name: "set-\(number)", key: [field], comment: "\(field)"), to: table)
                batch.add(NFTSet(name: "map-\(number)", key: [field], data: [.mark]), to: table)
            }
            let five: [NFTField] = [.sourceAddress, .l4Protocol, .sourcePort, .mark, .destinationPort]
            batch.add(NFTSet(name: "five", key: five), to: table)
            let four: [NFTField] = [.sourceAddress, .mark, .sourcePort, .numgen]
            batch.add(NFTSet(name: "four", key: four, data: [.numgen, .sourcePort]), to: table)
            let port = batch.register(set: "set-4", in: table)
            batch.addElement(NFTData(nil, port: 443), to: port)
            try socket.commit(&batch)
            return try Tool.run("nft", "list", "ruleset")
        }
        #expect(text.contains("type inet_service") && text.contains("elements = { 443 }"))
        #expect(text.contains("typeof numgen random mod 2 : meta mark"))
        #expect(
            text.contains(
                """
                typeof ip saddr . meta mark . th sport . numgen random mod 2 : \
                numgen random mod 2 . th sport
                """))
        #expect(text.contains("type ipv4_addr . inet_proto . inet_service . mark . inet_service"))
        #expect(text.contains("comment \"l4Protocol\""))
    }

    @Test func verdictsAndPlainExpressions() throws {
        let table = self.table
        let (text, reloaded) = try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            batch.add(table)
            batch.add(NFTChain(name: "other"), to: table)
            batch.add(
                NFTChain(name: "mangle", base: NFTBaseChain(kind: .route, hook: .output, priority: -150)), to: table)
            let rules: [[NFTExpression]] = [
                [.counter, .verdict(.drop)], [.verdict(.return)], [.verdict(.goto("other"))],
                [.verdict(.continue)],
                [
                    .payload(base: .network, offset: 12, length: 4, into: .word(0)),
                    .compare(.word(0), isEqual: true, [10, 0, 0, 1]), .verdict(.accept),
                ],
                [
                    .meta(.inputInterfaceName, into: .word(0)),
                    .compare(.word(0), isEqual: false, Array("eth0".utf8) + [UInt8](repeating: 0, count: 12)),
                    .verdict(.accept),
                ],
            ]
            for rule in rules { batch.add(NFTRule(chain: "mangle", expressions: rule, comment: "a rule"), to: table) }
            try socket.commit(&batch)
            let text = try Tool.run("nft", "list", "ruleset")
            return (
                text,
                try inNewNamespace {
                    _ = try Tool.run("nft", "-f", "-", input: text)
                    return try Tool.run("nft", "list", "ruleset")
                }
            )
        }
        #expect(text == reloaded)
        for rule in [
            "counter packets 0 bytes 0 drop comment \"a rule\"", "return comment", "goto other comment",
            "continue comment", "ip saddr 10.0.0.1 accept", "iifname != \"eth0\" accept",
            "type route hook output priority mangle; policy accept;",
        ] { #expect(text.contains(rule)) }
    }

    @Test func emptyBatchDoesNothing() throws {
        try inNewNamespace {
            var socket = try NFTSocket()
            var batch = NFTBatch()
            _ = batch.register(set: "backends", in: table)
            try socket.commit(&batch)
            #expect(try socket.tables() == [])
        }
    }

    /// As the kernel lists them; nft takes seconds for so many.
    private func elementCount() throws -> Int {
        var socket = try NetlinkSocket(family: NETLINK_NETFILTER, receiveBufferByteCount: 4 << 20)
        let request = MessageBuffer()
        request.appendNFTMessage(
            NFT_MSG_GETSETELEM, netfilterProtocol: table.family.netfilterProtocol, flags: NLM_F_DUMP, room: 256
        ) {
            mnl_attr_put_strz($0, UInt16(NFTA_SET_ELEM_LIST_TABLE), table.name)
            mnl_attr_put_strz($0, UInt16(NFTA_SET_ELEM_LIST_SET), backends.name)
        }
        let counts = try socket.dump(request, "elements") { message in
            NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size))
                .first(NFTA_SET_ELEM_LIST_ELEMENTS).map { $0.nested.reduce(0) { count, _ in count + 1 } }
        }
        return counts.reduce(0, +)
    }

    private func key(_ number: UInt32) -> NFTData { NFTData(IPAddress(v4: 0x0A60_0000 + number), .tcp, port: 80) }

    private func mark(_ number: UInt32) -> NFTData { NFTData().slot(number) }

    private func commitSet(_ socket: inout NFTSocket, _ batch: inout NFTBatch) throws -> NFTSetReference {
        batch.add(table)
        batch.add(backends, to: table)
        try socket.commit(&batch)
        batch.reset()
        return batch.register(set: "backends", in: table)
    }

    private func add(
        _ number: UInt32, mark: UInt32, to set: NFTSetReference, _ socket: inout NFTSocket, _ batch: inout NFTBatch
    ) throws {
        batch.addElement(key(number), data: self.mark(mark), to: set)
        try socket.commit(&batch)
    }

    private func failure(_ socket: inout NFTSocket, _ batch: inout NFTBatch) -> String {
        do throws(NetlinkError) {
            try socket.commit(&batch)
            return "no failure"
        } catch { return error.description }
    }
}
