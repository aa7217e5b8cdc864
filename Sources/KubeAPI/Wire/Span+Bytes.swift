import FoundationEssentials

/// Bytes eight at a time. The compiler makes one load and one check of the bounds of the eight.
extension Span<UInt8> {
    /// The eight bytes from `index` on, the first of them lowest.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        let bytes = extracting(index..<index &+ 8)
        let low = UInt64(bytes[0]) | UInt64(bytes[1]) << 8 | UInt64(bytes[2]) << 16 | UInt64(bytes[3]) << 24
        let high = UInt64(bytes[4]) | UInt64(bytes[5]) << 8 | UInt64(bytes[6]) << 16 | UInt64(bytes[7]) << 24
        return low | high << 32
    }

    /// Up to eight bytes from `index` on, the first of them lowest, with zeros after them.
    @inline(__always)
    func word(at index: Int, length: Int) -> UInt64 {
        if length >= 8 { return word(at: index) }
        if index <= count &- 8 { return word(at: index) & (1 << UInt64(truncatingIfNeeded: length &* 8) &- 1) }
        var word: UInt64 = 0
        for place in 0..<length { word |= UInt64(self[index &+ place]) << UInt64(truncatingIfNeeded: place &* 8) }
        return word
    }

    /// Where the byte is first from `start` on; nil where it is not.
    func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        let pattern = UInt64(repeating: byte)
        var index = start
        while index <= count &- 8 {
            let marks = (word(at: index) ^ pattern).zeroBytes
            if marks != 0 { return index &+ marks.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < count {
            if self[index] == byte { return index }
            index &+= 1
        }
        return nil
    }
}

extension UInt64 {
    @inline(__always)
    init(repeating byte: UInt8) { self = 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// The highest bit of each byte that is zero. The lowest mark is right; others may be beside it.
    @inline(__always)
    var zeroBytes: UInt64 { (self &- 0x0101_0101_0101_0101) & ~self & 0x8080_8080_8080_8080 }

    /// The same of each byte below 0x20.
    @inline(__always)
    var controlBytes: UInt64 { (self &- 0x2020_2020_2020_2020) & ~self & 0x8080_8080_8080_8080 }
}

extension [UInt8] {
    mutating func append(copying bytes: Span<UInt8>) {
        append(addingCapacity: bytes.count) { output in
            for index in bytes.indices { output.append(bytes[index]) }
        }
    }
}

extension Data {
    init(copying bytes: Span<UInt8>) {
        var copy: [UInt8] = []
        copy.append(copying: bytes)
        self.init(copy)
    }
}
