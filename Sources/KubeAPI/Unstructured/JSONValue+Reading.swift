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

    /// As `init(json:)`, and says which keys appear twice in their object: `spec.ports[0].name`, in the order of the
    /// text, each once, 100 at most (sigs.k8s.io/json `kubernetes_patch.go`).
    package init(json bytes: [UInt8], duplicates: inout [String]) throws(DecodeError) {
        let span = bytes.span
        var reader = JSONReader(span)
        do throws(JSONFault) {
            self = try JSONValue(from: &reader)
            try reader.finish()
            // Seldom are there any, and only then are paths made.
            guard reader.hasDuplicateKeys else { return }
            var second = JSONReader(span)
            try second.findDuplicates(in: "", &duplicates)
        } catch {
            throw JSONReader.decodeError(error, in: span)
        }
    }

    /// As `init(json:)` of a span.
    package init(json bytes: [UInt8]) throws(DecodeError) { self = try JSONValue(json: bytes.span) }

    package init(from reader: inout JSONReader) throws(JSONFault) {
        switch reader.start() {
        case .quote: self = .string(try reader.text())
        case .openBrace:
            var fields: [JSONObject.Field] = []
            try reader.openObject()
            while let key = try reader.nextKey() {
                fields.append(JSONObject.Field(key: key, value: try JSONValue(from: &reader)))
            }
            let count = fields.count
            let object = JSONObject(inTextOrder: fields)
            if count > object.count { reader.hasDuplicateKeys = true }
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
    /// Reads the next value, whose path this is, for the keys that appear twice.
    @_lifetime(self: copy self)
    fileprivate mutating func findDuplicates(in path: String, _ found: inout [String]) throws(JSONFault) {
        switch start() {
        case .openBrace:
            var keys: Set<String> = []
            try openObject()
            while let key = try nextKey() {
                let place = path.isEmpty ? key : "\(path).\(key)"
                if !keys.insert(key).inserted, found.count < 100, !found.contains(place) { found.append(place) }
                try findDuplicates(in: place, &found)
            }
        case .openBracket:
            var index = 0
            try openList()
            while try nextElement() {
                try findDuplicates(in: "\(path)[\(index)]", &found)
                index += 1
            }
        default: try skip()
        }
    }

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
