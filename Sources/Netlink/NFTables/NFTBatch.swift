import CNftnl
import Net

/// A set that a batch knows: a small number in place of its name.
package struct NFTSetReference: Hashable, Sendable {
    let index: Int
}

/// One transaction of nf_tables, encoded as it is filled and sent by `NFTSocket.commit`.
///
/// The kernel takes it as a whole or not at all. Within it, objects (tables, chains, sets, rules) come in the order of
/// the calls, then all deletions of elements, then all additions: an element may be replaced, and a set may be filled
/// in the transaction that makes it. Filling allocates only to grow a buffer.
///
/// `@unchecked Sendable` although its buffers are classes: they are reachable from this value alone, which has one
/// owner and is moved, never copied, to another thread; no method lets a buffer out.
package struct NFTBatch: ~Copyable, @unchecked Sendable {
    /// What `reset` keeps of each buffer, in bytes: a huge first transaction must not stay in memory.
    package static let keptByteCount = 1 << 20

    struct RegisteredSet {
        let deletions: NFTElementStream
        let additions: NFTElementStream
    }

    let objects = MessageBuffer()
    /// What each message of `objects` is about, for errors.
    private(set) var objectNames: [NFTObjectName] = []
    /// All sets that were ever registered, some hundreds, of which a transaction usually has few.
    private(set) var registered: [RegisteredSet] = []
    private var isFilled: [Bool] = []
    private var filled: [Int] = []
    /// The sets with elements of this transaction.
    private(set) var sets: [RegisteredSet] = []
    private var indexes: [NFTSetName: Int] = [:]
    /// The sets this batch has made, to print the keys of failing elements; kept across `reset`.
    private(set) var knownSets: [NFTSetName: NFTSet] = [:]
    private var nextSetID: UInt32 = 1

    package init() {}

    /// A reference to a set, for the calls that are made once an element. It stays valid across `reset`; the same set
    /// has the same reference.
    package mutating func register(set: String, in table: NFTTable) -> NFTSetReference {
        let name = NFTSetName(table: table, set: set)
        if let index = indexes[name] { return NFTSetReference(index: index) }
        isFilled.append(false)
        registered.append(
            RegisteredSet(
                deletions: NFTElementStream(adding: false, to: set, in: table),
                additions: NFTElementStream(adding: true, to: set, in: table)))
        indexes[name] = registered.count - 1
        return NFTSetReference(index: registered.count - 1)
    }

    /// Makes the batch ready for the next transaction. Registered sets stay; of each buffer `keptByteCount` stay, more
    /// goes back to the system.
    package mutating func reset() {
        objects.reset(keeping: Self.keptByteCount)
        objectNames.removeAll(keepingCapacity: objectNames.count < 1024)
        nextSetID = 1
        for set in sets {
            set.deletions.reset(keeping: Self.keptByteCount)
            set.additions.reset(keeping: Self.keptByteCount)
        }
        sets.removeAll(keepingCapacity: true)
        for index in filled { isFilled[index] = false }
        filled.removeAll(keepingCapacity: true)
    }

    /// Nothing to commit.
    package var isEmpty: Bool { objectNames.isEmpty && elementCount == 0 }

    /// Elements to delete and to add; an interval counts its end.
    package var elementCount: Int { sets.reduce(0) { $0 + $1.deletions.elementCount + $1.additions.elementCount } }

    /// Bytes of all messages, without those that open and close the transaction.
    package var byteCount: Int {
        sets.reduce(objects.count) { $0 + $1.deletions.buffer.count + $1.additions.buffer.count }
    }

    /// Messages, without those that open and close the transaction.
    package var messageCount: Int {
        sets.reduce(objectNames.count) { $0 + $1.deletions.messageCount + $1.additions.messageCount }
    }

    // MARK: Elements

    @inline(__always)
    private mutating func fill(_ set: NFTSetReference) -> RegisteredSet {
        let streams = registered[set.index]
        if !isFilled[set.index] {
            isFilled[set.index] = true
            filled.append(set.index)
            sets.append(streams)
        }
        return streams
    }

    /// Adds an element. One that exists with the same data is no error; with other data it is (`EEXIST`).
    @inline(__always)
    package mutating func addElement(_ key: NFTData, data: NFTData? = nil, to set: NFTSetReference) {
        fill(set).additions.append(key, data: data)
    }

    /// Adds an element, or the range of keys from `key` to `last`, with a comment, of which at most 127 bytes are kept. One
    /// that exists with the same data is no error and keeps the comment that it has; with other data it is (`EEXIST`).
    package mutating func addElement(
        _ key: NFTData, last: NFTData? = nil, data: NFTData? = nil, comment: String, to set: NFTSetReference
    ) {
        fill(set).additions.append(key, last: last, data: data, comment: comment)
    }

    /// Deletes an element; the transaction fails (`ENOENT`) when there is none.
    @inline(__always)
    package mutating func deleteElement(_ key: NFTData, from set: NFTSetReference) {
        fill(set).deletions.append(key)
    }

    /// Adds an element that leads to a chain to a verdict map.
    package mutating func addElement(_ key: NFTData, goto chain: String, to set: NFTSetReference) {
        fill(set).additions.append(key, goto: chain)
    }

    /// Adds the keys from `first` to `last` to an interval set of several fields: they differ in the last field only.
    package mutating func addRange(_ first: NFTData, _ last: NFTData, to set: NFTSetReference) {
        fill(set).additions.append(first, last: last)
    }

    /// Deletes a range that was added as this very one.
    package mutating func deleteRange(_ first: NFTData, _ last: NFTData, from set: NFTSetReference) {
        fill(set).deletions.append(first, last: last)
    }

    /// Adds a network to an interval set.
    package mutating func addInterval(_ prefix: IPPrefix, to set: NFTSetReference) {
        fill(set).additions.append(prefix)
    }

    /// Deletes a network that was added as this very network.
    package mutating func deleteInterval(_ prefix: IPPrefix, from set: NFTSetReference) {
        fill(set).deletions.append(prefix)
    }

    // MARK: For NFTBatch+Objects

    mutating func appendObject(
        _ name: NFTObjectName, _ type: nf_tables_msg_types, flags: Int32 = 0, room: Int,
        build: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) {
        objectNames.append(name)
        objects.appendNFTMessage(
            type, netfilterProtocol: name.table.family.netfilterProtocol, flags: flags, room: room, build: build)
    }

    mutating func remember(_ set: NFTSet?, _ name: NFTSetName) { knownSets[name] = set }

    /// The number by which rules of the same transaction could refer to a new set; the kernel wants one.
    mutating func takeSetID() -> UInt32 {
        defer { nextSetID += 1 }
        return nextSetID
    }
}

extension NFTElementStream {
    /// An interval is its first address and, marked as the end, the one after its last; there is no end element for
    /// an interval that reaches the last address of all.
    fileprivate func append(_ prefix: IPPrefix) {
        var first = NFTData()
        first.append(prefix.address)
        let (afterLast, isOverflow) = prefix.lastAddress.number.addingReportingOverflow(1)
        guard !isOverflow, prefix.family == .ipv6 || afterLast <= UInt128(UInt32.max) else {
            append(first, mark: .openInterval)
            return
        }
        var end = NFTData()
        end.append(IPAddress(number: afterLast, family: prefix.family))
        append(first)
        append(end, mark: .intervalEnd)
    }
}
