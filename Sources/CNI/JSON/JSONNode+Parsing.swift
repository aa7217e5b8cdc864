extension JSONNode {
    /// The most that is read, in bytes: the annotations of a pod have 256 KiB at most, and GC names a node's attachments.
    package static let limitBytes = 4 << 20
    /// How deep values may be nested.
    package static let limitDepth = 64

    /// Reads one value and nothing after it.
    ///
    /// - Throws: `CNIError` with `undecodable`, that names the offset of the byte that is not expected.
    package init(parsing bytes: [UInt8]) throws(CNIError) {
        guard bytes.count <= Self.limitBytes else {
            throw CNIError(.undecodable, "the JSON has \(bytes.count) bytes; \(Self.limitBytes) are read at most")
        }
        var reader = JSONReader(bytes)
        self = try reader.document()
    }
}

/// Reads a JSON text from front to back.
private struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(CNIError) -> JSONNode {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw unexpected("the end") }
        return value
    }

    private mutating func value() throws(CNIError) -> JSONNode {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try nested { (reader) throws(CNIError) in try reader.object() })
        case UInt8(ascii: "["): return .array(try nested { (reader) throws(CNIError) in try reader.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested<Value>(
        _ body: (inout JSONReader) throws(CNIError) -> Value
    ) throws(CNIError) -> Value {
        depth += 1
        guard depth <= JSONNode.limitDepth else {
            throw CNIError(.undecodable, "the JSON is nested deeper than \(JSONNode.limitDepth) levels")
        }
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(CNIError) -> JSONObject {
        var object = JSONObject()
        skipSpace()
        if take(UInt8(ascii: "}")) { return object }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw unexpected("a name") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected("':'") }
            object.append(name, try value())
            skipSpace()
            if take(UInt8(ascii: "}")) { return object }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or '}'") }
        }
    }

    private mutating func array() throws(CNIError) -> [JSONNode] {
        var elements: [JSONNode] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or ']'") }
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONNode) throws(CNIError) -> JSONNode {
        for byte in word.description.utf8 where !take(byte) { throw unexpected("'\(word)'") }
        return value
    }

    private mutating func number() throws(CNIError) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits("a value") }
        if take(UInt8(ascii: ".")) { try digits("a digit") }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits("a digit")
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits(_ expected: String) throws(CNIError) {
        let start = position
        while let byte = peek, Self.isDigit(byte) { position += 1 }
        guard position > start else { throw unexpected(expected) }
    }

    /// What is no UTF-8, and half of a surrogate pair, becomes U+FFFD.
    private mutating func string() throws(CNIError) -> String {
        var text: [UInt8] = []
        position += 1
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape().utf8
            case 0..<0x20: throw unexpected("a character without its escape")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw unexpected("the end of a string")
    }

    private mutating func escape() throws(CNIError) -> String {
        position += 1
        guard let byte = peek else { throw unexpected("an escape") }
        if byte == UInt8(ascii: "u") {
            position += 1
            return String(try escapedScalar())
        }
        let character: String? =
            switch byte {
            case UInt8(ascii: "\""): "\""
            case UInt8(ascii: "\\"): "\\"
            case UInt8(ascii: "/"): "/"
            case UInt8(ascii: "b"): "\u{8}"
            case UInt8(ascii: "f"): "\u{C}"
            case UInt8(ascii: "n"): "\n"
            case UInt8(ascii: "r"): "\r"
            case UInt8(ascii: "t"): "\t"
            default: nil
            }
        guard let character else { throw unexpected("an escape") }
        position += 1
        return character
    }

    private mutating func escapedScalar() throws(CNIError) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = try codeUnit()
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) ?? replacement }
        let afterFirst = position
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            position = afterFirst
            return replacement
        }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else {
            position = afterFirst
            return replacement
        }
        return Unicode.Scalar(0x1_0000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF) ?? replacement
    }

    private mutating func codeUnit() throws(CNIError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw unexpected("a hexadecimal digit")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private func unexpected(_ expected: String) -> CNIError {
        let found =
            switch peek {
            case nil: "the end"
            case .some(let byte) where (0x21..<0x7F).contains(byte): "'\(Character(Unicode.Scalar(byte)))'"
            case .some(let byte): "byte 0x\(String(byte, radix: 16))"
            }
        return CNIError(.undecodable, "not JSON: \(found) at offset \(position), where \(expected) is expected")
    }
}
