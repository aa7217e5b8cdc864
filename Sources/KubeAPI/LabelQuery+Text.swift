extension LabelQuery {
    /// Reads the text form: `a=b,c!=d,e in (x,y),f notin (z),g,!h`. Empty text selects everything.
    /// The grammar is that of k8s.io/apimachinery labels/selector.go, without `<` and `>`.
    package init(parsing text: String) throws(SelectorError) {
        var parser = LabelQueryParser(text: text)
        requirements = try parser.requirements()
    }
}

private struct LabelQueryParser {
    private enum Token: Equatable {
        case word(String)
        /// `=`, `==`, `!=`, `!`, `,`, `(` or `)`.
        case sign(String)

        var text: String {
            switch self {
            case .word(let text), .sign(let text): text
            }
        }
    }

    private let text: String
    private var tokens: ArraySlice<Token>

    init(text: String) {
        self.text = text
        tokens = Self.tokens(of: text)[...]
    }

    mutating func requirements() throws(SelectorError) -> [LabelRequirement] {
        var requirements: [LabelRequirement] = []
        while !tokens.isEmpty {
            requirements.append(try requirement())
            guard let next = tokens.popFirst() else { break }
            guard next == .sign(",") else { throw failure("expected ',', found '\(next.text.quotable)'") }
            if tokens.isEmpty { throw failure("expected a requirement after the last ','") }
        }
        return requirements
    }

    private mutating func requirement() throws(SelectorError) -> LabelRequirement {
        if take(.sign("!")) { return try LabelRequirement(key: try word("a key"), condition: .doesNotExist) }
        let key = try word("a key")
        switch tokens.first {
        case nil, .sign(","): return try LabelRequirement(key: key, condition: .exists)
        case .sign("="), .sign("=="):
            tokens.removeFirst()
            return try LabelRequirement(key: key, condition: .isIn([try exactValue()]))
        case .sign("!="):
            tokens.removeFirst()
            return try LabelRequirement(key: key, condition: .isNotIn([try exactValue()]))
        case .word("in"):
            tokens.removeFirst()
            return try LabelRequirement(key: key, condition: .isIn(try values()))
        case .word("notin"):
            tokens.removeFirst()
            return try LabelRequirement(key: key, condition: .isNotIn(try values()))
        case .some(let other): throw failure("expected an operator after '\(key)', found '\(other.text.quotable)'")
        }
    }

    /// A value, empty where the next requirement or the end follows.
    private mutating func exactValue() throws(SelectorError) -> String {
        if tokens.isEmpty || tokens.first == .sign(",") { return "" }
        return try word("a value")
    }

    /// `(x,y)`; an empty place between commas is the empty value.
    private mutating func values() throws(SelectorError) -> Set<String> {
        guard take(.sign("(")) else { throw failure("expected '(' after in or notin") }
        var values: Set<String> = []
        while true {
            if case .word(let value) = tokens.first {
                tokens.removeFirst()
                values.insert(value)
            } else {
                values.insert("")
            }
            if take(.sign(")")) { return values }
            guard take(.sign(",")) else { throw failure("expected ',' or ')' in a list of values") }
        }
    }

    private mutating func word(_ meaning: String) throws(SelectorError) -> String {
        guard case .word(let word) = tokens.popFirst() else { throw failure("expected \(meaning)") }
        return word
    }

    private mutating func take(_ token: Token) -> Bool {
        guard tokens.first == token else { return false }
        tokens.removeFirst()
        return true
    }

    private func failure(_ problem: String) -> SelectorError { .syntax(selector: text, problem: problem) }

    private static func tokens(of text: String) -> [Token] {
        var tokens: [Token] = []
        var word = ""
        func endWord() {
            if !word.isEmpty { tokens.append(.word(word)) }
            word = ""
        }
        for character in text.unicodeScalars {
            switch character {
            case " ", "\t", "\r", "\n": endWord()
            case "=":
                endWord()
                // `!=` and `==` are one sign: the "=" joins what stands right before it.
                if let last = tokens.last, last == .sign("!") || last == .sign("=") {
                    tokens[tokens.count - 1] = .sign(last.text + "=")
                } else {
                    tokens.append(.sign("="))
                }
            case "!", ",", "(", ")":
                endWord()
                tokens.append(.sign(String(character)))
            default: word.unicodeScalars.append(character)
            }
        }
        endWord()
        return tokens
    }
}
