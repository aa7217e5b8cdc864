/// An object's uid in 16 bytes, so that all that there are can be known.
struct UniqueID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Uids are 32 hexadecimal digits with hyphens; the bytes of anything else are mixed.
    init(_ text: String) {
        var (high, low): (UInt64, UInt64) = (0, 0)
        for byte in text.utf8 {
            let digit: UInt64
            switch byte {
            case 0x2D: continue
            case 0x30...0x39: digit = UInt64(byte - 0x30)
            case 0x61...0x66: digit = UInt64(byte - 0x61 + 10)
            default: digit = UInt64(byte) &* 0x9E37_79B9_7F4A_7C15
            }
            high = high << 4 | low >> 60
            low = (low << 4) ^ digit
        }
        self.high = high
        self.low = low
    }
}
