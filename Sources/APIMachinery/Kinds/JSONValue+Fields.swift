import KubeAPI

/// Fields as Go's typed objects have them: what is absent, null or of another type is the zero value. Rules are thus
/// written as upstream writes them, and no tree, however odd, ends the process.
extension JSONValue {
    /// The field; nil where it is absent or null.
    func field(_ key: String) -> JSONValue? {
        guard let value = object?[key], !value.isNull else { return nil }
        return value
    }

    func has(_ key: String) -> Bool { field(key) != nil }

    func text(_ key: String) -> String { object?[key]?.string ?? "" }

    func number(_ key: String) -> Int { object?[key]?.integer ?? 0 }

    func flag(_ key: String) -> Bool { object?[key]?.bool ?? false }

    func list(_ key: String) -> [JSONValue] { object?[key]?.array ?? [] }

    /// The texts of a list; what is no text counts as empty, so that places stay.
    func texts(_ key: String) -> [String] { list(key).map { $0.string ?? "" } }

    /// The pairs of a map of texts, in the order of their keys.
    func pairs(_ key: String) -> [(key: String, value: String)] {
        (object?[key]?.object?.fields ?? []).map { ($0.key, $0.value.string ?? "") }
    }

    /// A map of texts.
    func map(_ key: String) -> [String: String] { Dictionary(pairs(key).map { ($0.key, $0.value) }) { $1 } }

    /// A part that is an object; an empty one where it is not there.
    func part(_ key: String) -> JSONValue { field(key) ?? .object(JSONObject()) }

    /// Whether nothing is said: null, or empty.
    var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let values): values.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .integer, .number: false
        }
    }
}

/// Changes in place.
extension JSONValue {
    /// For a field that is a pointer upstream: an explicit zero stays.
    mutating func setIfAbsent(_ key: String, _ value: JSONValue) {
        if !has(key) { self[key] = value }
    }

    /// For a field that is a plain value upstream: empty text and 0 are the same as none.
    mutating func setIfZero(_ key: String, _ value: JSONValue) {
        switch field(key) {
        case nil, .string(""), .integer(0): self[key] = value
        default: break
        }
    }

    /// Changes a field in place, where it is an object.
    mutating func edit(_ key: String, _ change: (inout JSONValue) -> Void) {
        guard var value = object?[key], value.object != nil else { return }
        self[key] = .null
        change(&value)
        self[key] = value
    }

    /// Changes the elements of a list in place that are objects.
    mutating func editEach(_ key: String, _ change: (inout JSONValue) -> Void) {
        guard var values = object?[key]?.array else { return }
        self[key] = .null
        for index in values.indices where values[index].object != nil { change(&values[index]) }
        self[key] = .array(values)
    }
}

extension JSONValue {
    /// An object with 0 for each key: counts that are written even when there is nothing to count.
    static func zeros(_ keys: [String]) -> JSONValue {
        .object(JSONObject(Dictionary(keys.map { ($0, JSONValue(0)) }) { $1 }))
    }
}

extension Unstructured {
    /// `spec`; an empty object where there is none.
    var spec: JSONValue { tree.part("spec") }

    var status: JSONValue { tree.part("status") }

    var metadata: JSONValue { tree.part("metadata") }

    /// Changes a first-level field in place; it becomes an object where it is not there.
    mutating func edit(_ key: String, _ change: (inout JSONValue) -> Void) {
        var value = self[key] ?? .null
        // An odd value is for the schema to refuse.
        if value.isNull { value = .object(JSONObject()) }
        guard value.object != nil else { return }
        self[key] = .null
        change(&value)
        self[key] = value
    }

    /// Changes the elements of a first-level list in place that are objects.
    mutating func edit(listIn key: String, _ change: (inout JSONValue) -> Void) {
        guard var values = self[key]?.array else { return }
        self[key] = .null
        for index in values.indices where values[index].object != nil { change(&values[index]) }
        self[key] = .array(values)
    }
}
