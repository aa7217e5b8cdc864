import Net

/// From the hash of an owner to the addresses that it may have: a hash table with open addressing, in a file of its own, and before it
/// the address that each range set gave last.
///
/// **It is a hint**, and each answer is checked at the slot. An entry is written before its slot, and removed after it: so whoever has a
/// lease is in the index, whenever a process dies; an entry too many is found at the slot to be one. An entry that is not whole, or a
/// table that became too full, leads to a new table, made from the slots.
struct OwnerIndex {
    static let fileName = "owners"
    static let entryByteCount = 32
    static let headByteCount = 4096
    static let smallestCapacity = 1024
    /// A run of entries as long as this is met when a table is about two thirds full.
    static let runLimit = 64

    private let file: LeaseFile
    private let capacity: Int

    /// Nil when there is no table, or none of a size that it can have.
    init?(in folder: LeaseFolder) throws(CNIError) {
        guard let file = try folder.open(Self.fileName) else { return nil }
        let capacity = (try file.byteCount() - Self.headByteCount) / Self.entryByteCount
        guard capacity >= Self.smallestCapacity, capacity & (capacity - 1) == 0 else { return nil }
        self.file = file
        self.capacity = capacity
    }

    /// A run of entries from where a hash belongs up to the first that is empty.
    struct Run {
        var entries: [(position: Int, entry: OwnerEntry)] = []
        /// The position of the empty one; nil when the table has none.
        var end: Int?

        var isDamaged: Bool { entries.contains { $0.entry == .unreadable } }
    }

    func run(of hash: UInt64) throws(CNIError) -> Run {
        var run = Run()
        var position = Int(hash & UInt64(capacity - 1))
        while run.entries.count < capacity {
            let count = min(16, capacity - position)
            let bytes = try file.read(at: place(position), byteCount: count * Self.entryByteCount)
            for offset in 0..<count {
                let entry = OwnerEntry(bytes[(offset * Self.entryByteCount)..<((offset + 1) * Self.entryByteCount)])
                guard entry != .empty else {
                    run.end = position + offset
                    return run
                }
                run.entries.append((position + offset, entry))
            }
            position = (position + count) & (capacity - 1)
        }
        return run
    }

    /// Adds an owner's address; false when the table has become too full for it. The caller has the run that the hash belongs to.
    func insert(_ hash: UInt64, _ address: IPAddress, in run: Run) throws(CNIError) -> Bool {
        let new = OwnerEntry.used(hash: hash, address)
        if run.entries.contains(where: { $0.entry == new }) { return true }
        let free = run.entries.first { $0.entry == .removed }?.position ?? run.end
        guard let free else { return false }
        try file.write(new.encoded, at: place(free))
        return true
    }

    /// Removes an entry. One with an empty one behind it becomes empty, so that runs stay short.
    func remove(_ hash: UInt64, _ address: IPAddress, in run: Run) throws(CNIError) {
        for (position, entry) in run.entries where entry == .used(hash: hash, address) {
            let isLast = run.end == (position + 1) & (capacity - 1)
            try file.write((isLast ? OwnerEntry.empty : .removed).encoded, at: place(position))
        }
    }

    /// The entries that are in use, and whether there are any that cannot be read.
    func all() throws(CNIError) -> (entries: [(hash: UInt64, address: IPAddress)], isDamaged: Bool) {
        var found: [(hash: UInt64, address: IPAddress)] = []
        var isDamaged = false
        for position in stride(from: 0, to: capacity, by: 1024) {
            let bytes = try file.read(at: place(position), byteCount: 1024 * Self.entryByteCount)
            for offset in stride(from: 0, to: bytes.count, by: Self.entryByteCount) {
                let entry = OwnerEntry(bytes[offset..<(offset + Self.entryByteCount)])
                if case .used(let hash, let address) = entry { found.append((hash, address)) }
                if entry == .unreadable { isDamaged = true }
            }
        }
        return (found, isDamaged)
    }

    private func place(_ position: Int) -> Int { Self.headByteCount + position * Self.entryByteCount }

    /// The address that a range set gave last; nil when there is none, or it cannot be read, which costs nothing but the order.
    func lastGiven(setNumber: Int) throws(CNIError) -> IPAddress? {
        let bytes = try file.read(at: cursorPlace(setNumber), byteCount: Self.entryByteCount)
        guard case .used(UInt64(setNumber), let address) = OwnerEntry(bytes[...]) else { return nil }
        return address
    }

    func setLastGiven(_ address: IPAddress, setNumber: Int) throws(CNIError) {
        try file.write(
            OwnerEntry.used(hash: UInt64(setNumber), address).encoded, at: cursorPlace(setNumber))
    }

    private func cursorPlace(_ setNumber: Int) -> Int {
        setNumber % (Self.headByteCount / Self.entryByteCount) * Self.entryByteCount
    }

    /// Makes a table of these entries in place of the one that there is, in one step; it keeps what was given last.
    static func replace(
        _ old: OwnerIndex?, with entries: [(hash: UInt64, address: IPAddress)], in folder: LeaseFolder
    ) throws(CNIError) -> OwnerIndex {
        var capacity = smallestCapacity
        while capacity < entries.count * 2 { capacity *= 2 }
        var bytes = try old?.file.read(at: 0, byteCount: headByteCount) ?? [UInt8](repeating: 0, count: headByteCount)
        bytes += [UInt8](repeating: 0, count: capacity * entryByteCount)
        var isTaken = [Bool](repeating: false, count: capacity)
        for (hash, address) in entries {
            var position = Int(hash & UInt64(capacity - 1))
            while isTaken[position] { position = (position + 1) & (capacity - 1) }
            isTaken[position] = true
            let start = headByteCount + position * entryByteCount
            bytes.replaceSubrange(start..<(start + entryByteCount), with: OwnerEntry.used(hash: hash, address).encoded)
        }
        let name = fileName + ".new"
        let file = try folder.make(name)
        // What a process that died may have left.
        try file.setByteCount(0)
        try file.write(bytes, at: 0)
        try folder.rename(name, to: fileName)
        return OwnerIndex(file, capacity: capacity)
    }

    private init(_ file: LeaseFile, capacity: Int) {
        self.file = file
        self.capacity = capacity
    }
}
