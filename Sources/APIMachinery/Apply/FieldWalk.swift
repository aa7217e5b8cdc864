import KubeAPI

/// Walks through objects as their schema says who may own what: fields and keys of maps one by one, entries of lists by their
/// keys or values, everything else as a whole (sigs.k8s.io/structured-merge-diff `typed`).
struct FieldWalk: Sendable {
    let catalog: SchemaCatalog

    /// How the parts of a value are told apart.
    enum Shape {
        /// It is owned as a whole.
        case leaf
        case fields(ObjectSchema)
        /// Keys are data.
        case map(FieldType)
        /// A list whose entries are their own keys.
        case set(FieldType)
        /// A list of objects that some of their fields tell apart.
        case keyed([String], FieldType)
        /// Nothing is known: objects are maps, lists are owned as a whole.
        case open
    }

    /// The shape of a field; of one that the schema does not have nothing is known.
    func shape(_ field: FieldSchema?) -> Shape {
        guard let field else { return .open }
        if field.isAtomic { return .leaf }
        guard case .list(let element) = field.type else { return shape(field.type) }
        switch field.listKind {
        case .atomic: return .leaf
        case .set: return .set(element)
        case .map(let keys): return .keyed(keys, element)
        }
    }

    /// The shape of a map's value or of a list's entry.
    func shape(_ type: FieldType) -> Shape {
        switch type {
        case .object(let name):
            guard let schema = catalog[name] else { return .open }
            return schema.isAtomic ? .leaf : .fields(schema)
        case .map(let element): return .map(element)
        case .any: return .open
        default: return .leaf
        }
    }

    /// What names an entry of a list. An entry that lacks all of its keys has none: its place stands for it.
    func element(_ item: JSONValue, at index: Int, of shape: Shape) -> FieldElement {
        guard case .keyed(let keys, let type) = shape else { return .value(item) }
        let values = keyValues(item, keys, type)
        return values.isEmpty ? .index(index) : .key(values)
    }

    /// What an entry has in its keys; what is left out is as the schema has it.
    func keyValues(_ item: JSONValue, _ keys: [String], _ type: FieldType) -> JSONObject {
        var values = JSONObject()
        guard let fields = item.object else { return values }
        var schema: ObjectSchema?
        for key in keys {
            if let value = fields[key] {
                values[key] = value
            } else {
                if schema == nil { schema = type.schemaName.flatMap { catalog[$0] } }
                if let field = schema?[key] { values[key] = Self.standIn(for: field) }
            }
        }
        return values
    }

    /// The default of a key; of one that must be there upstream's schema has the zero value as the default.
    private static func standIn(for field: FieldSchema) -> JSONValue? {
        switch field.type {
        case .integer: field.defaultText.flatMap { Int64($0) }.map { .integer($0) } ?? (field.isRequired ? 0 : nil)
        case .string: field.defaultText.map { .string($0) } ?? (field.isRequired ? "" : nil)
        default: nil
        }
    }
}
