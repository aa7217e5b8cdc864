/// Any JSON value, and a reader of it: `JSONDecoder` takes a hundred times as long for values of unknown types.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case list([JSONValue])
    case object([String: JSONValue])

    package subscript(key: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[key]
    }

    /// Empty for what is no list.
    package var array: [JSONValue] {
        guard case .list(let elements) = self else { return [] }
        return elements
    }

    /// A text that is equal for equal values.
    package var text: String {
        switch self {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .number(let number): "\(number)"
        case .string(let string): string
        case .list(let elements): "[\(elements.map(\.text).joined(separator: ", "))]"
        case .object(let fields):
            "{\(fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }.joined(separator: ", "))}"
        }
    }
}

extension JSONValue {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Throws: `Failure` for what is no JSON, has numbers that are no integers, or escapes other than of one character.
    package init(parsing text: String) throws(Failure) {
        var reader = JSONReader(bytes: Array(text.utf8))
        self = try reader.value()
        guard reader.next() == nil else { throw reader.failure("more after the value") }
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    func failure(_ problem: String) -> JSONValue.Failure {
        JSONValue.Failure(description: "byte \(position): \(problem)")
    }

    /// The next byte that is no white space; it is not taken.
    mutating func next() -> UInt8? {
        while position < bytes.count {
            if !" \n\t\r".utf8.contains(bytes[position]) { return bytes[position] }
            position += 1
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next() == byte else { return false }
        position += 1
        return true
    }

    mutating func value() throws(JSONValue.Failure) -> JSONValue {
        switch next() {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .list(try list())
        case UInt8(ascii: "\""): return .string(try string())
        default: return try word()
        }
    }

    private mutating func object() throws(JSONValue.Failure) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        position += 1
        if take(UInt8(ascii: "}")) { return fields }
        repeat {
            guard next() == UInt8(ascii: "\"") else { throw failure("no key") }
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw failure("no colon") }
            fields[key] = try value()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure("no end of the object") }
        return fields
    }

    private mutating func list() throws(JSONValue.Failure) -> [JSONValue] {
        var elements: [JSONValue] = []
        position += 1
        if take(UInt8(ascii: "]")) { return elements }
        repeat { elements.append(try value()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure("no end of the list") }
        return elements
    }

    private mutating func string() throws(JSONValue.Failure) -> String {
        var text: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            if byte != UInt8(ascii: "\\") {
                text.append(byte)
            } else if position < bytes.count, "\"\\/".utf8.contains(bytes[position]) {
                text.append(bytes[position])
                position += 1
            } else {
                break
            }
        }
        throw failure("no end of the string, or an escape that is not known")
    }

    private mutating func word() throws(JSONValue.Failure) -> JSONValue {
        let start = position
        while position < bytes.count, !",]} \n\t\r".utf8.contains(bytes[position]) { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            guard let number = Int(word) else { throw failure("'\(word)' is no value") }
            return .number(number)
        }
    }
}
