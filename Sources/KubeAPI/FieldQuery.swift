/// A field selector: `metadata.name=web,spec.nodeName!=node-1` (k8s.io/apimachinery fields/selector.go).
package struct FieldQuery: Sendable, Hashable {
    package struct Requirement: Sendable, Hashable {
        /// `metadata.name`, `spec.nodeName`, …
        package let path: String
        package let value: String
        /// Whether the field must differ from the value.
        package let isNegated: Bool

        package init(path: String, value: String, isNegated: Bool = false) {
            self.path = path
            self.value = value
            self.isNegated = isNegated
        }
    }

    package let requirements: [Requirement]

    package init(_ requirements: [Requirement] = []) { self.requirements = requirements }

    /// Reads the text form. `\` takes the meaning from the `,`, `=` or `\` that follows it. Empty text selects everything.
    package init(parsing text: String) throws(SelectorError) {
        var requirements: [Requirement] = []
        for term in Self.split(text) where !term.isEmpty {
            requirements.append(try Self.requirement(term, of: text))
        }
        self.requirements = requirements
    }

    /// Whether all requirements are met. `value` gives a field's text, empty where it is not set.
    package func matches(_ value: (_ path: String) -> String) -> Bool {
        requirements.allSatisfy { (value($0.path) == $0.value) != $0.isNegated }
    }

    /// The text between commas that no `\` stands before.
    private static func split(_ text: String) -> [Substring] {
        var terms: [Substring] = []
        var start = text.startIndex
        var isEscaped = false
        for index in text.indices {
            if isEscaped {
                isEscaped = false
            } else if text[index] == "\\" {
                isEscaped = true
            } else if text[index] == "," {
                terms.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return terms + [text[start...]]
    }

    private static func requirement(_ term: Substring, of text: String) throws(SelectorError) -> Requirement {
        guard let equals = term.firstIndex(of: "=") else {
            throw .syntax(selector: text, problem: "expected '=' or '!=' in '\(String(term).quotable)'")
        }
        var path = term[..<equals]
        var value = term[term.index(after: equals)...]
        let isNegated = path.last == "!"
        if isNegated { path.removeLast() }
        if !isNegated && value.first == "=" { value.removeFirst() }
        guard !path.isEmpty else { throw .syntax(selector: text, problem: "expected a field before '='") }
        return Requirement(path: String(path), value: try unescape(value, of: text), isNegated: isNegated)
    }

    private static func unescape(_ value: Substring, of text: String) throws(SelectorError) -> String {
        var plain = ""
        var isEscaped = false
        for character in value {
            switch (character, isEscaped) {
            case ("\\", false): isEscaped = true
            case (",", true), ("=", true), ("\\", true):
                plain.append(character)
                isEscaped = false
            case (_, true), ("=", false):
                throw .syntax(selector: text, problem: "'\(character)' is not allowed there in a value")
            default: plain.append(character)
            }
        }
        if isEscaped { throw .syntax(selector: text, problem: "nothing follows the last '\\'") }
        return plain
    }
}
