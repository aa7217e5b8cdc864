/// Some of the fields of an object: what a reader of JSON builds, where the rest is only skipped.
package struct FieldMask: Sendable, Hashable {
    /// The fields, with what of each is wanted.
    private var parts: [String: FieldMask] = [:]
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

    /// What is wanted of a field; nil where nothing is.
    subscript(key: String) -> FieldMask? { parts[key] }

    private mutating func insert(_ path: ArraySlice<Substring>) {
        guard let key = path.first else {
            isWhole = true
            return
        }
        parts[String(key), default: FieldMask()].insert(path.dropFirst())
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
            while let key = try reader.nextKey() {
                if let part = mask[key] {
                    object[key] = try JSONValue(from: &reader, keeping: part)
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
