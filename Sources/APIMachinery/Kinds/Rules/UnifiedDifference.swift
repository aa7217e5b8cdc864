import KubeAPI

/// What of a text has changed, line by line, as `diff -u` shows it without its first two lines.
enum UnifiedDifference {
    private struct Line {
        /// ` `, `-` or `+`.
        let mark: Character
        let text: String
    }

    /// How many unchanged lines stand around changed ones.
    private static let context = 3

    /// Of two trees as indented JSON; empty where they are the same.
    static func text(from old: JSONValue, to new: JSONValue) -> String {
        text(from: PrettyJSON.lines(old), to: PrettyJSON.lines(new))
    }

    static func text(from old: [String], to new: [String]) -> String {
        let lines = merged(old, new)
        var hunks: [Range<Int>] = []
        for (index, line) in lines.enumerated() where line.mark != " " {
            let start = max(index - context, 0)
            let end = min(index + context + 1, lines.count)
            if let last = hunks.last, start <= last.upperBound {
                hunks[hunks.count - 1] = last.lowerBound..<end
            } else {
                hunks.append(start..<end)
            }
        }
        return hunks.map { text(of: $0, in: lines) }.joined()
    }

    /// Both texts in one, in the order of their lines: what is gone stands before what is new.
    private static func merged(_ old: [String], _ new: [String]) -> [Line] {
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [Line] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                lines.append(Line(mark: "-", text: old[left]))
                left += 1
            } else if right < new.count, inserted.contains(right) {
                lines.append(Line(mark: "+", text: new[right]))
                right += 1
            } else {
                lines.append(Line(mark: " ", text: old[left]))
                left += 1
                right += 1
            }
        }
        return lines
    }

    private static func text(of hunk: Range<Int>, in lines: [Line]) -> String {
        func span(_ mark: Character) -> String {
            let before = lines[..<hunk.lowerBound].count { $0.mark == " " || $0.mark == mark }
            let count = lines[hunk].count { $0.mark == " " || $0.mark == mark }
            // An empty span is named by the line before it, and one line by its number alone.
            return count == 1 ? "\(before + 1)" : "\(count == 0 ? before : before + 1),\(count)"
        }
        return "@@ -\(span("-")) +\(span("+")) @@\n" + lines[hunk].map { "\($0.mark)\($0.text)\n" }.joined()
    }
}

/// JSON over several lines, with one space for each level, in the order of the keys.
enum PrettyJSON {
    static func lines(_ value: JSONValue) -> [String] { lines(value, indent: "", before: "", after: "") }

    private static func lines(_ value: JSONValue, indent: String, before: String, after: String) -> [String] {
        let opening: String
        let closing: String
        let children: [(before: String, value: JSONValue)]
        switch value {
        case .object(let object) where !object.isEmpty:
            (opening, closing) = ("{", "}")
            children = object.fields.sorted { $0.key < $1.key }.map { ("\(text(.string($0.key))): ", $0.value) }
        case .array(let array) where !array.isEmpty:
            (opening, closing) = ("[", "]")
            children = array.map { ("", $0) }
        default: return ["\(indent)\(before)\(text(value))\(after)"]
        }
        var result = ["\(indent)\(before)\(opening)"]
        for (index, child) in children.enumerated() {
            result += lines(
                child.value, indent: indent + " ", before: child.before, after: index + 1 < children.count ? "," : "")
        }
        return result + ["\(indent)\(closing)\(after)"]
    }

    private static func text(_ value: JSONValue) -> String { String(decoding: value.json, as: UTF8.self) }
}
