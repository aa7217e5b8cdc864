import Net

/// A network's leases, locked: the one who has them is the only one who reads or writes them. A class, as it opens files when they are
/// needed; it never leaves its thread.
///
/// Each change is a few writes in an order that lets a process die between any two of them, or within one:
///
/// - Taking: index entry, slot, mark. Before the slot is written nobody has the address, after it the attachment has.
/// - Releasing: mark, slot, index entry. Until the slot is written the attachment has it, and finds it again.
///
/// A slot that was being written is unreadable then. It is not given to anybody until the only owner that the index names for it, who was
/// never told that the call succeeded, releases it, or `AddressStore.collect` finds that nobody can have it.
final class LockedLeases {
    private let lock: LeaseFolder
    let folder: LeaseFolder
    private var index: OwnerIndex
    private var blocks: [IPAddress: LeaseBlock] = [:]

    init(lock: LeaseFolder, _ folder: LeaseFolder) throws(CNIError) {
        self.lock = lock
        self.folder = folder
        if let index = try OwnerIndex(in: folder) {
            self.index = index
        } else {
            index = try OwnerIndex.replace(nil, with: Self.entriesOfSlots(try Self.blocks(in: folder)), in: folder)
        }
    }

    func block(of address: IPAddress) throws(CNIError) -> LeaseBlock {
        let base = LeaseBlock.base(of: address)
        if let block = blocks[base] { return block }
        let block = try LeaseBlock(base, in: folder)
        blocks[base] = block
        return block
    }

    func lastGiven(setNumber: Int) throws(CNIError) -> IPAddress? { try index.lastGiven(setNumber: setNumber) }

    func setLastGiven(_ address: IPAddress, setNumber: Int) throws(CNIError) {
        try index.setLastGiven(address, setNumber: setNumber)
    }

    /// What an owner has, in the order of the range sets.
    func held(by owner: LeaseOwner) throws(CNIError) -> [(address: IPAddress, record: LeaseRecord)] {
        var held: [(address: IPAddress, record: LeaseRecord)] = []
        for address in try hints(owner.hash) {
            if case .record(let record) = try block(of: address).content(of: address), record.state == .held,
                record.owner == owner
            {
                held.append((address, record))
            }
        }
        return held.sorted { ($0.record.setNumber, $0.address) < ($1.record.setNumber, $1.address) }
    }

    func take(_ address: IPAddress, _ record: LeaseRecord) throws(CNIError) {
        let hash = record.owner.hash
        var run = try usableRun(of: hash)
        if run.entries.count >= OwnerIndex.runLimit {
            try rebuildIndex(keepingHints: true)
            run = try index.run(of: hash)
        }
        guard try index.insert(hash, address, in: run) else {
            throw CNIError(.ioFailure, "the index of network \(folder.network)'s addresses is full")
        }
        let block = try block(of: address)
        try block.write(record, for: address)
        try block.write(.held, for: address)
    }

    /// Releases all that an owner has.
    ///
    /// - Parameter unused: Nobody has seen the addresses: they need not cool down.
    func release(_ owner: LeaseOwner, now: UInt64, unused: Bool = false) throws(CNIError) {
        let hash = owner.hash
        for address in try hints(hash) {
            let block = try block(of: address)
            switch try block.content(of: address) {
            case .record(let record) where record.state == .held && record.owner == owner:
                try free(address, record, now: now, unused: unused)
            // Another's, with the same hash.
            case .record(let record) where record.state == .held && record.owner.hash == hash: continue
            case .unreadable:
                if try isOnlyHint(hash, to: address) {
                    try free(address, LeaseRecord(.held, owner, sinceNanoseconds: now, prefixLength: 0), now: now)
                }
            default: break
            }
            try index.remove(hash, address, in: usableRun(of: hash))
        }
    }

    /// Writes mark and slot of an address that is released; the entry of the index is the caller's.
    func free(_ address: IPAddress, _ record: LeaseRecord, now: UInt64, unused: Bool = false) throws(CNIError) {
        var cooling = record
        cooling.state = .cooling
        cooling.sinceNanoseconds = now
        let block = try block(of: address)
        try block.write(unused ? .free : LeaseMark(releasedAtNanoseconds: now), for: address)
        try block.write(unused ? nil : cooling, for: address)
    }

    /// The addresses that the owner of a hash may have.
    private func hints(_ hash: UInt64) throws(CNIError) -> [IPAddress] {
        try usableRun(of: hash).entries.compactMap {
            if case .used(hash, let address) = $0.entry { address } else { nil }
        }
    }

    /// A run without an entry that cannot be read.
    private func usableRun(of hash: UInt64) throws(CNIError) -> OwnerIndex.Run {
        let run = try index.run(of: hash)
        guard run.isDamaged else { return run }
        try rebuildIndex(keepingHints: false)
        return try index.run(of: hash)
    }

    /// Whether no other owner can have an address whose slot cannot be read.
    private func isOnlyHint(_ hash: UInt64, to address: IPAddress) throws(CNIError) -> Bool {
        let (entries, isDamaged) = try index.all()
        return !isDamaged && !entries.contains { $0.address == address && $0.hash != hash }
    }

    /// The hashes of those who may have each of the addresses whose slots cannot be read.
    func hints(to addresses: Set<IPAddress>) throws(CNIError) -> [IPAddress: Set<UInt64>] {
        var hints: [IPAddress: Set<UInt64>] = [:]
        for (hash, address) in try index.all().entries where addresses.contains(address) {
            hints[address, default: []].insert(hash)
        }
        return hints
    }

    /// Makes the index anew from the slots.
    ///
    /// - Parameter keepingHints: What it says of slots that cannot be read is kept. Not where entries may be lost: one that is left would
    ///   look like the only one.
    func rebuildIndex(keepingHints: Bool) throws(CNIError) {
        var unreadable: Set<IPAddress> = []
        var entries = try Self.entriesOfSlots(try allBlocks(), unreadable: &unreadable)
        if keepingHints, !unreadable.isEmpty {
            let (old, isDamaged) = try index.all()
            if !isDamaged { entries += old.filter { unreadable.contains($0.address) } }
        }
        index = try OwnerIndex.replace(index, with: entries, in: folder)
    }

    /// Every block that has a file.
    func allBlocks() throws(CNIError) -> [LeaseBlock] {
        for block in try Self.blocks(in: folder) where blocks[block.base] == nil { blocks[block.base] = block }
        return blocks.values.sorted { $0.base < $1.base }
    }

    private static func blocks(in folder: LeaseFolder) throws(CNIError) -> [LeaseBlock] {
        var blocks: [LeaseBlock] = []
        for name in try folder.names() {
            guard let base = IPAddress(parsing: name), LeaseBlock.base(of: base) == base else { continue }
            blocks.append(try LeaseBlock(base, in: folder))
        }
        return blocks
    }

    private static func entriesOfSlots(_ blocks: [LeaseBlock]) throws(CNIError) -> [(hash: UInt64, address: IPAddress)]
    {
        var unreadable: Set<IPAddress> = []
        return try entriesOfSlots(blocks, unreadable: &unreadable)
    }

    private static func entriesOfSlots(
        _ blocks: [LeaseBlock], unreadable: inout Set<IPAddress>
    ) throws(CNIError) -> [(hash: UInt64, address: IPAddress)] {
        var entries: [(hash: UInt64, address: IPAddress)] = []
        for block in blocks {
            try block.forEachSlot { (address, content) throws(CNIError) in
                switch content {
                case .record(let record) where record.state == .held: entries.append((record.owner.hash, address))
                case .unreadable: unreadable.insert(address)
                default: break
                }
            }
        }
        return entries
    }
}
