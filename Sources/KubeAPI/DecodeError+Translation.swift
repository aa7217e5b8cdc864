import FoundationEssentials

extension DecodeError {
    /// Says what a decoder threw in the words of the API. `data` is what was decoded: the value at fault is looked up in it.
    init(_ error: any Error, in data: Data) {
        switch error {
        case let error as DecodeError: self = error
        case let error as FieldError: self = .field(error)
        case DecodingError.keyNotFound(let key, let context):
            self = .field(FieldError(path: FieldPath(context.codingPath + [key]), problem: "is required"))
        case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
            let path = FieldPath(context.codingPath)
            let found = FoundValue.describe(at: path, in: data)
            self = .field(FieldError(path: path, problem: "expected \(Self.name(of: type)), found \(found)"))
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            let path = FieldPath(context.codingPath)
            let found = FoundValue.describe(at: path, in: data)
            self = .field(FieldError(path: path, problem: "\(found) cannot be read"))
        default: self = .malformed
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is any OptionalValue.Type: (type as? any OptionalValue.Type).map { name(of: $0.wrapped) } ?? "a value"
        case is Bool.Type: "true or false"
        case is String.Type: "a string"
        case is IntOrString.Type: "an integer or a string"
        case is Timestamp.Type: "a time such as 2006-01-02T15:04:05Z"
        case is any BinaryInteger.Type: "an integer"
        case is any BinaryFloatingPoint.Type: "a number"
        case is any ExpressibleByArrayLiteral.Type: "a list"
        default: "an object"
        }
    }
}

private protocol OptionalValue {
    static var wrapped: any Any.Type { get }
}

extension Optional: OptionalValue {
    fileprivate static var wrapped: any Any.Type { Wrapped.self }
}

/// What stands at a path of a document, for an error message.
private struct FoundValue: Decodable {
    let text: String

    private static let pathKey = CodingUserInfoKey(rawValue: "path")

    static func describe(at path: FieldPath, in data: Data) -> String {
        let decoder = JSONDecoder()
        if let pathKey { decoder.userInfo[pathKey] = path.steps }
        return (try? decoder.decode(FoundValue.self, from: data))?.text ?? "something else"
    }

    init(from decoder: any Decoder) throws {
        let steps = Self.pathKey.flatMap { decoder.userInfo[$0] as? [FieldPath.Step] } ?? []
        var decoder = decoder
        for step in steps { decoder = try Self.child(step, of: decoder) }
        text = try Self.describe(decoder)
    }

    private static func child(_ step: FieldPath.Step, of decoder: any Decoder) throws -> any Decoder {
        switch step {
        case .field(let name):
            return try decoder.container(keyedBy: AnyKey.self).superDecoder(forKey: AnyKey(stringValue: name))
        case .index(let index):
            guard var list = try? decoder.unkeyedContainer() else {
                return try child(.field(String(index)), of: decoder)
            }
            for _ in 0..<index { _ = try list.decode(Skipped.self) }
            return try list.superDecoder()
        }
    }

    private static func describe(_ decoder: any Decoder) throws -> String {
        if (try? decoder.container(keyedBy: AnyKey.self)) != nil { return "an object" }
        if (try? decoder.unkeyedContainer()) != nil { return "a list" }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() { return "null" }
        if let flag = try? container.decode(Bool.self) { return "\(flag)" }
        if let text = try? container.decode(String.self) { return "'\(text.quotable)'" }
        if let number = try? container.decode(Decimal.self) { return "\(number)".quotable }
        return "a value that cannot be read"
    }

    private struct Skipped: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}

/// Any name as the key of an object.
private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { stringValue = String(intValue) }
}
