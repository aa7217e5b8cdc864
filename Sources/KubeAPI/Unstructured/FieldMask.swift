/// Some of the fields of an object: what a reader of JSON builds, where the rest is only skipped.
package struct FieldMask: Sendable, Hashable {
    /// A field, with what of it is wanted.
    private struct Part: Sendable, Hashable {
        let key: String
        let bytes: [UInt8]
        var mask: FieldMask
    }

    private var parts: [Part] = []
    /// Whether the value is wanted as a whole.
    private(set) var isWhole = false

    /// - Parameter paths: `spec.containers.name`; lists are passed through. The last field is kept as a whole.
    package init(_ paths: [String]) {
        for path in paths { insert(path.split(separator: ".")[...]) }
    }

    private init() {}

    /// This mask, and further fields.
    package func adding(_ paths: [String]) -> FieldMask {
        var mask = self
        for path in paths { mask.insert(path.split(separator: ".")[...]) }
        return mask
    }

    private mutating func insert(_ path: ArraySlice<Substring>) {
        guard let key = path.first else {
            isWhole = true
            return
        }
        let index = parts.firstIndex { $0.key == key } ?? parts.count
        if index == parts.count { parts.append(Part(key: String(key), bytes: Array(key.utf8), mask: FieldMask())) }
        parts[index].mask.insert(path.dropFirst())
    }

    /// What is wanted of the field whose key stands in some bytes: no text is made of the others.
    fileprivate func part(_ bytes: Span<UInt8>, _ range: Range<Int>) -> (key: String, mask: FieldMask)? {
        next: for part in parts where part.bytes.count == range.count {
            for index in 0..<range.count where part.bytes[index] != bytes[range.lowerBound + index] { continue next }
            return (part.key, part.mask)
        }
        return nil
    }

    fileprivate func part(_ key: String) -> (key: String, mask: FieldMask)? {
        parts.first { $0.key == key }.map { ($0.key, $0.mask) }
    }
}

extension JSONValue {
    /// Reads only the fields of a mask from JSON text; the rest is checked for its form alone.
    ///
    /// - Throws: `DecodeError`, as `init(json:)`.
    package init(json bytes: Span<UInt8>, keeping mask: FieldMask) throws(DecodeError) {
        var reader = JSONReader(bytes)
        do throws(JSONFault) {
            self = try JSONValue(from: &reader, keeping: mask)
            try reader.finish()
        } catch {
            throw JSONReader.decodeError(error, in: bytes)
        }
    }

    private init(from reader: inout JSONReader, keeping mask: FieldMask) throws(JSONFault) {
        if mask.isWhole {
            try self.init(from: &reader)
            return
        }
        switch reader.start() {
        case .openBrace:
            var object = JSONObject()
            try reader.openObject()
            while try reader.nextMember() {
                let start = reader.offset
                let isPlain = try reader.skipText()
                let end = reader.offset
                try reader.skipColon()
                let part =
                    isPlain
                    ? mask.part(reader.bytes, start + 1..<end - 1) : mask.part(try reader.unescaped(from: start))
                if let part {
                    object[part.key] = try JSONValue(from: &reader, keeping: part.mask)
                } else {
                    try reader.skip()
                }
            }
            self = .object(object)
        case .openBracket:
            var elements: [JSONValue] = []
            try reader.openList()
            while try reader.nextElement() { elements.append(try JSONValue(from: &reader, keeping: mask)) }
            self = .array(elements)
        default: try self.init(from: &reader)
        }
    }
}
