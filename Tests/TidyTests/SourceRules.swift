import FoundationEssentials

/// A rule about a line of Swift under `Sources/`.
struct SourceRule: Sendable, CustomStringConvertible {
    let description: String
    /// What every line that breaks the rule holds: a look for it is far quicker than the rule.
    let sign: String
    /// Whether the rule speaks of executables, too, which print and exit by trade.
    let appliesToExecutables: Bool
    /// Whether `line` breaks the rule; `previous` is the line before it that is no attribute.
    let isBroken: @Sendable (_ line: Substring, _ previous: Substring?) -> Bool

    static let all: [SourceRule] = [
        SourceRule("no try!", sign: "try!") { line, _ in line.contains(#/\btry!/#) },
        SourceRule("no as!", sign: "as!") { line, _ in line.contains(#/\bas!/#) },
        SourceRule("no fatalError", sign: "fatalError") { line, _ in line.contains(#/fatalError\s*\(/#) },
        SourceRule("no print outside executables", sign: "rint", executables: false) { line, _ in
            line.contains(#/(^|[^.\w])(debugPrint|print)\s*\(/#)
        },
        SourceRule("@unchecked Sendable has a comment above it that proves it", sign: "@unchecked") { line, previous in
            line.contains(#/@unchecked\s+Sendable/#) && !isComment(previous ?? "")
        },
        SourceRule("nonisolated(unsafe) has a comment above it that proves it", sign: "(unsafe)") { line, previous in
            line.contains(#/nonisolated\(unsafe\)/#) && !isComment(previous ?? "")
        },
        SourceRule("FoundationEssentials in place of Foundation", sign: "Foundation") { line, _ in
            line.contains(#/\bimport\s+(\w+\s+)?Foundation(?!\w)/#)
        },
    ]

    private init(
        _ description: String, sign: String, executables: Bool = true,
        isBroken: @escaping @Sendable (_ line: Substring, _ previous: Substring?) -> Bool
    ) {
        self.description = description
        self.sign = sign
        self.appliesToExecutables = executables
        self.isBroken = isBroken
    }

    /// The numbers of the lines that break the rule.
    func brokenLines(in text: String) -> [Int] {
        guard text.contains(sign) else { return [] }
        var previous: Substring?
        var broken: [Int] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.contains(sign), !Self.isComment(line), isBroken(line, previous) { broken.append(index + 1) }
            let isAttribute = line.drop(while: \.isWhitespace).hasPrefix("@")
            if !isAttribute || previous == nil { previous = line }
        }
        return broken
    }

    private static func isComment(_ line: Substring) -> Bool { line.drop(while: \.isWhitespace).hasPrefix("//") }
}
