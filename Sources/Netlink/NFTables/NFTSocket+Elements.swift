import CLinux
import CNftnl
import Glibc

/// What is asked about one key of a set.
package struct NFTElementQuestion: Sendable {
    package let set: String
    package let table: NFTTable
    package let key: NFTData

    package init(_ key: NFTData, of set: String, in table: NFTTable) {
        self.key = key
        self.set = set
        self.table = table
    }
}

extension NFTSocket {
    /// How many keys one datagram asks for: their answers fit the socket's buffer many times.
    private static var keysPerRequest: Int { 256 }

    /// What a set has for each of the keys; nil for those that it has not, as for all of a set that is not there.
    ///
    /// An interval set gives the interval that the key is in.
    package mutating func elements(
        _ keys: some Collection<NFTData>, of set: String, in table: NFTTable
    ) throws(NetlinkError) -> [NFTElement?] {
        try elements(keys.map { NFTElementQuestion($0, of: set, in: table) })
    }

    /// As above, for keys of any sets, asked for together.
    package mutating func elements(_ questions: [NFTElementQuestion]) throws(NetlinkError) -> [NFTElement?] {
        var found: [NFTElement?] = []
        found.reserveCapacity(questions.count)
        var start = 0
        while start < questions.count {
            let end = min(start + Self.keysPerRequest, questions.count)
            found += try elements(ofDatagram: questions[start..<end])
            start = end
        }
        return found
    }

    private mutating func elements(
        ofDatagram questions: ArraySlice<NFTElementQuestion>
    ) throws(NetlinkError) -> [NFTElement?] {
        let request = MessageBuffer()
        for question in questions { question.append(to: request) }
        let first = socket.takeSequence(questions.count)
        _ = request.number(from: first)
        try socket.send([request.piece])
        return try receiveElements(first: first, questions)
    }

    /// Each request is answered by its element or by an error.
    private mutating func receiveElements(
        first: UInt32, _ questions: ArraySlice<NFTElementQuestion>
    ) throws(NetlinkError) -> [NFTElement?] {
        func object(_ sequence: UInt32) -> String {
            let question = questions[questions.startIndex + Int(sequence - first)]
            return "elements of set \(question.table) \(question.set)"
        }
        let count = questions.count
        var found = [NFTElement?](repeating: nil, count: count)
        var answered = 0
        while answered < count {
            guard case .datagram(let length) = try socket.receive(into: &reply) else {
                throw NetlinkError(errno: ENOBUFS, object: "\(object(first)), answer lost")
            }
            for message in NetlinkMessages(reply[..<length])
            where message.sequence >= first && message.sequence - first < UInt32(count) {
                answered += 1
                if let answer = NetlinkAcknowledgement(message) {
                    guard answer.errno == ENOENT else {
                        throw NetlinkError(
                            errno: answer.errno, kernelMessage: answer.message, object: object(message.sequence))
                    }
                    continue
                }
                let list = NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size))
                    .first(NFTA_SET_ELEM_LIST_ELEMENTS)
                found[Int(message.sequence - first)] = list?.nested.first { _ in true }.flatMap { NFTElement($0) }
            }
        }
        return found
    }

    /// All elements of a set; none of one that is not there. They are of one moment: a list that a transaction
    /// interrupted is asked for anew.
    package mutating func elements(of set: String, in table: NFTTable) throws(NetlinkError) -> [NFTElement] {
        let request = MessageBuffer()
        let room = table.name.utf8.count + set.utf8.count + 64
        request.appendNFTMessage(
            NFT_MSG_GETSETELEM, netfilterProtocol: table.family.netfilterProtocol, flags: NLM_F_DUMP, room: room
        ) {
            mnl_attr_put_strz($0, UInt16(NFTA_SET_ELEM_LIST_TABLE), table.name)
            mnl_attr_put_strz($0, UInt16(NFTA_SET_ELEM_LIST_SET), set)
        }
        do throws(NetlinkError) {
            let parts = try socket.dump(request, "list of elements of set \(table) \(set)") { message in
                NetlinkAttributes(message.payload.dropFirst(MemoryLayout<nfgenmsg>.size))
                    .first(NFTA_SET_ELEM_LIST_ELEMENTS).map { $0.nested.compactMap { NFTElement($0) } }
            }
            return parts.flatMap { $0 }
        } catch  where error.errno == ENOENT {
            return []
        }
    }
}

extension NFTElementQuestion {
    fileprivate func append(to request: MessageBuffer) {
        request.appendNFTMessage(
            NFT_MSG_GETSETELEM, netfilterProtocol: table.family.netfilterProtocol, flags: 0, room: 0)
        request.extendLastMessage {
            request.appendAttribute(NFTA_SET_ELEM_LIST_TABLE, string: table.name)
            request.appendAttribute(NFTA_SET_ELEM_LIST_SET, string: set)
            request.appendNest(Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue)) {
                request.appendNest(Int(NFTA_LIST_ELEM.rawValue)) {
                    request.appendNest(Int(NFTA_SET_ELEM_KEY.rawValue)) {
                        key.withBytes { request.appendAttribute(NFTA_DATA_VALUE, bytes: $0) }
                    }
                }
            }
        }
    }
}

extension MessageBuffer {
    /// Appends to the message that was appended last, and makes its header say so.
    func extendLastMessage(_ body: () -> Void) {
        // nlmsghdr and nfgenmsg: what appendNFTMessage wrote.
        let start = self.count - MemoryLayout<nlmsghdr>.size - MemoryLayout<nfgenmsg>.size
        body()
        mutableBytes.storeBytes(of: UInt32(self.count - start), toByteOffset: start, as: UInt32.self)
    }
}
