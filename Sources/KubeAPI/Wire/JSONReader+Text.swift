/// Strings.
extension JSONReader {
    /// - Throws: `JSONFault.problem` where the text is not Unicode (half of a surrogate pair, bytes that are not UTF-8).
    @_lifetime(self: copy self)
    mutating func text() throws(JSONFault) -> String {
        guard start() == .quote else { throw .unexpected(at: offset, wanted: "a string") }
        let start = offset
        let isPlain = try skipText()
        guard isPlain else { return try unescaped(from: start) }
        return try text(of: bytes.extracting(start + 1..<offset - 1), at: start)
    }

    /// Nil of null.
    @_lifetime(self: copy self)
    mutating func textOrNil() throws(JSONFault) -> String? { try skipNull() ? nil : try text() }

    /// A list of strings; empty of null.
    @_lifetime(self: copy self)
    mutating func texts() throws(JSONFault) -> [String] {
        if try skipNull() { return [] }
        var texts: [String] = []
        try openList()
        while try nextElement() { texts.append(try text()) }
        return texts
    }

    /// An object of strings; empty of null, as is each string of null.
    @_lifetime(self: copy self)
    mutating func textsByKey() throws(JSONFault) -> [String: String] {
        if try skipNull() { return [:] }
        var texts: [String: String] = [:]
        try openObject()
        while let key = try nextKey() { texts[key] = try textOrNil() ?? "" }
        return texts
    }

    /// Skips a string and checks its form; says whether it stands for itself, without escapes.
    @_lifetime(self: copy self)
    mutating func skipText() throws(JSONFault) -> Bool {
        var index = offset &+ 1
        var isPlain = true
        while index < bytes.count {
            if index <= bytes.count &- 8 {
                let word = bytes.word(at: index)
                let marks =
                    (word ^ UInt64(repeating: .quote)).zeroBytes | (word ^ UInt64(repeating: .backslash)).zeroBytes
                    | word.controlBytes
                if marks == 0 {
                    index &+= 8
                    continue
                }
                index &+= marks.trailingZeroBitCount &>> 3
            }
            let byte = bytes[index]
            index &+= 1
            if byte == .quote {
                move(to: index)
                return isPlain
            }
            if byte == .backslash {
                isPlain = false
                index = try endOfEscape(at: index)
            } else if byte < 0x20 {
                throw .malformed
            }
        }
        throw .malformed
    }

    private func endOfEscape(at index: Int) throws(JSONFault) -> Int {
        guard index < bytes.count else { throw .malformed }
        switch bytes[index] {
        case .quote, .backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return index + 1
        case UInt8(ascii: "u"):
            guard index + 4 < bytes.count, (1...4).allSatisfy({ bytes[index + $0].hexValue != nil }) else {
                throw .malformed
            }
            return index + 5
        default: throw .malformed
        }
    }

    /// What a string of a form that was checked stands for, from its opening quote on.
    func unescaped(from start: Int) throws(JSONFault) -> String {
        var text: [UInt8] = []
        var index = start + 1
        while index < bytes.count, bytes[index] != .quote {
            let byte = bytes[index]
            index += 1
            guard byte == .backslash else {
                text.append(byte)
                continue
            }
            let escape = bytes[index]
            index += 1
            guard escape == UInt8(ascii: "u") else {
                text.append(Self.character(ofEscape: escape))
                continue
            }
            guard let scalar = scalar(at: index) else {
                throw .problem(at: start, "the text is not valid Unicode")
            }
            text.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            index += scalar.value > 0xFFFF ? 10 : 4
        }
        return try self.text(of: text.span, at: start)
    }

    private static func character(ofEscape escape: UInt8) -> UInt8 {
        switch escape {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: escape
        }
    }

    /// The scalar that the digits of `\u` say, together with the `\u` after them where they are half of a pair.
    private func scalar(at index: Int) -> Unicode.Scalar? {
        guard let first = unit(at: index) else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard index + 5 < bytes.count, bytes[index + 4] == .backslash, bytes[index + 5] == UInt8(ascii: "u"),
            let second = unit(at: index + 6), UTF16.isTrailSurrogate(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF)
    }

    private func unit(at index: Int) -> UInt16? {
        guard index + 3 < bytes.count else { return nil }
        var unit: UInt16 = 0
        for place in 0..<4 {
            guard let digit = bytes[index + place].hexValue else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    @inline(__always)
    private func text(of content: Span<UInt8>, at start: Int) throws(JSONFault) -> String {
        guard let valid = try? UTF8Span(validating: content) else {
            throw .problem(at: start, "the text is not valid Unicode")
        }
        return String(copying: valid)
    }
}

extension UInt8 {
    fileprivate var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
