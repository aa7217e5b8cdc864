import FoundationEssentials
import KubeAPI

/// Any name as the key of an object.
struct AnyCodingKey: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringLiteral name: String) { stringValue = name }
    init(stringValue name: String) { stringValue = name }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer {
    /// The value at `key`, or `zero` where it is absent or null.
    func value<Value: Decodable>(_ key: Key, default zero: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? zero
    }

    /// A secret; nil also where it is empty.
    func secret(_ key: Key) throws -> Secret? {
        let text = try value(key, default: "")
        return text.isEmpty ? nil : Secret(text)
    }

    /// Bytes in base64, line breaks ignored as Go does; nil where there are none.
    func base64(_ key: Key) throws -> Secret? {
        let text = try value(key, default: "").filter { !$0.isNewline }
        guard !text.isEmpty else { return nil }
        guard let data = Data(base64Encoded: text) else {
            throw FieldError(path: FieldPath(decoding: codingPath + [key]), problem: "is not valid base64")
        }
        return Secret(bytes: Array(data))
    }
}

extension FieldPath {
    init(decoding path: [any CodingKey]) {
        self.init(path.map { key in key.intValue.map(Step.index) ?? .field(key.stringValue) })
    }
}
