import KubeAPI

/// One step of a field's path (sigs.k8s.io/structured-merge-diff `fieldpath.PathElement`).
package enum FieldElement: Sendable, Hashable {
    /// A field of an object, or a key of a map.
    case field(String)
    /// The entry of a list that has these values in its keys.
    case key(JSONObject)
    /// The entry of a set.
    case value(JSONValue)
    /// The entry at a place of a list.
    case index(Int)
}

extension FieldElement: Comparable {
    package static func < (left: FieldElement, right: FieldElement) -> Bool { compare(left, right) < 0 }

    /// Fields come first, then keys, values and places; -1, 0 or 1.
    static func compare(_ left: FieldElement, _ right: FieldElement) -> Int {
        switch (left, right) {
        case (.field(let left), .field(let right)): order(left, right)
        case (.key(let left), .key(let right)): order(left, right)
        case (.value(let left), .value(let right)): order(left, right)
        case (.index(let left), .index(let right)): order(left, right)
        default: order(left.rank, right.rank)
        }
    }

    private var rank: Int {
        switch self {
        case .field: 0
        case .key: 1
        case .value: 2
        case .index: 3
        }
    }

    private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left == right ? 0 : left < right ? -1 : 1
    }

    private static func order(_ left: JSONObject, _ right: JSONObject) -> Int {
        for (left, right) in zip(left.fields, right.fields) {
            let keys = order(left.key, right.key)
            if keys != 0 { return keys }
            let values = order(left.value, right.value)
            if values != 0 { return values }
        }
        return order(left.count, right.count)
    }

    /// Numbers come first, then texts, flags and whatever else no element is made of.
    private static func order(_ left: JSONValue, _ right: JSONValue) -> Int {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): return order(left, right)
        case (.string(let left), .string(let right)): return order(left, right)
        case (.bool(let left), .bool(let right)): return order(left ? 1 : 0, right ? 1 : 0)
        default: break
        }
        if let left = left.fraction, let right = right.fraction { return order(left, right) }
        let ranks = order(rank(left), rank(right))
        if ranks != 0 { return ranks }
        return order(String(decoding: left.json, as: UTF8.self), String(decoding: right.json, as: UTF8.self))
    }

    private static func rank(_ value: JSONValue) -> Int {
        switch value {
        case .integer, .number: 0
        case .string: 1
        case .bool: 2
        case .array: 3
        case .object: 4
        case .null: 5
        }
    }
}

extension JSONValue {
    fileprivate var fraction: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}

/// As conflicts name fields.
extension FieldElement: CustomStringConvertible {
    /// `.spec`, `[name="web"]`, `[="x"]`, `[0]`.
    package var description: String {
        switch self {
        case .field(let name): ".\(name)"
        case .key(let keys):
            "[\(keys.fields.map { "\($0.key)=\(String(decoding: $0.value.json, as: UTF8.self))" }.joined(separator: ","))]"
        case .value(let value): "[=\(String(decoding: value.json, as: UTF8.self))]"
        case .index(let index): "[\(index)]"
        }
    }
}

/// As `fieldsV1` writes it.
extension FieldElement {
    /// `f:spec`, `k:{"name":"web"}`, `v:"x"`, `i:0`.
    var fieldsV1: String {
        switch self {
        case .field(let name): "f:\(name)"
        case .key(let keys): "k:\(String(decoding: JSONValue.object(keys).json, as: UTF8.self))"
        case .value(let value): "v:\(String(decoding: value.json, as: UTF8.self))"
        case .index(let index): "i:\(index)"
        }
    }

    /// Nil for a kind of element that is not known: it is skipped.
    ///
    /// - Throws: `FieldSetError`.
    init?(fieldsV1 text: String) throws(FieldSetError) {
        let bytes = text.utf8
        guard bytes.count >= 2, bytes.dropFirst().first == UInt8(ascii: ":") else { throw FieldSetError(key: text) }
        let rest = bytes.dropFirst(2)
        switch bytes.first {
        case UInt8(ascii: "f"): self = .field(String(Substring(rest)))
        case UInt8(ascii: "k"):
            guard case .object(let keys)? = try? JSONValue(json: Array(rest)) else { throw FieldSetError(key: text) }
            self = .key(keys)
        case UInt8(ascii: "v"):
            guard let value = try? JSONValue(json: Array(rest)) else { throw FieldSetError(key: text) }
            self = .value(value)
        case UInt8(ascii: "i"):
            guard let index = Int(Substring(rest)) else { throw FieldSetError(key: text) }
            self = .index(index)
        default: return nil
        }
    }
}

/// A key of `fieldsV1` that cannot be read.
package struct FieldSetError: Error, Hashable, CustomStringConvertible {
    /// The key; empty where the whole is no object.
    let key: String

    package var description: String {
        key.isEmpty ? "fieldsV1: expected an object" : "fieldsV1: '\(key.quotable)' is no element of a path"
    }
}
