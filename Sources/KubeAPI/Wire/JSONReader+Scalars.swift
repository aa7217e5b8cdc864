/// Numbers, true, false and null.
extension JSONReader {
    /// A number without a fraction, however it is written: `80`, `80.0` and `8e1` are the same.
    @_lifetime(self: copy self)
    mutating func integer() throws(JSONFault) -> Int {
        let first = start()
        guard first.isDigit || first == UInt8(ascii: "-") else { throw .unexpected(at: offset, wanted: "an integer") }
        let start = offset
        var number = 0
        var index = first == UInt8(ascii: "-") ? start + 1 : start
        let firstDigit = index
        while index < bytes.count, bytes[index].isDigit, index - firstDigit < 18 {
            number = number &* 10 &+ Int(bytes[index] &- 0x30)
            index += 1
        }
        let isPlain =
            index > firstDigit && (bytes[firstDigit] != UInt8(ascii: "0") || index == firstDigit + 1)
            && (index == bytes.count || !bytes[index].continuesNumber)
        if isPlain {
            move(to: index)
            return firstDigit == start ? number : -number
        }
        try skipNumber()
        guard let exact = Int(exactlyJSON: bytes.extracting(start..<offset)) else {
            throw .unexpected(at: start, wanted: "an integer")
        }
        return exact
    }

    /// Nil of null.
    @_lifetime(self: copy self)
    mutating func integerOrNil() throws(JSONFault) -> Int? { try skipNull() ? nil : try integer() }

    /// Nil of null.
    @_lifetime(self: copy self)
    mutating func flagOrNil() throws(JSONFault) -> Bool? {
        switch start() {
        case UInt8(ascii: "t"):
            try skip(.true)
            return true
        case UInt8(ascii: "f"):
            try skip(.false)
            return false
        case UInt8(ascii: "n"):
            try skip(.null)
            return nil
        default: throw .unexpected(at: offset, wanted: "true or false")
        }
    }

    /// Nil of null.
    @_lifetime(self: copy self)
    mutating func timeOrNil() throws(JSONFault) -> Timestamp? {
        let wanted: StaticString = "a time such as 2006-01-02T15:04:05Z"
        if try skipNull() { return nil }
        guard start() == .quote else { throw .unexpected(at: offset, wanted: wanted) }
        let start = offset
        guard let time = Timestamp(try text()) else { throw .unexpected(at: start, wanted: wanted) }
        return time
    }

    /// Whether the next value is null; skips it then.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func skipNull() throws(JSONFault) -> Bool {
        guard start() == UInt8(ascii: "n") else { return false }
        try skip(.null)
        return true
    }

    @inline(__always)
    @_lifetime(self: copy self)
    mutating func skip(_ literal: JSONLiteral) throws(JSONFault) {
        guard offset <= bytes.count &- literal.length, bytes.word(at: offset, length: literal.length) == literal.word
        else { throw .malformed }
        advance(by: literal.length)
    }

    /// Skips a number and checks its form.
    @_lifetime(self: copy self)
    mutating func skipNumber() throws(JSONFault) {
        if peek() == UInt8(ascii: "-") { advance() }
        if peek() == UInt8(ascii: "0") {
            advance()
        } else {
            try skipDigits()
        }
        if peek() == UInt8(ascii: ".") {
            advance()
            try skipDigits()
        }
        guard peek() | 0x20 == UInt8(ascii: "e") else { return }
        advance()
        if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { advance() }
        try skipDigits()
    }

    @_lifetime(self: copy self)
    private mutating func skipDigits() throws(JSONFault) {
        guard peek().isDigit else { throw .malformed }
        while peek().isDigit { advance() }
    }
}

/// `true`, `false` or `null`.
struct JSONLiteral {
    /// As `Span.word` has it.
    let word: UInt64
    let length: Int

    static var `true`: JSONLiteral { JSONLiteral(word: 0x6575_7274, length: 4) }
    static var `false`: JSONLiteral { JSONLiteral(word: 0x65_736C_6166, length: 5) }
    static var null: JSONLiteral { JSONLiteral(word: 0x6C6C_756E, length: 4) }
}

extension UInt8 {
    fileprivate var continuesNumber: Bool { isDigit || self == UInt8(ascii: ".") || self | 0x20 == UInt8(ascii: "e") }
}

extension Int {
    /// The number that a JSON number of valid form says, where it is an integer that fits.
    fileprivate init?(exactlyJSON text: Span<UInt8>) {
        // Its digits without the zeros before and after them, and how many zeros are to follow.
        var digits: [UInt8] = []
        var zeros = 0
        var index = 0
        var isFraction = false
        while index < text.count, text[index] | 0x20 != UInt8(ascii: "e") {
            let byte = text[index]
            index += 1
            guard byte.isDigit else {
                isFraction = isFraction || byte == UInt8(ascii: ".")
                continue
            }
            if isFraction { zeros -= 1 }
            if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte - 0x30) }
        }
        zeros += Self.exponent(text, from: index + 1)
        while digits.last == 0 {
            digits.removeLast()
            zeros += 1
        }
        guard !digits.isEmpty else {
            self = 0
            return
        }
        guard zeros >= 0, digits.count + zeros <= 19 else { return nil }
        var number = 0
        for digit in digits + Array(repeating: 0, count: zeros) {
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            // Counted downwards, where the integers have one more.
            let (next, isTooSmall) = tens.subtractingReportingOverflow(Int(digit))
            guard !isTooLarge, !isTooSmall else { return nil }
            number = next
        }
        if text[0] == UInt8(ascii: "-") {
            self = number
        } else {
            guard number != .min else { return nil }
            self = -number
        }
    }

    /// Bounded to what can matter for 64 MiB of digits.
    private static func exponent(_ text: Span<UInt8>, from start: Int) -> Int {
        var exponent = 0
        var isNegative = false
        for index in start..<Swift.max(start, text.count) {
            if text[index] == UInt8(ascii: "-") { isNegative = true }
            guard text[index].isDigit else { continue }
            exponent = Swift.min(exponent * 10 + Int(text[index] - 0x30), 1 << 40)
        }
        return isNegative ? -exponent : exponent
    }
}
