import Net

extension AddressStore {
    /// Garbage collection: releases what attachments other than these hold, puts marks and index right, and frees addresses with an
    /// unreadable record where nobody can have them.
    ///
    /// - Returns: Whose addresses were released.
    package func collect(keeping: Set<Attachment>) throws(CNIError) -> [Attachment] {
        guard let leases = try location.openIfThere() else { return [] }
        let now = location.environment.now()
        var collected: Set<LeaseOwner> = []
        var kept: [LeaseOwner: Set<IPFamily>] = [:]
        for attachment in keeping where attachment.network == location.network {
            if let owner = LeaseOwner(attachment) { kept[owner] = [] }
        }
        var unreadable: Set<IPAddress> = []
        for block in try leases.allBlocks() {
            var held: Set<Int> = []
            try block.forEachSlot { (address, content) throws(CNIError) in
                switch content {
                case .record(let record) where record.state == .held:
                    if kept[record.owner]?.insert(address.family) == nil {
                        try leases.free(address, record, now: now)
                        collected.insert(record.owner)
                    } else {
                        held.insert(LeaseBlock.index(of: address))
                    }
                case .unreadable: unreadable.insert(address)
                default: break
                }
            }
            try putMarksRight(block, held: held)
        }
        try freeUnreadable(unreadable, keeping: kept, leases, now: now)
        try leases.rebuildIndex(keepingHints: true)
        return collected.map { $0.attachment(in: location.network) }
            .sorted { ($0.containerID, $0.interfaceName) < ($1.containerID, $1.interfaceName) }
    }

    /// A mark that says wrongly that an address is held would keep it from ever being given.
    private func putMarksRight(_ block: LeaseBlock, held: Set<Int>) throws(CNIError) {
        for index in try block.markedAsHeld() where !held.contains(index) {
            try block.write(.free, for: block.address(at: index))
        }
    }

    /// An unreadable record may be that of an attachment which the index names for it, or of one that has no other address of the family.
    /// Where none of those that are kept is such a one, nobody has the address.
    private func freeUnreadable(
        _ addresses: Set<IPAddress>, keeping kept: [LeaseOwner: Set<IPFamily>], _ leases: LockedLeases, now: UInt64
    ) throws(CNIError) {
        guard !addresses.isEmpty else { return }
        let hints = try leases.hints(to: addresses)
        let hashes = Set(kept.keys.map(\.hash))
        for address in addresses {
            guard hashes.isDisjoint(with: hints[address] ?? []),
                kept.values.allSatisfy({ $0.contains(address.family) })
            else { continue }
            let record = LeaseRecord(.held, .nobody, sinceNanoseconds: now, prefixLength: 0)
            try leases.free(address, record, now: now)
        }
    }
}
