extension ConfigurationValue {
    /// The value as a YAML document in the form of sigs.k8s.io/yaml: fields in the order of their names, lists not indented.
    package var yaml: String {
        switch self {
        case .object(let fields) where !fields.isEmpty: Self.yaml(fields, indentation: "")
        case .list(let items) where !items.isEmpty: Self.yaml(items, indentation: "")
        default: scalarText + "\n"
        }
    }

    private static func yaml(_ fields: [String: ConfigurationValue], indentation: String) -> String {
        var text = ""
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            text += indentation + quoted(name) + ":"
            switch value {
            case .object(let fields) where !fields.isEmpty:
                text += "\n" + yaml(fields, indentation: indentation + "  ")
            case .list(let items) where !items.isEmpty: text += "\n" + yaml(items, indentation: indentation)
            default: text += " " + value.scalarText + "\n"
            }
        }
        return text
    }

    private static func yaml(_ items: [ConfigurationValue], indentation: String) -> String {
        var text = ""
        for item in items {
            switch item {
            case .object(let fields) where !fields.isEmpty:
                let lines = yaml(fields, indentation: indentation + "  ")
                text += indentation + "- " + lines.dropFirst(indentation.count + 2)
            case .list(let items) where !items.isEmpty:
                let lines = yaml(items, indentation: indentation + "  ")
                text += indentation + "- " + lines.dropFirst(indentation.count + 2)
            default: text += indentation + "- " + item.scalarText + "\n"
            }
        }
        return text
    }

    private var scalarText: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number):
            number == number.rounded() && number.magnitude < 1e15 ? "\(Int64(number))" : "\(number)"
        case .string(let text): Self.quoted(text)
        case .list: "[]"
        case .object: "{}"
        }
    }

    /// Words that YAML 1.1 takes for something other than text.
    private static let words: Set<String> = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan",
    ]

    /// Plain where it can only be read as this text, else in quotes.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: [".", "/", "_", "-", ":", "*", "+", ","].contains(Unicode.Scalar(byte))
            }
        }
        guard isPlain, let first = text.utf8.first, !words.contains(text.lowercased()), text.last != ":" else {
            return doubleQuoted(text)
        }
        switch first {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "/"):
            return text
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return mayBeNumber(text) ? doubleQuoted(text) : text
        default: return doubleQuoted(text)
        }
    }

    /// Whether a text that starts with a digit may be a number, a time or a date to some version of YAML: it is none with
    /// more dots than a number has, or with a byte that is in none.
    private static func mayBeNumber(_ text: String) -> Bool {
        let isForeign = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"):
                ![UInt8(ascii: "o"), UInt8(ascii: "x")].contains(byte | 0x20)
            case UInt8(ascii: ","), UInt8(ascii: "/"): true
            default: false
            }
        }
        return text.utf8.count { $0 == UInt8(ascii: ".") } <= 2 && !text.utf8.contains(where: isForeign)
    }

    private static func doubleQuoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
