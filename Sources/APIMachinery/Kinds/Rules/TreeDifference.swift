import KubeAPI

/// What of a tree has changed, for people: the first few places, as they were and as they are.
enum TreeDifference {
    private static let limit = 5

    /// Pairs of lines: `- spec.hostname: "a"`, `+ spec.hostname: "b"`.
    static func lines(from old: JSONValue, to new: JSONValue, path: String) -> [String] {
        var lines: [String] = []
        add(old, new, path, &lines)
        return lines
    }

    private static func add(_ old: JSONValue?, _ new: JSONValue?, _ path: String, _ lines: inout [String]) {
        guard lines.count < limit * 2, !(new ?? .null).says(theSameAs: old) else { return }
        switch (old, new) {
        case (.object(let left), .object(let right)):
            for key in Set(left.keys + right.keys).sorted() { add(left[key], right[key], "\(path).\(key)", &lines) }
        case (.array(let left), .array(let right)) where left.count == right.count:
            for (index, pair) in zip(left, right).enumerated() { add(pair.0, pair.1, "\(path)[\(index)]", &lines) }
        default:
            lines.append("- \(path): \(text(old))")
            lines.append("+ \(path): \(text(new))")
        }
    }

    private static func text(_ value: JSONValue?) -> String {
        value.map { String(decoding: $0.json, as: UTF8.self) } ?? "(none)"
    }
}
