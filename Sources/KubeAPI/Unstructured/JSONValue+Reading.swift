extension JSONValue: JSONReadable {
    /// Reads one JSON text. Of a key that appears twice the last value counts.
    ///
    /// - Throws: `DecodeError.malformed`, or `.field` for text that is not Unicode.
    package init(json bytes: Span<UInt8>) throws(DecodeError) {
        var reader = JSONReader(bytes)
        do throws(JSONFault) {
            self = try JSONValue(from: &reader)
            try reader.finish()
        } catch {
            throw JSONReader.decodeError(error, in: bytes)
        }
    }

    /// As `init(json:)` of a span.
    package init(json bytes: [UInt8]) throws(DecodeError) { self = try JSONValue(json: bytes.span) }

    package init(from reader: inout JSONReader) throws(JSONFault) {
        switch reader.start() {
        case .quote: self = .string(try reader.text())
        case .openBrace:
            var object = JSONObject()
            try reader.openObject()
            while let key = try reader.nextKey() { object[key] = try JSONValue(from: &reader) }
            self = .object(object)
        case .openBracket:
            var elements: [JSONValue] = []
            try reader.openList()
            while try reader.nextElement() { elements.append(try JSONValue(from: &reader)) }
            self = .array(elements)
        case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .bool(try reader.flagOrNil() ?? false)
        case UInt8(ascii: "n"):
            _ = try reader.skipNull()
            self = .null
        case let byte where byte.isDigit || byte == UInt8(ascii: "-"): self = try reader.anyNumber()
        default: throw .malformed
        }
    }
}

extension JSONReader {
    /// A number of either kind.
    @_lifetime(self: copy self)
    fileprivate mutating func anyNumber() throws(JSONFault) -> JSONValue {
        let start = self
        do throws(JSONFault) {
            return .integer(Int64(try integer()))
        } catch {
            self = start
            let first = offset
            try skipNumber()
            guard let text = try? UTF8Span(validating: bytes.extracting(first..<offset)),
                let number = Double(String(copying: text)), number.isFinite
            else { throw .malformed }
            return .number(number)
        }
    }
}
