/// Rows of cells under a header, for a terminal or in Markdown.
package struct TextTable: Sendable, Equatable {
    package let header: [String]
    package private(set) var rows: [[String]] = []
    /// How many columns from the first on have words, which stand to the left.
    private let wordColumns: Int

    package init(_ header: [String], wordColumns: Int) {
        self.header = header
        self.wordColumns = wordColumns
    }

    /// What lacks at its end is empty.
    package mutating func add(_ row: [String]) {
        rows.append(row + [String](repeating: "", count: max(0, header.count - row.count)))
    }

    /// Lines of aligned columns.
    package var text: String {
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([header] + rows).map { row in
            let cells = zip(row, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column < wordColumns ? cell.0 + space : space + cell.0
            }
            var line = cells.joined(separator: "  ")[...]
            while line.last == " " { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }

    package var markdown: String {
        func line(_ cells: [String]) -> String {
            "| " + cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ") + " |"
        }
        let rule = header.indices.map { $0 < wordColumns ? "---" : "--:" }
        return ([line(header), "|" + rule.joined(separator: "|") + "|"] + rows.map(line)).joined(separator: "\n")
    }
}
