import Net

/// The file of 65,536 neighbouring addresses: an IPv4 /16 or an IPv6 /112, whatever the ranges of the configuration are. So each address has
/// one place for good, and ranges that change, grow or overlap those of before find the leases that there are.
///
/// First comes a mark of four bytes for each address, then a slot of 256 bytes for each. **The slot is the truth**; the mark is a hint, so
/// that 1,024 addresses are passed over with one read. A mark says at most wrongly that an address may be free (marks are set after the slot
/// where one is taken, before it where one is released), and the slot decides; so a process that dies in between loses nothing.
/// Files have holes where no address was used: a /24 takes 69 KB at most, a /16 that is full 17 MB.
final class LeaseBlock {
    static let addressCount = 1 << 16
    private static let slotStart = addressCount * MemoryLayout<UInt32>.size

    /// What a slot holds.
    enum Content {
        /// Never used, or given back unused.
        case free
        case record(LeaseRecord)
        /// Neither empty nor whole.
        case unreadable
    }

    /// The first address; the file's name.
    let base: IPAddress
    private let folder: LeaseFolder
    /// Nil while there is none.
    private var file: LeaseFile?

    init(_ base: IPAddress, in folder: LeaseFolder) throws(CNIError) {
        self.base = base
        self.folder = folder
        file = try folder.open(base.description)
    }

    /// The first address of the block that has `address`.
    static func base(of address: IPAddress) -> IPAddress {
        IPAddress(number: address.number & ~UInt128(addressCount - 1), family: address.family)
    }

    static func index(of address: IPAddress) -> Int { Int(address.lowBits & UInt64(addressCount - 1)) }

    func address(at index: Int) -> IPAddress {
        IPAddress(number: base.number | UInt128(index), family: base.family)
    }

    func content(of address: IPAddress) throws(CNIError) -> Content {
        guard let file else { return .free }
        let position = Self.slotStart + Self.index(of: address) * LeaseRecord.byteCount
        return Self.content(try file.read(at: position, byteCount: LeaseRecord.byteCount)[...], address)
    }

    private static func content(_ slot: ArraySlice<UInt8>, _ address: IPAddress) -> Content {
        if let record = LeaseRecord(slot, for: address) { return .record(record) }
        return slot.allSatisfy { $0 == 0 } ? .free : .unreadable
    }

    /// Writes a slot; nil makes it empty.
    func write(_ record: LeaseRecord?, for address: IPAddress) throws(CNIError) {
        let bytes = record?.encoded(for: address) ?? [UInt8](repeating: 0, count: LeaseRecord.byteCount)
        try writableFile().write(bytes, at: Self.slotStart + Self.index(of: address) * LeaseRecord.byteCount)
    }

    /// The marks of `count` addresses from that at `index` on.
    func marks(from index: Int, count: Int) throws(CNIError) -> [LeaseMark] {
        guard let file else { return [LeaseMark](repeating: .free, count: count) }
        return try file.read(at: index * 4, wordCount: count).map { LeaseMark(rawValue: UInt32(bigEndian: $0)) }
    }

    func write(_ mark: LeaseMark, for address: IPAddress) throws(CNIError) {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: mark.rawValue)
        try writableFile().write(bytes, at: Self.index(of: address) * 4)
    }

    /// The indices of the addresses whose marks say that they are held.
    func markedAsHeld() throws(CNIError) -> [Int] {
        guard let file else { return [] }
        var found: [Int] = []
        var index = 0
        while index < Self.addressCount, let data = try file.data(from: index * 4), data.lowerBound < Self.slotStart {
            let first = max(index, data.lowerBound / 4)
            let count = min(1024, (data.upperBound + 3) / 4 - first, Self.addressCount - first)
            let words = try file.read(at: first * 4, wordCount: count)
            for offset in 0..<count where words[offset] == .max { found.append(first + offset) }
            index = first + count
        }
        return found
    }

    private func writableFile() throws(CNIError) -> LeaseFile {
        if let file { return file }
        let new = try folder.make(base.description)
        file = new
        return new
    }

    /// Hands over each slot that is not empty, in the order of the addresses.
    func forEachSlot(_ body: (IPAddress, Content) throws(CNIError) -> Void) throws(CNIError) {
        guard let file else { return }
        var next = 0
        while next < Self.addressCount,
            let data = try file.data(from: Self.slotStart + next * LeaseRecord.byteCount)
        {
            let first = max(next, (data.lowerBound - Self.slotStart) / LeaseRecord.byteCount)
            let end = (data.upperBound - Self.slotStart + LeaseRecord.byteCount - 1) / LeaseRecord.byteCount
            let count = min(256, end - first, Self.addressCount - first)
            guard count > 0 else { return }
            let position = Self.slotStart + first * LeaseRecord.byteCount
            let bytes = try file.read(at: position, byteCount: count * LeaseRecord.byteCount)
            for index in 0..<count {
                let slot = bytes[(index * LeaseRecord.byteCount)..<((index + 1) * LeaseRecord.byteCount)]
                // Most of what is not a hole is still zero.
                guard slot.contains(where: { $0 != 0 }) else { continue }
                let address = address(at: first + index)
                try body(address, Self.content(slot, address))
            }
            next = first + count
        }
    }
}
