import FoundationEssentials

/// The table of targets in README.md's section "Architecture": who may import whom.
struct ArchitectureTable {
    /// Modules of the toolchain and the system, which `Package.swift` does not name.
    static let toolchainModules: Set<String> = ["FoundationEssentials", "Glibc", "Synchronization", "Testing"]

    /// The modules that each target may import.
    let allowedImports: [String: Set<String>]

    init(readme: String) {
        var allowed: [String: Set<String>] = [:]
        let lines = readme.split(separator: "\n").drop { $0 != "## Architecture" }
        for line in lines.dropFirst().prefix(while: { !$0.hasPrefix("## ") }) where line.hasPrefix("| `") {
            let cells = line.split(separator: "|")
            guard let target = Self.codes(in: cells.first).first else { continue }
            allowed[target] = Set(Self.codes(in: cells.dropFirst(2).first))
        }
        allowedImports = allowed
    }

    private static func codes(in cell: Substring?) -> [String] {
        (cell ?? "").matches(of: #/`([^`]+)`/#).map { String($0.1) }
    }
}

/// The modules that a Swift file imports, with the line of each.
func imports(in text: String) -> [(module: String, line: Int)] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
        guard line.contains("import") else { return nil }
        let pattern =
            #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/#
        return line.firstMatch(of: pattern).map { (String($0.1), index + 1) }
    }
}
