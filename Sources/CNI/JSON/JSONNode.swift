/// A JSON value (RFC 8259).
package enum JSONNode: Hashable, Sendable {
    case null
    case bool(Bool)
    /// As it is spelt, so that the place that wants it decides how wide it is.
    case number(String)
    case string(String)
    case array([JSONNode])
    case object(JSONObject)

    /// A number.
    package static func integer(_ value: some BinaryInteger) -> JSONNode { .number(String(value)) }

    /// Its members; nil for what is no object.
    package var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// Nil for what is no string.
    package var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    /// What kind of value it is, with its article, for messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
