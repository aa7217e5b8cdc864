import KubeAPI

/// Fields by their path, where an absent one is the same as an empty one.
extension JSONValue {
    func text(at path: String...) -> String { self[path]?.string ?? "" }
    func int(at path: String...) -> Int? { self[path]?.integer }
    func flag(at path: String...) -> Bool { self[path]?.bool ?? false }
    func list(at path: String...) -> [JSONValue] { self[path]?.array ?? [] }
    func texts(at path: String...) -> [String] { (self[path]?.array ?? []).compactMap(\.string) }
    func map(at path: String...) -> [String: String] { self[path]?.textMap ?? [:] }
    func time(at path: String...) -> Timestamp? { self[path]?.string.flatMap { Timestamp($0) } }

    /// The texts of an object's fields.
    var textMap: [String: String] {
        guard let object else { return [:] }
        var map: [String: String] = [:]
        for field in object.fields { map[field.key] = field.value.string ?? "" }
        return map
    }

    /// Without what says nothing: null, and objects and lists that are empty where an object is.
    var withoutNulls: JSONValue {
        switch self {
        case .object(var object):
            object.mapValues { _, value in value.isNull ? nil : value.withoutNulls }
            return .object(object)
        case .array(let values): return .array(values.map(\.withoutNulls))
        default: return self
        }
    }
}

extension Unstructured {
    /// Replaces `status`, or a part of it.
    mutating func setStatus(_ key: String, _ value: JSONValue?) { self[["status", key]] = value }
}
