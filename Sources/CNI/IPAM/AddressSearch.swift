import Net

/// The way to the next free address of a range set, and what stood in it.
struct AddressSearch {
    private let set: AddressRangeSet
    private let gateways: Set<IPAddress>
    private let now: UInt64
    private let cooldownSeconds: UInt64
    private(set) var heldCount = 0
    private(set) var unreadableCount = 0
    private(set) var coolingCount = 0
    /// Until the first of those that cool down may be given.
    private(set) var shortestWaitSeconds: UInt64 = .max

    init(_ set: AddressRangeSet, gateways: Set<IPAddress>, now: UInt64, cooldownSeconds: UInt32) {
        self.set = set
        self.gateways = gateways
        self.now = now
        self.cooldownSeconds = UInt64(cooldownSeconds)
    }

    /// The next free address behind `last`; nil when none is left. Marks that turn out to be wrong are put right.
    mutating func next(after last: IPAddress?, in leases: LockedLeases) throws(CNIError) -> IPAddress? {
        for range in set.searchOrder(after: last) {
            var first = range.lowerBound.number
            while first <= range.upperBound.number {
                let address = IPAddress(number: first, family: range.lowerBound.family)
                let block = try leases.block(of: address)
                let index = LeaseBlock.index(of: address)
                let left = range.upperBound.number - first + 1
                let count = Int(min(left, UInt128(min(1024, LeaseBlock.addressCount - index))))
                let marks = try block.marks(from: index, count: count)
                for (offset, mark) in marks.enumerated() where try isFree(index + offset, mark, block) {
                    return block.address(at: index + offset)
                }
                first += UInt128(count)
            }
        }
        return nil
    }

    private mutating func isFree(_ index: Int, _ mark: LeaseMark, _ block: LeaseBlock) throws(CNIError) -> Bool {
        if mark == .held {
            heldCount += 1
            return false
        }
        if let released = mark.releasedAtSeconds, let elapsed = elapsedSeconds(since: released),
            elapsed < cooldownSeconds
        {
            coolingCount += 1
            shortestWaitSeconds = min(shortestWaitSeconds, cooldownSeconds - elapsed)
            return false
        }
        let address = block.address(at: index)
        return gateways.contains(address) ? false : try isFreeAtSlot(address, mark, block)
    }

    private mutating func isFreeAtSlot(
        _ address: IPAddress, _ mark: LeaseMark, _ block: LeaseBlock
    ) throws(CNIError) -> Bool {
        switch try block.content(of: address) {
        case .free: return true
        case .unreadable:
            unreadableCount += 1
            return false
        case .record(let record) where record.state == .held:
            heldCount += 1
            try block.write(.held, for: address)
            return false
        case .record(let record):
            let wait = record.waitNanoseconds(now: now, cooldownSeconds: cooldownSeconds)
            guard wait > 0 else { return true }
            coolingCount += 1
            shortestWaitSeconds = min(shortestWaitSeconds, (wait + 999_999_999) / 1_000_000_000)
            let right = LeaseMark(releasedAtNanoseconds: record.sinceNanoseconds)
            if mark != right { try block.write(right, for: address) }
            return false
        }
    }

    /// Nil when that is still to come, as no true mark says.
    private func elapsedSeconds(since seconds: UInt64) -> UInt64? {
        let nowSeconds = now / 1_000_000_000
        return seconds <= nowSeconds ? nowSeconds - seconds : nil
    }

    /// Why `next` found none.
    func error(network: String) -> CNIError {
        var parts: [String] = []
        if heldCount > 0 { parts.append("\(heldCount) held") }
        if coolingCount > 0 {
            parts.append("\(coolingCount) cooling down, the first for \(shortestWaitSeconds) more seconds")
        }
        if unreadableCount > 0 { parts.append("\(unreadableCount) with an unreadable record") }
        return CNIError(
            .noAddressLeft, "no address is left in \(set) of network \(network)",
            details: parts.isEmpty ? "it has none but gateways" : parts.joined(separator: "; "))
    }
}

extension LeaseRecord {
    /// How long it is until a released address may be given to another attachment. A clock behind the release, which no boot has, counts
    /// as over.
    func waitNanoseconds(now: UInt64, cooldownSeconds: UInt64) -> UInt64 {
        guard sinceNanoseconds <= now else { return 0 }
        let cooldown = cooldownSeconds * 1_000_000_000
        return cooldown - min(cooldown, now - sinceNanoseconds)
    }
}
