/// Reads JSON (RFC 8259) from bytes, value by value, in the order of the text: what nobody asks for is checked for its
/// form and skipped, and nothing is built for it.
///
/// Stricter than `JSONDecoder` in that a comma before a closing bracket is refused; of a key that appears twice the last
/// value counts, as for the API server itself. Every access to the bytes is bounds-checked.
package struct JSONReader: ~Escapable {
    /// As `JSONDecoder`'s: text that is nested deeper is refused, however it is read.
    private static let depthLimit = 512

    let bytes: Span<UInt8>
    /// Of the next byte.
    private(set) var offset = 0
    private var depth = 0
    /// A container has been entered, and nothing of it read yet.
    private var isAtFirst = false
    /// An object that was read as a tree had a key twice.
    var hasDuplicateKeys = false

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { self.bytes = bytes }
}

// MARK: - Bytes

extension JSONReader {
    /// The next byte; 0, which no JSON has outside of strings, at the end.
    @inline(__always)
    func peek() -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func advance(by count: Int = 1) { offset &+= count }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func move(to offset: Int) { self.offset = offset }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func skipWhitespace() {
        while offset < bytes.count, bytes[offset].isJSONWhitespace { offset &+= 1 }
    }

    /// Moves to the next value and says what it begins with.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func start() -> UInt8 {
        skipWhitespace()
        return peek()
    }

    /// - Throws: `JSONFault.malformed` where anything but white space follows.
    @_lifetime(self: copy self)
    mutating func finish() throws(JSONFault) {
        skipWhitespace()
        guard offset == bytes.count else { throw .malformed }
    }
}

// MARK: - Containers

extension JSONReader {
    /// Enters an object; its members are then read with `nextField` or `nextKey`.
    @_lifetime(self: copy self)
    mutating func openObject() throws(JSONFault) { try open(.openBrace, "an object") }

    /// Enters a list; its elements are then read after `nextElement`.
    @_lifetime(self: copy self)
    mutating func openList() throws(JSONFault) { try open(.openBracket, "a list") }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func open(_ bracket: UInt8, _ wanted: StaticString) throws(JSONFault) {
        guard start() == bracket else { throw .unexpected(at: offset, wanted: wanted) }
        advance()
        depth &+= 1
        guard depth <= Self.depthLimit else { throw .malformed }
        isAtFirst = true
    }

    /// Moves to the next element of a list; false at its end, which it leaves then.
    @_lifetime(self: copy self)
    mutating func nextElement() throws(JSONFault) -> Bool { try next(before: .closeBracket) }

    /// Moves to the next key of an object; false at its end, which it leaves then.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func nextMember() throws(JSONFault) -> Bool {
        guard try next(before: .closeBrace) else { return false }
        guard start() == .quote else { throw .malformed }
        return true
    }

    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func next(before bracket: UInt8) throws(JSONFault) -> Bool {
        let byte = start()
        if byte == bracket {
            advance()
            depth &-= 1
            isAtFirst = false
            return false
        }
        if isAtFirst {
            isAtFirst = false
            return true
        }
        guard byte == .comma else { throw .malformed }
        advance()
        return true
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func skipColon() throws(JSONFault) {
        guard start() == .colon else { throw .malformed }
        advance()
    }

    /// The next key as text, for objects whose keys are data; nil at the end.
    @_lifetime(self: copy self)
    mutating func nextKey() throws(JSONFault) -> String? {
        guard try nextMember() else { return nil }
        let key = try text()
        try skipColon()
        return key
    }
}

extension JSONReader {
    /// Skips the key that `nextMember` moved to, and says whether it is this one.
    @_lifetime(self: copy self)
    mutating func skipKey(equals key: String) throws(JSONFault) -> Bool {
        let start = offset
        let isPlain = try skipText()
        let isSameLength = offset - start - 2 == key.utf8.count
        try skipColon()
        guard isSameLength || !isPlain else { return false }
        return (try? unescaped(from: start)) == key
    }
}

extension UInt8 {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let lineFeed = UInt8(ascii: "\n")

    @inline(__always)
    var isJSONWhitespace: Bool { self <= 0x20 && (self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09) }

    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }
}
