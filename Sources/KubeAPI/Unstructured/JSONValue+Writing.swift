extension JSONValue {
    /// The value as JSON, without white space, with the fields of objects in the order of their names.
    package var json: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    /// Appends the value as JSON.
    package func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .number(let value): bytes.append(contentsOf: Self.text(value).utf8)
        case .string(let value): bytes.appendQuoted(value)
        case .array(let values):
            bytes.append(.openBracket)
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(.comma) }
                value.write(to: &bytes)
            }
            bytes.append(.closeBracket)
        case .object(let object):
            bytes.append(.openBrace)
            for (index, field) in object.fields.enumerated() {
                if index > 0 { bytes.append(.comma) }
                bytes.appendQuoted(field.key)
                bytes.append(.colon)
                field.value.write(to: &bytes)
            }
            bytes.append(.closeBrace)
        }
    }

    /// JSON has no infinity, and no reader makes one.
    private static func text(_ value: Double) -> String {
        Int64(exactly: value).map { String($0) } ?? (value.isFinite ? "\(value)" : "null")
    }
}

extension [UInt8] {
    /// Appends a JSON string.
    package mutating func appendQuoted(_ text: String) {
        append(.quote)
        // Hardly any text has something to escape.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != .quote && $0 != .backslash }) {
            append(contentsOf: text.utf8)
            append(.quote)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case .quote, .backslash:
                append(.backslash)
                append(byte)
            case .lineFeed: append(contentsOf: "\\n".utf8)
            case 0x0D: append(contentsOf: "\\r".utf8)
            case 0x09: append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                append(contentsOf: "\\u00".utf8)
                append(UInt8.hexDigit(byte >> 4))
                append(UInt8.hexDigit(byte & 15))
            default: append(byte)
            }
        }
        append(.quote)
    }
}

extension UInt8 {
    fileprivate static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 + value - 10 }
}
