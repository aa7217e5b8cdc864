import Storage

/// FNV-1a with 64 bits over what a row holds. Each step is a bijection of the state, so that no damage to a single byte
/// goes unseen. (Offset basis and prime: RFC 9923, section 2.)
struct RowChecksum {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }

    mutating func add(_ number: Int64) {
        var rest = UInt64(bitPattern: number)
        for _ in 0..<8 {
            value = (value ^ (rest & 0xFF)) &* 0x0000_0100_0000_01B3
            rest >>= 8
        }
    }

    /// Of a row.
    static func row(_ pair: KeyValue) -> UInt64 {
        var checksum = RowChecksum()
        checksum.add(pair.modRevision)
        checksum.add(pair.createRevision)
        checksum.add(pair.version)
        checksum.add(Int64(pair.key.utf8.count))
        checksum.add(pair.key.utf8)
        checksum.add(pair.value)
        return checksum.value
    }
}

/// What a store's file says of all its rows: a row that is missing shows here.
struct RowTotals: Equatable {
    var revision: Revision
    var oldestRevision: Revision
    var count: Int64 = 0
    /// Of the rows' checksums, modulo 2⁶⁴.
    var sum: UInt64 = 0

    /// Of these numbers themselves.
    var checksum: UInt64 {
        var checksum = RowChecksum()
        for number in [revision, oldestRevision, count, Int64(bitPattern: sum)] { checksum.add(number) }
        return checksum.value
    }

    mutating func add(_ rowChecksum: UInt64) {
        count += 1
        sum &+= rowChecksum
    }

    mutating func remove(_ rowChecksum: UInt64) {
        count -= 1
        sum &-= rowChecksum
    }
}
