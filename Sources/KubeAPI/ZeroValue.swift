/// A value that the API leaves out of JSON where it is empty, and reads as empty where it is absent or null:
/// what `omitempty` does in upstream's Go types.
package protocol ZeroValue: Codable {
    static var zero: Self { get }
    var isZero: Bool { get }
    /// Decodes the value at `key`, or `zero` where there is none.
    static func decode<Key>(from container: KeyedDecodingContainer<Key>, forKey key: Key) throws -> Self
}

extension ZeroValue {
    package static func decode<Key>(from container: KeyedDecodingContainer<Key>, forKey key: Key) throws -> Self {
        try container.decodeIfPresent(Self.self, forKey: key) ?? zero
    }
}

extension ZeroValue where Self: Equatable {
    package var isZero: Bool { self == Self.zero }
}

extension String: ZeroValue {
    package static var zero: String { "" }
}

extension Int: ZeroValue {}
extension Int64: ZeroValue {}

extension Bool: ZeroValue {
    package static var zero: Bool { false }
}

extension Optional: ZeroValue where Wrapped: Codable {
    package static var zero: Wrapped? { nil }
    package var isZero: Bool { self == nil }

    package static func decode<Key>(from container: KeyedDecodingContainer<Key>, forKey key: Key) throws -> Wrapped? {
        try container.decodeIfPresent(Wrapped.self, forKey: key)
    }
}

extension Array: ZeroValue where Element: Codable {
    package static var zero: [Element] { [] }
    package var isZero: Bool { isEmpty }
}

extension Dictionary: ZeroValue where Key == String, Value: ZeroValue {
    package static var zero: [String: Value] { [:] }
    package var isZero: Bool { isEmpty }

    /// A null value in a map (`app:` with nothing after it in YAML) is that value's zero, as upstream reads it.
    package static func decode<ContainerKey>(
        from container: KeyedDecodingContainer<ContainerKey>, forKey key: ContainerKey
    ) throws -> [String: Value] {
        do {
            return try container.decodeIfPresent(Self.self, forKey: key) ?? zero
        } catch DecodingError.valueNotFound {
            return try container.decode([String: Value?].self, forKey: key).mapValues { $0 ?? Value.zero }
        }
    }
}

/// Marks a stored property whose zero value is not written and need not be there to be read.
@propertyWrapper
package struct OmitEmpty<Value: ZeroValue> {
    package var wrappedValue: Value

    package init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

extension OmitEmpty: Sendable where Value: Sendable {}
extension OmitEmpty: Equatable where Value: Equatable {}

/// On its own, outside of a keyed container, the wrapper is the value.
extension OmitEmpty: Codable {
    package init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}

extension KeyedDecodingContainer {
    /// The value at `key`, or the zero value of its type where it is absent or null.
    ///
    /// For a number that does not fit its type `JSONDecoder` throws an error of its own, which its `decode` makes into
    /// "corrupt data" without a path (swift-foundation, JSONDecoder.swift); here the place is still known, so it is told.
    func value<Value: ZeroValue>(_ key: Key, as type: Value.Type = Value.self) throws -> Value {
        do {
            return try Value.decode(from: self, forKey: key)
        } catch  where !(error is DecodingError || error is FieldError || error is DecodeError) {
            throw DecodingError.typeMismatch(
                type, DecodingError.Context(codingPath: codingPath + [key], debugDescription: "unusable value"))
        }
    }

    /// The value at `key`; throws `DecodingError.keyNotFound` where it is absent or null.
    func required<Value: Codable>(_ key: Key, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try value(key, as: Value?.self) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "absent or null"))
        }
        return value
    }

    /// What synthesised decoding calls for an `@OmitEmpty` property.
    func decode<Value>(_ type: OmitEmpty<Value>.Type, forKey key: Key) throws -> OmitEmpty<Value> {
        OmitEmpty(wrappedValue: try value(key))
    }
}

extension KeyedEncodingContainer {
    /// Encodes nothing where the value is its type's zero.
    mutating func encodeUnlessZero<Value: ZeroValue>(_ value: Value, forKey key: Key) throws {
        if !value.isZero { try encode(value, forKey: key) }
    }

    /// What synthesised encoding calls for an `@OmitEmpty` property.
    mutating func encode<Value>(_ property: OmitEmpty<Value>, forKey key: Key) throws {
        try encodeUnlessZero(property.wrappedValue, forKey: key)
    }
}
