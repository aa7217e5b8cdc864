import KubeAPI

/// The fields of an object while they are read from its protobuf message.
struct ProtobufMessage {
    /// Far more than any object has, far less than the stack bears.
    private static let depthLimit = 100

    private let schema: ObjectSchema
    private let catalog: SchemaCatalog
    private let depth: Int

    private var scalars: [String: JSONValue] = [:]
    // Collected apart, so that each value is added in constant time.
    private var lists: [String: [JSONValue]] = [:]
    private var maps: [String: [String: JSONValue]] = [:]
    /// A message that comes in several parts is what all of them say together.
    private var messages: [String: [ArraySlice<UInt8>]] = [:]

    /// What Go's JSON of the object has. Fields that the schema does not have are skipped.
    ///
    /// `depth` counts the objects around this one.
    static func object(
        _ parts: [ArraySlice<UInt8>], _ schema: ObjectSchema, in catalog: SchemaCatalog, depth: Int = 0
    ) throws(ProtobufFault) -> JSONObject {
        guard depth < depthLimit else { throw .depth }
        var message = ProtobufMessage(schema: schema, catalog: catalog, depth: depth)
        for part in parts { try message.read(part, in: nil) }
        return try message.finished()
    }

    private init(schema: ObjectSchema, catalog: SchemaCatalog, depth: Int) {
        self.schema = schema
        self.catalog = catalog
        self.depth = depth
    }

    private func finished() throws(ProtobufFault) -> JSONObject {
        var values = scalars
        for (name, elements) in lists { values[name] = .array(elements) }
        for (name, entries) in maps { values[name] = .object(JSONObject(entries)) }
        for (name, parts) in messages {
            guard case .object(let type)? = schema[name]?.type else { continue }
            values[name] = try object(parts, type)
        }
        var object = JSONObject(values)
        // Protobuf has every field that is no pointer; JSON leaves those out that say no more than nothing.
        object.filterInPlace { name, value in
            schema[name].map { $0.keepsZero || !value.isZero(of: $0.type) } ?? false
        }
        return object
    }

    private func object(_ parts: [ArraySlice<UInt8>], _ name: String) throws(ProtobufFault) -> JSONValue {
        guard let schema = catalog[name] else { return [:] }
        return .object(try Self.object(parts, schema, in: catalog, depth: depth + 1))
    }
}

// MARK: - Fields

extension ProtobufMessage {
    private mutating func read(_ bytes: ArraySlice<UInt8>, in outer: Int?) throws(ProtobufFault) {
        var reader = ProtobufReader(bytes)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            let number = ProtobufNumber(tag.number, in: outer)
            if let field = schema.fields.first(where: { $0.protobuf == number }) {
                try read(field, tag, from: &reader)
            } else if outer == nil, schema.fields.contains(where: { $0.protobuf?.outer == tag.number }) {
                try read(try reader.content(tag, of: schema.shortName), in: tag.number)
            } else {
                try reader.skip(tag)
            }
        }
    }

    private mutating func read(
        _ field: FieldSchema, _ tag: ProtobufTag, from reader: inout ProtobufReader
    ) throws(ProtobufFault) {
        let name = field.name
        switch field.type {
        case .object: messages[name, default: []].append(try reader.content(tag, of: name))
        case .list(let element):
            var elements = lists.removeValue(forKey: name) ?? []
            try append(to: &elements, element, tag, of: name, from: &reader)
            lists[name] = elements
        case .map(let element):
            let (key, value) = try entry(try reader.content(tag, of: name), element, of: name)
            maps[name, default: [:]][key] = value
        default: scalars[name] = try reader.scalar(field.type, tag, of: name)
        }
    }

    /// Appends one element, or all of those that were packed together.
    private func append(
        to elements: inout [JSONValue], _ type: FieldType, _ tag: ProtobufTag, of name: String,
        from reader: inout ProtobufReader
    ) throws(ProtobufFault) {
        guard tag.wireType == ProtobufTag.content, let wireType = type.packedWireType else {
            elements.append(try element(type, tag, of: name, from: &reader))
            return
        }
        var packed = ProtobufReader(try reader.content(tag, of: name))
        let single = ProtobufTag(number: tag.number, wireType: wireType)
        while !packed.isAtEnd { elements.append(try packed.scalar(type, single, of: name) ?? .null) }
    }

    /// A value in a list or a map.
    private func element(
        _ type: FieldType, _ tag: ProtobufTag, of name: String, from reader: inout ProtobufReader
    ) throws(ProtobufFault) -> JSONValue {
        switch type {
        case .object(let schema): return try object([try reader.content(tag, of: name)], schema)
        case .list(let type):
            // Protobuf knows no lists in maps: the list is the only field of a message (`ExtraValue`).
            var inner = ProtobufReader(try reader.content(tag, of: name))
            var elements: [JSONValue] = []
            while !inner.isAtEnd {
                let tag = try inner.tag()
                if tag.number == 1 {
                    try append(to: &elements, type, tag, of: name, from: &inner)
                } else {
                    try inner.skip(tag)
                }
            }
            return .array(elements)
        default: return try reader.scalar(type, tag, of: name) ?? .null
        }
    }

    /// An entry of a map: a message of a key and a value.
    private func entry(
        _ bytes: ArraySlice<UInt8>, _ type: FieldType, of name: String
    ) throws(ProtobufFault) -> (String, JSONValue) {
        var reader = ProtobufReader(bytes)
        var key = ""
        var value = JSONValue.zero(of: type)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag.number {
            case 1: key = String(decoding: try reader.content(tag, of: name), as: UTF8.self)
            case 2: value = try element(type, tag, of: name, from: &reader)
            default: try reader.skip(tag)
            }
        }
        return (key, value)
    }
}

extension FieldType {
    /// How an element stands in a packed list; nil for types that are not packed.
    fileprivate var packedWireType: Int? {
        switch self {
        case .boolean, .integer: ProtobufTag.varint
        case .number: ProtobufTag.eightBytes
        default: nil
        }
    }
}
