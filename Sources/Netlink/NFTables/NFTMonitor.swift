import CLinux
import CNftnl
import Net

/// Tells what others change in tables of one name, in the network namespace in which it was made, and who did it.
///
/// It has news from its making on: what was changed before has to be read. What tables of other names hold is skipped.
package struct NFTMonitor: ~Copyable, Sendable, Pollable {
    private let socket: NetlinkSocket
    private let tableName: [UInt8]
    private var datagram = [UInt8](repeating: 0, count: 64 << 10)

    /// - Parameters:
    ///   - tableName: of the tables to follow, in both IP families.
    ///   - own: whose changes are not told; none where nil.
    ///   - receiveBufferByteCount: what the kernel may queue before it drops news; it counts some 130 bytes for an
    ///     element.
    /// - Throws: `NetlinkError` when the kernel refuses the buffer or the group (CAP_NET_ADMIN).
    package init(
        tableName: String, except own: borrowing NFTSocket, receiveBufferByteCount: Int
    ) throws(NetlinkError) {
        let socket = try NetlinkSocket(
            family: NETLINK_NETFILTER, receiveBufferByteCount: receiveBufferByteCount)
        // Before the group is joined, so that there are no such news at all.
        try socket.ignoreNews(ofPort: own.portID())
        try socket.setMembership(true, of: Self.group)
        self.socket = socket
        self.tableName = [UInt8](tableName.utf8) + [0]
    }

    private static var group: UInt32 { UInt32(NFNLGRP_NFTABLES.rawValue) }

    package var rawDescriptor: Int32 { socket.rawDescriptor }

    /// Hears nothing, or hears again. While somebody listens, the kernel makes a message for each object that is changed, a
    /// page of memory each until the transaction ends.
    package func listen(_ listens: Bool) throws(NetlinkError) { try socket.setMembership(listens, of: Self.group) }

    /// Takes what is there, without waiting, and hands it to `body` in the kernel's order.
    ///
    /// - Parameter limit: the most datagrams to read, so that a storm of news does not keep the caller.
    /// - Returns: whether there may be more.
    package mutating func drain(
        limit: Int = 1024, _ body: (NFTNews) -> Void
    ) throws(NetlinkError) -> Bool {
        for _ in 0..<limit {
            switch try socket.receive(into: &datagram) {
            case .empty: return false
            case .overflow: body(.overflow)
            case .datagram(let length):
                for message in NetlinkMessages(datagram[..<length]) { decode(message, body) }
            }
        }
        return true
    }

    private func decode(_ message: NetlinkMessage, _ body: (NFTNews) -> Void) {
        guard Int32(message.type >> 8) == NFNL_SUBSYS_NFTABLES, let header = message.payload.load(nfgenmsg.self)
        else { return }
        let type = Int32(message.type & 0xFF)
        let attributes = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size))
        if type == NFT_MSG_NEWGEN.number {
            if let generation = NFTGeneration(attributes) { body(.transaction(generation)) }
            return
        }
        // The table's name is attribute 1 of every kind of object, and its first.
        guard let family = IPFamily(netfilterProtocol: header.nfgen_family),
            let table = attributes.first(NFTA_TABLE_NAME), table.value.elementsEqual(tableName),
            let kind = Kind(messageType: type)
        else { return }
        let name = NFTTable(family: family, name: table.string)
        for object in kind.objects(attributes) {
            body(.change(NFTChange(table: name, object: object, isThere: kind.isThere)))
        }
    }
}

extension nf_tables_msg_types {
    fileprivate var number: Int32 { Int32(rawValue) }
}

/// What a message is about.
private struct Kind {
    enum What { case table, chain, set, rule, element, other }
    let what: What
    let isThere: Bool

    /// Nil for requests and answers.
    init?(messageType: Int32) {
        switch messageType {
        case NFT_MSG_NEWTABLE.number: (what, isThere) = (.table, true)
        case NFT_MSG_DELTABLE.number: (what, isThere) = (.table, false)
        case NFT_MSG_NEWCHAIN.number: (what, isThere) = (.chain, true)
        case NFT_MSG_DELCHAIN.number: (what, isThere) = (.chain, false)
        case NFT_MSG_NEWRULE.number: (what, isThere) = (.rule, true)
        case NFT_MSG_DELRULE.number: (what, isThere) = (.rule, false)
        case NFT_MSG_NEWSET.number: (what, isThere) = (.set, true)
        case NFT_MSG_DELSET.number: (what, isThere) = (.set, false)
        case NFT_MSG_NEWSETELEM.number: (what, isThere) = (.element, true)
        case NFT_MSG_DELSETELEM.number: (what, isThere) = (.element, false)
        case NFT_MSG_NEWOBJ.number, NFT_MSG_NEWFLOWTABLE.number: (what, isThere) = (.other, true)
        case NFT_MSG_DELOBJ.number, NFT_MSG_DELFLOWTABLE.number: (what, isThere) = (.other, false)
        default: return nil
        }
    }

    func objects(_ attributes: NetlinkAttributes) -> [NFTChange.Object] {
        switch what {
        case .table: return [.table]
        case .chain: return [.chain(attributes.first(NFTA_CHAIN_NAME)?.string ?? "")]
        case .set: return [.set(attributes.first(NFTA_SET_NAME)?.string ?? "")]
        case .rule: return [.rule(chain: attributes.first(NFTA_RULE_CHAIN)?.string ?? "")]
        case .other: return [.other]
        case .element:
            guard let set = attributes.first(NFTA_SET_ELEM_LIST_SET)?.string,
                let list = attributes.first(NFTA_SET_ELEM_LIST_ELEMENTS)
            else { return [] }
            return list.nested.compactMap { NFTElement($0).map { .element(set: set, key: $0.key) } }
        }
    }
}

extension NFTGeneration {
    fileprivate init?(_ attributes: NetlinkAttributes) {
        guard let number = attributes.first(NFTA_GEN_ID)?.load(UInt32.self) else { return nil }
        let name = attributes.first(NFTA_GEN_PROC_NAME)?.string
        let processID = attributes.first(NFTA_GEN_PROC_PID)?.load(UInt32.self)
        var process: NFTProcess?
        if let name, let processID {
            process = NFTProcess(processID: Int32(bitPattern: UInt32(bigEndian: processID)), name: name)
        }
        self.init(number: UInt32(bigEndian: number), process: process)
    }
}
