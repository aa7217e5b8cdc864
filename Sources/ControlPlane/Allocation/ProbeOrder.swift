/// The order in which the numbers below `count` are tried for a key: from a place that the key alone decides, then
/// onwards in a circle. So an owner finds its number again after a restart without any being written down.
///
/// The lowest `reserved` numbers come last, as upstream keeps a band for those who ask for a certain address or port
/// (KEP-3070, KEP-3668).
struct ProbeOrder {
    let count: UInt128
    let reserved: UInt128

    /// `reserved` is `count / divisor`, between 16 and `mostReserved`; none of a range of fewer than 16.
    init(count: UInt128, divisor: UInt128, mostReserved: UInt128) {
        self.count = count
        reserved = count < 16 ? 0 : min(max(count / divisor, 16), mostReserved, count)
    }

    /// The first number that is not taken; nil when all are.
    func firstFree(for key: String, isTaken: (UInt128) -> Bool) -> UInt128? {
        let hash = UInt128(StableHash.of(key))
        return firstFree(in: reserved..<count, from: hash, isTaken: isTaken)
            ?? firstFree(in: 0..<reserved, from: hash, isTaken: isTaken)
    }

    private func firstFree(
        in band: Range<UInt128>, from hash: UInt128, isTaken: (UInt128) -> Bool
    ) -> UInt128? {
        let size = band.upperBound - band.lowerBound
        guard size > 0 else { return nil }
        let start = hash % size
        var step: UInt128 = 0
        while step < size {
            let number = band.lowerBound + (start + step) % size
            if !isTaken(number) { return number }
            step += 1
        }
        return nil
    }
}
