import CLinux
import CNftnl
import Glibc
import Net

/// What a table has, by name.
package struct NFTInventory: Hashable, Sendable {
    package let chains: Set<String>
    package let sets: Set<String>

    package init(chains: Set<String>, sets: Set<String>) {
        self.chains = chains
        self.sets = sets
    }
}

/// The way to nf_tables of the network namespace in which the socket was made. It has one owner; each call is done
/// when it returns.
package struct NFTSocket: ~Copyable, Sendable {
    var socket: NetlinkSocket
    var reply = NetlinkSocket.answerBuffer()

    /// Opens the socket.
    ///
    /// - Throws: `NetlinkError` when the kernel has no netfilter netlink or refuses the buffers (CAP_NET_ADMIN).
    package init() throws(NetlinkError) {
        // One error for each of the messages that a batch of a million elements has, some hundred bytes each.
        socket = try NetlinkSocket(family: NETLINK_NETFILTER, receiveBufferByteCount: 4 << 20)
    }

    /// Sends the batch as one transaction. An empty batch does nothing. The batch stays as it is; `reset` follows.
    ///
    /// - Throws: `NetlinkError` that names the first object of the batch that the kernel refused. Nothing of the batch
    ///   has then taken effect.
    package mutating func commit(_ batch: inout NFTBatch) throws(NetlinkError) {
        try send(&batch, generation: nil)
    }

    /// As `commit(_:)`, but only when there was no other transaction in the network namespace since it had that generation:
    /// what was read meanwhile still holds.
    ///
    /// - Returns: False when there was one; nothing has taken effect then.
    package mutating func commit(_ batch: inout NFTBatch, ifGeneration generation: UInt32) throws(NetlinkError) -> Bool
    {
        do throws(NetlinkError) {
            try send(&batch, generation: generation)
            return true
        } catch  where error.errno == ERESTART {
            return false
        }
    }

    private mutating func send(_ batch: inout NFTBatch, generation: UInt32?) throws(NetlinkError) {
        guard !batch.isEmpty else { return }
        // The transaction's opening and end have a number each, too.
        let first = socket.takeSequence(batch.messageCount + 2)
        let transaction = batch.close(firstSequence: first, generation: generation)
        try socket.send(transaction.pieces)
        withExtendedLifetime(transaction) {}
        try receiveAnswers(to: batch, first: first, last: transaction.lastSequence)
    }

    /// All tables of the IP families.
    package mutating func tables() throws(NetlinkError) -> [NFTTable] {
        let request = MessageBuffer()
        request.appendNFTMessage(
            NFT_MSG_GETTABLE, netfilterProtocol: UInt8(NFPROTO_UNSPEC), flags: NLM_F_DUMP, room: 0)
        return try socket.dump(request, "list of tables") { NFTTable($0) }
    }

    /// The names of a table's chains and sets; nil when there is no such table.
    package mutating func inventory(of table: NFTTable) throws(NetlinkError) -> NFTInventory? {
        try structure(of: table).map { NFTInventory(chains: Set($0.chains.keys), sets: Set($0.sets.keys)) }
    }

    /// Reads what the kernel queued while it worked inside `sendmsg`: an answer for each message that it refused, and
    /// one for the last message, which asked for it. Should even opening the transaction or its commit fail, the
    /// answer is to the opening.
    private mutating func receiveAnswers(
        to batch: borrowing NFTBatch, first: UInt32, last: UInt32
    ) throws(NetlinkError) {
        var failure: NetlinkAcknowledgement?
        while true {
            switch try socket.receive(into: &reply) {
            case .overflow:
                // Answers were dropped; those that are queued come first, and the first is what is reported.
                continue
            case .empty:
                throw failure.map { batch.error(for: $0, firstSequence: first) }
                    ?? NetlinkError(errno: ENOBUFS, object: "nf_tables transaction, whose answer was lost")
            case .datagram(let length):
                for message in NetlinkMessages(reply[..<length]) {
                    guard let answer = NetlinkAcknowledgement(message), answer.sequence >= first,
                        answer.sequence <= last
                    else { continue }
                    if answer.errno != 0 && failure == nil { failure = answer }
                    if answer.sequence == last {
                        guard let failure else { return }
                        throw batch.error(for: failure, firstSequence: first)
                    }
                }
            }
        }
    }
}

extension NFTTable {
    init?(_ message: NetlinkMessage) {
        guard message.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(NFT_MSG_NEWTABLE),
            let header = message.payload.load(nfgenmsg.self),
            let family = IPFamily(netfilterProtocol: header.nfgen_family),
            let name = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size))
                .first(NFTA_TABLE_NAME)
        else { return nil }
        self.init(family: family, name: name.string)
    }
}
