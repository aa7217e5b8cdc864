/// Names, labels and numbers as Prometheus' text format 0.0.4 wants them.
enum MetricText {
    /// The `Content-Type` of the whole.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    static func name(_ text: String) -> String { sanitized(text) { $0 == ":" } }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`.
    static func labelName(_ text: String) -> String { sanitized(text) { _ in false } }

    private static func sanitized(_ text: String, also: (Unicode.Scalar) -> Bool) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "_": scalars.append(scalar)
            case "0"..."9":
                if scalars.isEmpty { scalars.append("_") }
                scalars.append(scalar)
            default: scalars.append(also(scalar) ? scalar : "_")
            }
        }
        return scalars.isEmpty ? "_" : String(scalars)
    }

    /// `a="1",b="2"`, by name; of a name that comes twice the last counts.
    static func labels(_ dimensions: [(String, String)]) -> String {
        switch dimensions.count {
        case 0: return ""
        case 1: return label(labelName(dimensions[0].0), dimensions[0].1)
        default:
            var values: [String: String] = [:]
            for (name, value) in dimensions { values[labelName(name)] = value }
            return values.sorted { $0.key < $1.key }.map { label($0.key, $0.value) }.joined(separator: ",")
        }
    }

    private static func label(_ name: String, _ value: String) -> String {
        "\(name)=\"\(escaped(value, quotes: true))\""
    }

    /// - Parameter quotes: of a label's value; a help text keeps its quotes.
    static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += #"\\"#
            case "\n": result += #"\n"#
            case "\"" where quotes: result += #"\""#
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// `12`, `0.001`, `+Inf`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }
}
