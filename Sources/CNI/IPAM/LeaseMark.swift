/// The hint that a block has of each address: free, held, or since when it is released.
struct LeaseMark: Hashable, Sendable {
    /// 0 where the file has a hole; all ones when held; else one more than the second since boot in which it was released.
    let rawValue: UInt32

    static let free = LeaseMark(rawValue: 0)
    static let held = LeaseMark(rawValue: .max)

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(releasedAtNanoseconds time: UInt64) { rawValue = UInt32(clamping: time / 1_000_000_000 + 1) }

    /// Seconds since boot; nil when it is free or held.
    var releasedAtSeconds: UInt64? { self == .free || self == .held ? nil : UInt64(rawValue) - 1 }
}
