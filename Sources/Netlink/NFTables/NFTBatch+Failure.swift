import CLinux
import CNftnl
import Net

extension NFTBatch {
    /// The error for the kernel's answer, with the object of the batch that it is about.
    func error(for answer: NetlinkAcknowledgement, firstSequence: UInt32) -> NetlinkError {
        let index = Int(answer.sequence) - Int(firstSequence) - 1
        if objectNames.indices.contains(index) {
            let name = objectNames[index]
            return NetlinkError(
                errno: answer.errno, kernelMessage: answer.message, object: describe(objectAt: index),
                table: name.table, setName: name.setName)
        }
        for set in sets {
            for stream in [set.deletions, set.additions] {
                guard let message = stream.buffer.message(answer.sequence) else { continue }
                return error(for: answer, in: stream, message)
            }
        }
        return NetlinkError(errno: answer.errno, kernelMessage: answer.message, object: "nf_tables transaction")
    }

    private func error(
        for answer: NetlinkAcknowledgement, in stream: NFTElementStream, _ message: UnsafeRawBufferPointer
    ) -> NetlinkError {
        let name = NFTSetName(table: stream.table, set: stream.set)
        let key = answer.offset.flatMap { NFTData(elementAt: $0, of: message) }
        var object = "set \(stream.table) \(stream.set)"
        if let key {
            let text = knownSets[name].flatMap { key.text($0.key, stream.table.family) } ?? key.description
            object = "set element \(text) of \(stream.table) \(stream.set)"
        }
        return NetlinkError(
            errno: answer.errno, kernelMessage: answer.message, object: object, table: stream.table,
            setName: stream.set, elementKey: key)
    }

    private func describe(objectAt index: Int) -> String {
        switch objectNames[index] {
        case .table(let table): return "table \(table)"
        case .chain(let table, let chain): return "chain \(table) \(chain)"
        case .set(let table, let set): return "set \(table) \(set)"
        case .rulesOf(let table, let chain?): return "rules of chain \(table) \(chain)"
        case .rulesOf(let table, nil): return "rules of table \(table)"
        case .elementsOf(let table, let set): return "elements of set \(table) \(set)"
        case .rule(let table, let chain):
            let ordinal = objectNames[...index].count { $0 == objectNames[index] }
            return "rule \(ordinal) of chain \(table) \(chain)"
        }
    }
}

extension NFTData {
    /// The key of the element whose attribute starts at `offset` of a message.
    fileprivate init?(elementAt offset: Int, of message: UnsafeRawBufferPointer) {
        guard offset >= 0, offset < message.count else { return nil }
        var list = NetlinkAttributes([UInt8](message[offset...])[...])
        guard let element = list.next(), let key = element.nested.first(NFTA_SET_ELEM_KEY),
            let value = key.nested.first(NFTA_DATA_VALUE)
        else { return nil }
        self.init(bytes: value.value)
    }

    /// As nft prints a key of those fields: "10.96.0.1 . tcp . 80"; nil when the length is not theirs.
    func text(_ fields: [NFTField], _ family: IPFamily) -> String? {
        guard count == fields.byteCount(family) else { return nil }
        var rest = withBytes { [UInt8]($0) }[...]
        var parts: [String] = []
        for field in fields {
            let length = field.byteCount(family)
            let bytes = rest.prefix(length)
            rest = rest.dropFirst((length + 3) & ~3)
            parts.append(field.text(bytes))
        }
        return parts.joined(separator: " . ")
    }
}

extension NFTField {
    fileprivate func text(_ bytes: ArraySlice<UInt8>) -> String {
        switch self {
        case .sourceAddress, .destinationAddress: IPAddress(bytes: bytes)?.description ?? "\(bytes)"
        case .l4Protocol:
            bytes.first.map { L4Protocol(rawValue: $0)?.description.lowercased() ?? "\($0)" } ?? ""
        case .sourcePort, .destinationPort: "\(bytes.reduce(0) { $0 << 8 | Int($1) })"
        case .numgen, .mark: bytes.load(UInt32.self).map { "\($0)" } ?? ""
        }
    }
}
