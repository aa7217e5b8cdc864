/// Any JSON value, as a tree: what the control plane keeps objects in while it works on them, so that fields which it
/// does not know, or does not need, stay as they are.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number with a fraction, or one that no `Int64` holds.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    package var isNull: Bool { self == .null }

    /// The number, where it is one without a fraction.
    package var integer: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The value of a field; nil where this is no object or has no such field. Setting it on anything but an object makes
    /// one; nil removes the field.
    package subscript(key: String) -> JSONValue? {
        get { object?[key] }
        set {
            var fields = object ?? JSONObject()
            // The storage must not be shared with `self` while it changes.
            self = .null
            fields[key] = newValue
            self = .object(fields)
        }
    }

    /// The value at the end of a path of fields.
    package subscript(path: [String]) -> JSONValue? {
        get {
            var value: JSONValue? = self
            for key in path { value = value?[key] }
            return value
        }
        set {
            guard let key = path.first else {
                self = newValue ?? .null
                return
            }
            if path.count == 1 {
                self[key] = newValue
                return
            }
            var next = self[key] ?? .null
            // Nothing is made for what is removed.
            if newValue == nil, next.object == nil { return }
            self[key] = .null
            next[Array(path.dropFirst())] = newValue
            self[key] = next
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByFloatLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }

    package init(_ value: String) { self = .string(value) }
    package init(_ value: Int) { self = .integer(Int64(value)) }
    package init(_ value: Bool) { self = .bool(value) }
    package init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }
    package init(_ texts: [String: String]) { self = .object(JSONObject(texts.mapValues { .string($0) })) }
}
