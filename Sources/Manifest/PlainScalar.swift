import Yams

/// What a scalar of YAML stands for in JSON.
///
/// Kubernetes reads manifests with sigs.k8s.io/yaml, which types plain scalars as goyaml.v2/resolve.go does: YAML 1.2's
/// core schema, and from YAML 1.1 `yes`, `on`, `y` and the like, `0b`, `_` in numbers, and octal with a leading 0.
enum PlainScalar: Equatable {
    case null
    case bool(Bool)
    /// The number as JSON writes it.
    case number(String)
    case string(String)

    init(_ text: String) {
        if let word = Self.words[text] {
            self = word
        } else if let first = text.utf8.first, (0x30...0x39) ~= first || first == 0x2B || first == 0x2D {
            self = Self.number(text.filter { $0 != "_" }).map(PlainScalar.number) ?? .string(text)
        } else if text.utf8.first == 0x2E {
            self = Self.float(text).map(PlainScalar.number) ?? .string(text)
        } else {
            self = .string(text)
        }
    }

    /// Whether a node is a plain scalar for null, as an empty document is.
    static func isNull(_ node: YAMLNode) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain, scalar.tag.rawValue.isEmpty else { return false }
        return PlainScalar(scalar.string) == .null
    }

    /// Whether a tag of YAML's core schema may stand before the value.
    func isOfType(_ tag: String) -> Bool {
        switch self {
        case .null: tag == "tag:yaml.org,2002:null"
        case .bool: tag == "tag:yaml.org,2002:bool"
        case .number(let number):
            tag == "tag:yaml.org,2002:float" || tag == "tag:yaml.org,2002:int" && !number.contains(".")
        case .string: tag == "tag:yaml.org,2002:str"
        }
    }

    private static let words: [String: PlainScalar] = {
        var words: [String: PlainScalar] = ["~": .null]
        func add(_ names: [String], _ value: PlainScalar) {
            for name in names {
                for form in [name, name.uppercased(), name.prefix(1).uppercased() + name.dropFirst()] {
                    words[form] = value
                }
            }
        }
        add(["", "null"], .null)
        add(["true", "yes", "on", "y"], .bool(true))
        add(["false", "no", "off", "n"], .bool(false))
        return words
    }()

    private static func number(_ text: String) -> String? { integer(text) ?? float(text) }

    /// Go's `ParseInt` and `ParseUint` with base 0: the prefix says the base.
    private static func integer(_ text: String) -> String? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = digits.utf8.first, (0x30...0x39) ~= first else { return nil }
        var magnitude: UInt64?
        switch digits.prefix(2).lowercased() {
        case "0x": magnitude = unsigned(digits.dropFirst(2), radix: 16)
        case "0o": magnitude = unsigned(digits.dropFirst(2), radix: 8)
        case "0b": magnitude = unsigned(digits.dropFirst(2), radix: 2)
        case _ where first == 0x30 && digits.utf8.count > 1: magnitude = unsigned(digits.dropFirst(), radix: 8)
        default: magnitude = unsigned(digits, radix: 10)
        }
        guard let magnitude else { return nil }
        if isNegative && magnitude > UInt64(Int64.max) + 1 { return nil }
        return isNegative && magnitude > 0 ? "-\(magnitude)" : "\(magnitude)"
    }

    /// Without the sign that Swift's own initialiser allows.
    private static func unsigned(_ digits: Substring, radix: Int) -> UInt64? {
        guard let first = digits.utf8.first, first != 0x2B, first != 0x2D else { return nil }
        return UInt64(digits, radix: radix)
    }

    /// Text of the form `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` with a finite value.
    private static func float(_ text: String) -> String? {
        var rest = text.utf8[...]
        func skipDigits() -> Int {
            let count = rest.prefix { (0x30...0x39) ~= $0 }.count
            rest = rest.dropFirst(count)
            return count
        }
        func skip(_ bytes: [UInt8]) -> Bool {
            guard let first = rest.first, bytes.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = skip([0x2B, 0x2D])
        let whole = skipDigits()
        let fraction = skip([0x2E]) ? skipDigits() : 0
        guard whole + fraction > 0 else { return nil }
        let isInteger = rest.isEmpty && fraction == 0
        if skip([0x65, 0x45]) {
            _ = skip([0x2B, 0x2D])
            guard skipDigits() > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(text.hasSuffix(".") ? text + "0" : text), value.isFinite else {
            return nil
        }
        // More digits than 64 bits hold stay as they are, so that an error can show them.
        let first = text.utf8.first
        return isInteger && first != 0x30 && first != 0x2B && !text.hasSuffix(".") && !text.hasPrefix("-0")
            ? text : "\(value)"
    }
}
