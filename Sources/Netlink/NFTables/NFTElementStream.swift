import CNftnl
import Net

/// The messages that add elements to one set, or delete them: encoded directly, without a call into libnftnl and
/// without memory per element.
///
/// A message is `nlmsghdr nfgenmsg NFTA_SET_ELEM_LIST_TABLE NFTA_SET_ELEM_LIST_SET NFTA_SET_ELEM_LIST_ELEMENTS{…}`.
/// The length of an attribute has 16 bits, so the list is split over as many messages as it needs.
final class NFTElementStream {
    let table: NFTTable
    let set: String
    let buffer = MessageBuffer()
    private(set) var elementCount = 0
    private(set) var messageCount = 0

    /// All of a message up to the first element; the same for each.
    private let head: [UInt8]
    /// Where the list's attribute starts in a message.
    private let listOffset: Int
    /// Where the open message starts in the buffer; -1 without one.
    private var openMessage = -1

    /// A flag of one element.
    enum Mark { case none, intervalEnd, openInterval }

    init(adding: Bool, to set: String, in table: NFTTable) {
        self.table = table
        self.set = set
        let scratch = MessageBuffer()
        scratch.appendNFTMessage(
            adding ? NFT_MSG_NEWSETELEM : NFT_MSG_DELSETELEM,
            netfilterProtocol: table.family.netfilterProtocol,
            flags: adding ? NLM_F_CREATE : 0, room: 0)
        scratch.appendAttribute(NFTA_SET_ELEM_LIST_TABLE, string: table.name)
        scratch.appendAttribute(NFTA_SET_ELEM_LIST_SET, string: set)
        listOffset = scratch.count
        scratch.appendAttributeHeader(type: Self.nested(NFTA_SET_ELEM_LIST_ELEMENTS), length: 0)
        head = [UInt8](scratch.bytes)
    }

    @inline(__always)
    func append(_ key: NFTData, data: NFTData? = nil, mark: Mark = .none) {
        let markLength = mark == .none ? 0 : mark == .intervalEnd ? 8 : Self.openIntervalAttribute.count
        let keyLength = key.count
        let dataLength = data?.count ?? 0
        let dataRoom = data == nil ? 0 : 8 + Self.aligned(dataLength)
        let length = 4 + markLength + 8 + Self.aligned(keyLength) + dataRoom
        if openMessage < 0 || buffer.count - openMessage - listOffset + length > Int(UInt16.max) { startMessage() }
        var cursor = buffer.reserve(length)
        Self.put(&cursor, type: Self.nested(NFTA_LIST_ELEM), length: length)
        if mark == .intervalEnd {
            Self.put(&cursor, type: UInt16(NFTA_SET_ELEM_FLAGS), length: 8)
            cursor.storeBytes(of: UInt32(NFT_SET_ELEM_INTERVAL_END).bigEndian, as: UInt32.self)
            cursor += 4
        }
        Self.put(&cursor, type: Self.nested(NFTA_SET_ELEM_KEY), length: 8 + Self.aligned(keyLength))
        Self.put(&cursor, type: UInt16(NFTA_DATA_VALUE), length: 4 + keyLength)
        key.copy(to: cursor)
        cursor += Self.aligned(keyLength)
        if let data {
            Self.put(&cursor, type: Self.nested(NFTA_SET_ELEM_DATA), length: dataRoom)
            Self.put(&cursor, type: UInt16(NFTA_DATA_VALUE), length: 4 + dataLength)
            data.copy(to: cursor)
            cursor += Self.aligned(dataLength)
        }
        if mark == .openInterval {
            let room = UnsafeMutableRawBufferPointer(start: cursor, count: markLength)
            room.copyBytes(from: Self.openIntervalAttribute)
        }
        buffer.advance(by: length)
        elementCount += 1
    }

    /// An element of a verdict map.
    func append(_ key: NFTData, goto chain: String) {
        appendElement { element in
            element.appendKey(NFTA_SET_ELEM_KEY, key)
            element.appendNest(NFTA_SET_ELEM_DATA) {
                element.appendNest(NFTA_DATA_VERDICT) {
                    let code = NFTVerdict.goto(chain).code.bigEndian
                    element.appendAttribute(NFTA_VERDICT_CODE, number: code)
                    element.appendAttribute(NFTA_VERDICT_CHAIN, string: chain)
                }
            }
        }
    }

    /// An element, or the first of a range of keys, with a comment.
    func append(_ key: NFTData, last: NFTData?, data: NFTData?, comment: String) {
        var notes = NFTUserData()
        notes.append(NFTNL_UDATA_SET_ELEM_COMMENT.rawValue, comment: comment)
        appendElement { element in
            element.appendKey(NFTA_SET_ELEM_KEY, key)
            if let last { element.appendKey(NFTA_SET_ELEM_KEY_END, last) }
            if let data { element.appendKey(NFTA_SET_ELEM_DATA, data) }
            element.appendAttribute(NFTA_SET_ELEM_USERDATA, bytes: notes.bytes)
        }
    }

    /// A range of keys of several fields.
    func append(_ first: NFTData, last: NFTData) {
        appendElement { element in
            element.appendKey(NFTA_SET_ELEM_KEY, first)
            element.appendKey(NFTA_SET_ELEM_KEY_END, last)
        }
    }

    /// The way of elements that are few: their attributes are put together first.
    private func appendElement(_ build: (MessageBuffer) -> Void) {
        let element = MessageBuffer()
        element.appendNest(NFTA_LIST_ELEM) { build(element) }
        if openMessage < 0 || buffer.count - openMessage - listOffset + element.count > Int(UInt16.max) {
            startMessage()
        }
        buffer.append(element.bytes)
        elementCount += 1
    }

    /// Writes the lengths of the open message; the next element starts another.
    func close() {
        guard openMessage >= 0 else { return }
        let message = buffer.mutableBytes
        let length = buffer.count - openMessage
        message.storeBytes(of: UInt32(length), toByteOffset: openMessage, as: UInt32.self)
        message.storeBytes(of: UInt16(length - listOffset), toByteOffset: openMessage + listOffset, as: UInt16.self)
        openMessage = -1
    }

    /// Forgets the elements; memory above `limit` bytes goes back to the system.
    func reset(keeping limit: Int) {
        buffer.reset(keeping: limit)
        (elementCount, messageCount, openMessage) = (0, 0, -1)
    }

    private func startMessage() {
        close()
        openMessage = buffer.count
        buffer.append(head)
        messageCount += 1
    }

    /// How nft marks an interval up to the last address, which has no end element: `NFTA_SET_ELEM_USERDATA` with
    /// `NFTNL_UDATA_SET_ELEM_FLAGS`. Padded to 4 bytes.
    private static let openIntervalAttribute: [UInt8] = {
        var notes = NFTUserData()
        notes.append(
            NFTNL_UDATA_SET_ELEM_FLAGS.rawValue, number: UInt32(NFTNL_SET_ELEM_F_INTERVAL_OPEN.rawValue))
        let attribute = MessageBuffer()
        attribute.appendAttribute(NFTA_SET_ELEM_USERDATA, bytes: notes.bytes)
        return [UInt8](attribute.bytes)
    }()

    @inline(__always)
    private static func put(_ cursor: inout UnsafeMutableRawPointer, type: UInt16, length: Int) {
        cursor.storeBytes(of: UInt16(truncatingIfNeeded: length), as: UInt16.self)
        cursor.storeBytes(of: type, toByteOffset: 2, as: UInt16.self)
        cursor += 4
    }

    @inline(__always)
    private static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }

    @inline(__always)
    private static func nested<Constant: RawRepresentable<UInt32>>(_ type: Constant) -> UInt16 {
        UInt16(truncatingIfNeeded: type.rawValue) | UInt16(NLA_F_NESTED)
    }
}

extension MessageBuffer {
    fileprivate func appendNest(_ type: some RawRepresentable<UInt32>, _ body: () -> Void) {
        appendNest(Int(type.rawValue), body)
    }

    fileprivate func appendKey(_ type: some RawRepresentable<UInt32>, _ key: NFTData) {
        appendNest(type) { key.withBytes { appendAttribute(NFTA_DATA_VALUE, bytes: $0) } }
    }
}
