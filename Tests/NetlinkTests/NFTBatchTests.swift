import Net
import Testing

@testable import Netlink

/// What a batch encodes, without a kernel.
@Suite struct NFTBatchTests {
    private let table = NFTTable(family: .ipv4, name: "fairlead")

    /// The bytes of nft 1.0.6 for the elements of `ruleSetText`, less the number of the set in the transaction.
    @Test func elementsAreAsNftSendsThem() throws {
        var batch = NFTBatch()
        let addresses = RuleSetAddresses(.ipv4)
        let endpoints = batch.register(set: "endpoints", in: table)
        let key = NFTData(addresses.cluster, .tcp, port: 80)
        batch.addElement(key.slot(0), data: NFTData(addresses.first, port: 8080), to: endpoints)
        batch.addElement(key.slot(3), data: NFTData(addresses.second, port: 8080), to: endpoints)
        let message = try #require(messages(of: &batch).first)
        // NFT_MSG_NEWSETELEM, NLM_F_REQUEST | NLM_F_CREATE, and NLM_F_ACK as it is the only message.
        #expect(message.type == 0xA0C && message.flags == 0x405)
        #expect(
            message.payload.hex == "02000000" + "0d000100666169726c65616400000000" + "0e000200656e64706f696e7473000000"
                + "5c000380" + "2c000180" + "18000180140001000a600001060000000050000000000000"
                + "100002800c0001000af400051f900000" + "2c000180"
                + "18000180140001000a600001060000000050000003000000" + "100002800c0001000af400061f900000")
    }

    @Test func intervalHasAnEndElement() throws {
        let list = try interval("10.244.0.0/16")
        #expect(
            list == "2c000380" + "100001800c000180080001000af40000"
                + "1800018008000300000000010c000180080001000af50000")
    }

    @Test(arguments: ["240.0.0.0/4", "0.0.0.0/0", "255.255.255.255/32"])
    func intervalToTheLastAddressIsOpen(_ text: String) throws {
        let prefix = try IPPrefix(text)
        #expect(
            try interval(text) == "20000380" + "1c0001800c00018008000100" + prefix.address.bytes[...].hex
                + "0a0006000104010000000000")
    }

    @Test func loneFieldsHaveTheirOwnLength() {
        #expect(NFTData(nil, port: 80).count == 2)
        #expect(NFTData(nil, .tcp, port: 80).count == 8)
        var protocolAlone = NFTData()
        protocolAlone.append(L4Protocol.udp)
        #expect(protocolAlone.count == 1)
        #expect([NFTField.destinationPort].byteCount(.ipv4) == 2)
        #expect([NFTField.l4Protocol, .destinationPort].byteCount(.ipv4) == 8)
    }

    @Test func dataComparesByBytes() throws {
        let address = try IPAddress("fd96::1")
        let built = NFTData(address, .tcp, port: 80)
        let read = built.withBytes { NFTData(bytes: [UInt8]($0)[...]) }
        #expect(read == built)
        #expect(read?.hashValue == built.hashValue)
        #expect(built.count == 24 && built.description == "fd960000 00000000 00000000 00000001 06000000 00500000")
        #expect(built != NFTData(address, .udp, port: 80))
        #expect(NFTData(bytes: [UInt8](repeating: 0, count: 65)[...]) == nil)
    }

    @Test func listsAreSplitBeforeTheyOutgrowTheirLength() throws {
        var batch = NFTBatch()
        let set = batch.register(set: "endpoints", in: table)
        for number in 0..<10_000 as Range<UInt32> {
            batch.addElement(NFTData(IPAddress(v4: number), port: 80), to: set)
        }
        #expect(batch.elementCount == 10_000)
        let all = messages(of: &batch)
        // 20 bytes an element, 4 for the list: 3276 fit into 65535.
        #expect(all.map { elements(of: $0).count } == [3276, 3276, 3276, 172])
        #expect(batch.messageCount == 4 && batch.objects.count == 0)
        #expect(all.map { $0.flags & 4 } == [0, 0, 0, 4])
        let keys = all.flatMap { elements(of: $0) }
        #expect(keys.first == "0000000000500000" && keys.last == "0000270f00500000")
        #expect(Set(keys).count == 10_000)
    }

    @Test func resetKeepsReferencesAndGivesLargeBuffersBack() {
        var batch = NFTBatch()
        let set = batch.register(set: "endpoints", in: table)
        #expect(batch.register(set: "endpoints", in: table) == set)
        #expect(batch.register(set: "endpoints", in: NFTTable(family: .ipv6, name: "fairlead")) != set)
        batch.add(table)
        for number in 0..<100_000 as Range<UInt32> { batch.addElement(NFTData(IPAddress(v4: number)), to: set) }
        #expect(!batch.isEmpty && batch.byteCount > NFTBatch.keptByteCount)
        batch.reset()
        #expect(batch.isEmpty && batch.byteCount == 0 && batch.messageCount == 0 && batch.elementCount == 0)
        #expect(batch.registered[set.index].additions.buffer.capacity == 0)
        batch.deleteElement(NFTData(IPAddress(v4: 1)), from: set)
        #expect(batch.elementCount == 1 && batch.messageCount == 1)
        batch.reset()
        #expect(batch.registered[set.index].deletions.buffer.capacity > 0)
    }

    @Test func objectsThenDeletionsThenAdditions() throws {
        var batch = NFTBatch()
        let set = batch.register(set: "cluster-ips", in: table)
        batch.addElement(NFTData(IPAddress(v4: 1)), to: set)
        batch.deleteElement(NFTData(IPAddress(v4: 1)), from: set)
        batch.add(table)
        batch.add(NFTSet(name: "cluster-ips", key: [.destinationAddress]), to: table)
        let types = messages(of: &batch).map { $0.type & 0xFF }
        #expect(types == [0, 9, 14, 12])
    }

    @Test func commentsAreCutAtACharacter() {
        var notes = NFTUserData()
        notes.append(7, comment: String(repeating: "ä", count: 100))
        // 63 characters of two bytes and the NUL.
        #expect(notes.bytes.count == 2 + 126 + 1 && notes.bytes.last == 0)
    }

    private func interval(_ text: String) throws -> String {
        var batch = NFTBatch()
        batch.addInterval(try IPPrefix(text), to: batch.register(set: "s", in: table))
        let message = try #require(messages(of: &batch).first)
        let list = NetlinkAttributes(message.payload.dropFirst(4)).first(3)
        return String(message.payload.suffix(4 + (list?.value.count ?? 0)).hex)
    }

    /// The messages of the transaction without its opening and end.
    private func messages(of batch: inout NFTBatch) -> [NetlinkMessage] {
        let transaction = batch.close(firstSequence: 1)
        let messages = transaction.owned.flatMap { NetlinkMessages([UInt8]($0.bytes)[...]) }
        #expect(messages.map { $0.sequence } == (1...UInt32(messages.count)).map { $0 })
        #expect(transaction.lastSequence == UInt32(messages.count) - 1)
        return Array(messages.dropFirst().dropLast())
    }

    /// The keys of a message's elements.
    private func elements(of message: NetlinkMessage) -> [String] {
        let list = NetlinkAttributes(message.payload.dropFirst(4)).first(3)
        return list.map { $0.nested.compactMap { $0.nested.first(1)?.nested.first(1)?.value.hex } } ?? []
    }
}

extension ArraySlice<UInt8> {
    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
