import CLinux
import CNftnl
import Glibc
import Net
import Testing

@testable import Netlink

/// What the monitor tells of a stranger's changes, and what it does not tell.
@Suite(.enabled(if: mayMakeNamespaces)) struct NFTMonitorTests {
    private let table = NFTTable(family: .ipv4, name: "fairlead")
    private let backends = NFTSet(
        name: "backends", key: [.destinationAddress, .l4Protocol, .destinationPort], data: [.mark])

    private func key(_ number: UInt32) -> NFTData { NFTData(IPAddress(v4: 0x0A60_0000 + number), .tcp, port: 80) }

    /// A socket with a table of a chain with one rule, a map of one element, and a monitor that has seen none of it.
    private func withTable(
        receiveBufferByteCount: Int = 8 << 20, family: IPFamily = .ipv4,
        _ body: (inout NFTSocket, inout NFTBatch, inout NFTMonitor) throws -> Void
    ) throws {
        try inNewNamespace {
            var socket = try NFTSocket()
            var monitor = try NFTMonitor(
                tableName: "fairlead", except: socket, receiveBufferByteCount: receiveBufferByteCount)
            var batch = NFTBatch()
            let table = NFTTable(family: family, name: "fairlead")
            batch.add(table)
            batch.add(NFTChain(name: "services"), to: table)
            batch.add(NFTRule(chain: "services", expressions: [.counter]), to: table)
            batch.add(backends, to: table)
            if family == .ipv4 {
                batch.addElement(key(1), data: NFTData().slot(1), to: batch.register(set: "backends", in: table))
            }
            try socket.commit(&batch)
            batch.reset()
            try body(&socket, &batch, &monitor)
        }
    }

    private func news(_ monitor: inout NFTMonitor) throws -> [NFTNews] {
        var all: [NFTNews] = []
        let hasMore = try monitor.drain { all.append($0) }
        #expect(!hasMore)
        return all
    }

    private func changes(_ news: [NFTNews]) -> [NFTChange] {
        news.compactMap { if case .change(let change) = $0 { change } else { nil } }
    }

    @Test func everyKindOfChangeIsToldWithWhoDidIt() throws {
        try withTable { _, _, monitor in
            #expect(try news(&monitor) == [])
            let map = "backends"
            let cases: [(String, [(NFTChange.Object, Bool)])] = [
                ("add chain ip fairlead other", [(.chain("other"), true)]),
                ("add rule ip fairlead other drop", [(.rule(chain: "other"), true)]),
                ("flush chain ip fairlead other", [(.rule(chain: "other"), false)]),
                ("delete chain ip fairlead other", [(.chain("other"), false)]),
                ("add set ip fairlead more { type ipv4_addr; }", [(.set("more"), true)]),
                ("delete set ip fairlead more", [(.set("more"), false)]),
                (
                    "add element ip fairlead backends { 10.96.0.2 . tcp . 80 : 2, 10.96.0.3 . tcp . 80 : 3 }",
                    [(.element(set: map, key: key(2)), true), (.element(set: map, key: key(3)), true)]
                ),
                (
                    "delete element ip fairlead backends { 10.96.0.2 . tcp . 80 }",
                    [(.element(set: map, key: key(2)), false)]
                ),
                ("add counter ip fairlead hits", [(.other, true)]),
            ]
            for (command, expected) in cases {
                _ = try Tool.run("nft", command)
                let news = try news(&monitor)
                #expect(
                    changes(news) == expected.map { NFTChange(table: table, object: $0.0, isThere: $0.1) },
                    "\(command)")
                guard case .transaction(let generation)? = news.last else {
                    Issue.record("\(command): \(news)")
                    continue
                }
                #expect(generation.process?.name == "nft" && generation.process?.processID ?? 0 > 0)
            }
        }
    }

    @Test func flushesAreToldObjectByObject() throws {
        try withTable { _, _, monitor in
            _ = try Tool.run("nft", "flush map ip fairlead backends")
            #expect(
                changes(try news(&monitor)) == [
                    NFTChange(table: table, object: .element(set: "backends", key: key(1)), isThere: false)
                ])
            _ = try Tool.run("nft", "flush ruleset")
            let all = changes(try news(&monitor))
            #expect(all.contains(NFTChange(table: table, object: .table, isThere: false)))
            #expect(all.contains(NFTChange(table: table, object: .rule(chain: "services"), isThere: false)))
        }
    }

    @Test func ownTransactionsAndOtherTablesAreNotTold() throws {
        try withTable { socket, batch, monitor in
            var poller = try Poller()
            try poller.add(monitor, token: 1)
            let set = batch.register(set: "backends", in: table)
            for number in 2...20_000 as ClosedRange<UInt32> {
                batch.addElement(key(number), data: NFTData().slot(number), to: set)
            }
            batch.add(NFTChain(name: "other"), to: table)
            try socket.commit(&batch)
            // Of the many datagrams of news not one arrives, and not one is lost.
            #expect(try poller.wait(timeoutMilliseconds: 0) == [])
            #expect(try news(&monitor) == [])
            _ = try Tool.run("nft", "add table ip fairlead2; add chain ip fairlead2 x; add table inet fairlead")
            #expect(changes(try news(&monitor)) == [])
        }
    }

    @Test func lostNewsAreTold() throws {
        try withTable(receiveBufferByteCount: 4096) { _, _, monitor in
            for number in 0..<200 { _ = try Tool.run("nft", "add chain ip fairlead chain-\(number)") }
            let all = try news(&monitor)
            #expect(all.contains(.overflow))
            #expect(try news(&monitor) == [])
            _ = try Tool.run("nft", "delete chain ip fairlead chain-1")
            #expect(changes(try news(&monitor)).count == 1)
        }
    }

    @Test func hearsNothingWhileItDoesNotListen() throws {
        try withTable { socket, _, monitor in
            let before = try socket.generation()
            try monitor.listen(false)
            _ = try Tool.run("nft", "add chain ip fairlead unheard")
            try monitor.listen(true)
            #expect(try news(&monitor) == [])
            #expect(try socket.generation() == before + 1)
            _ = try Tool.run("nft", "delete chain ip fairlead unheard")
            guard case .transaction(let generation)? = try news(&monitor).last else {
                Issue.record("no news")
                return
            }
            #expect(generation.number == before + 2)
        }
    }

    @Test(arguments: IPFamily.allCases) func structureIsListed(_ family: IPFamily) throws {
        try withTable(family: family) { socket, _, _ in
            let table = NFTTable(family: family, name: "fairlead")
            let nft = family == .ipv4 ? "ip" : "ip6"
            let before = try #require(try socket.structure(of: table))
            #expect(Set(before.chains.keys) == ["services"] && Set(before.sets.keys) == ["backends"])
            #expect(before.rules["services"]?.count == 1)
            // Sets without a name of their own are not listed.
            _ = try Tool.run("nft", "insert rule \(nft) fairlead services meta mark { 1, 2 } drop")
            let after = try #require(try socket.structure(of: table))
            #expect(after.sets == before.sets && after.chains == before.chains)
            #expect(after.rules["services"]?.count == 2)
            #expect(after.rules["services"]?.last == before.rules["services"]?.first)
            #expect(!after.hasSameObjects(as: before))
            _ = try Tool.run("nft", "add set \(nft) fairlead more { type mark; elements = { 1, 2, 3 }; }")
            let more = try #require(try socket.structure(of: table)).sets["more"]
            #expect(more != nil && more?.elementCount ?? 3 == 3)
            #expect(try socket.structure(of: NFTTable(family: family, name: "absent")) == nil)
        }
    }

    @Test func elementsAreReadByKey() throws {
        try withTable { socket, batch, _ in
            let set = batch.register(set: "backends", in: table)
            for number in 2...1000 as ClosedRange<UInt32> {
                batch.addElement(key(number), data: NFTData().slot(number), to: set)
            }
            try socket.commit(&batch)
            let wanted = (1...2000 as ClosedRange<UInt32>).filter { $0 % 3 != 0 }
            let found = try socket.elements(wanted.map(key), of: "backends", in: table)
            #expect(found.count == wanted.count)
            for (number, element) in zip(wanted, found) {
                #expect(element == (number <= 1000 ? NFTElement(key: key(number), data: NFTData().slot(number)) : nil))
            }
            #expect(try socket.elements([key(1)], of: "absent", in: table) == [nil])
            #expect(try Set(socket.elements(of: "backends", in: table).map(\.key)) == Set((1...1000).map(key)))
            #expect(try socket.elements(of: "absent", in: table) == [])
        }
    }
}
