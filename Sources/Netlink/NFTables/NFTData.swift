import Net

/// The bytes of a set element's key or data, as registers hold them: fields one after the other, each padded to
/// 4 bytes. It lives in place, without memory of its own.
package struct NFTData: Hashable, Sendable, CustomStringConvertible {
    /// The registers together have 64 bytes (`NFT_DATA_VALUE_MAXLEN`).
    package static let maximumByteCount = 64

    // Words in memory order: the first byte of a word is the lowest in memory on any machine.
    private var words = InlineArray<16, UInt32>(repeating: 0)
    private var wordCount: UInt8 = 0
    private var fieldCount: UInt8 = 0
    // Bytes of the first field: a lone port is a key of 2 bytes, and of 4 only inside a concatenation.
    private var firstLength: UInt8 = 0

    package init() {}

    /// From the bytes of an element in a message; nil above 64 bytes.
    init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count <= Self.maximumByteCount else { return nil }
        var rest = bytes
        while !rest.isEmpty {
            let padded = rest.prefix(4) + repeatElement(0, count: 4 - min(rest.count, 4))
            append(word: padded.load(UInt32.self) ?? 0)
            rest = rest.dropFirst(4)
        }
        (fieldCount, firstLength) = (1, UInt8(bytes.count))
    }

    /// 4 or 16 bytes.
    @inline(__always)
    package mutating func append(_ address: IPAddress) {
        if address.family == .ipv4 {
            append(word: address.v4Bits.bigEndian)
            end(length: 4)
        } else {
            append(half: address.highBits)
            append(half: address.lowBits)
            end(length: 16)
        }
    }

    /// One byte, as `meta l4proto` loads it.
    @inline(__always)
    package mutating func append(_ l4Protocol: L4Protocol) {
        append(word: (UInt32(l4Protocol.rawValue) << 24).bigEndian)
        end(length: 1)
    }

    /// Two bytes in network order.
    @inline(__always)
    package mutating func append(port: UInt16) {
        append(word: (UInt32(port) << 16).bigEndian)
        end(length: 2)
    }

    /// Four bytes in host order, as `numgen` and `meta mark` load them.
    @inline(__always)
    package mutating func append(number: UInt32) {
        append(word: number)
        end(length: 4)
    }

    /// The length in bytes: of the field itself for a single one, of all padded fields for a concatenation.
    @inline(__always)
    package var count: Int { fieldCount == 1 ? Int(firstLength) : Int(wordCount) * 4 }

    /// The bytes, valid inside `body`.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: words) { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    /// Writes the words; `memory` has room for `count` rounded up to 4.
    @inline(__always)
    func copy(to memory: UnsafeMutableRawPointer) {
        for index in 0..<Int(wordCount) {
            memory.storeBytes(of: words[index], toByteOffset: index * 4, as: UInt32.self)
        }
    }

    @inline(__always)
    private mutating func append(word: UInt32) {
        words[Int(wordCount)] = word
        wordCount += 1
    }

    @inline(__always)
    private mutating func append(half: UInt64) {
        append(word: UInt32(truncatingIfNeeded: half >> 32).bigEndian)
        append(word: UInt32(truncatingIfNeeded: half).bigEndian)
    }

    @inline(__always)
    private mutating func end(length: UInt8) {
        if fieldCount == 0 { firstLength = length }
        fieldCount += 1
    }

    /// Whether the first words are those of `prefix`: a key with more fields appended starts with the key.
    package func starts(with prefix: NFTData) -> Bool {
        guard prefix.wordCount <= wordCount else { return false }
        for index in 0..<Int(prefix.wordCount) where words[index] != prefix.words[index] { return false }
        return true
    }

    package static func == (left: NFTData, right: NFTData) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<Int(left.wordCount) where left.words[index] != right.words[index] { return false }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for index in 0..<Int(wordCount) { hasher.combine(words[index]) }
    }

    /// The words in the order of their bytes, in hexadecimal: "0a600001 06000000 00500000".
    package var description: String {
        (0..<Int(wordCount)).map { index in
            let digits = String(UInt32(bigEndian: words[index]), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined(separator: " ")
    }
}
