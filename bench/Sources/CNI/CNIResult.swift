import BenchReport

/// What one figure came to, for each column.
struct CNIResult: Codable {
    struct Column: Codable {
        let name: String
        let samples: Int
        let medianMilliseconds: Double
        let p99Milliseconds: Double

        init(_ name: String, _ figure: String, nanoseconds: [Double]) throws(BenchmarkError) {
            let sorted = nanoseconds.sorted()
            self.name = name
            samples = sorted.count
            medianMilliseconds = try Spread(of: sorted, figure).median / 1e6
            // The smallest that at most one in a hundred exceeds.
            p99Milliseconds = (sorted.dropFirst((sorted.count * 99 + 99) / 100 - 1).first ?? 0) / 1e6
        }
    }

    let figure: String
    let columns: [Column]

    init(_ figure: String, _ columns: [(name: String, nanoseconds: [Double])]) throws(BenchmarkError) {
        self.figure = figure
        var results: [Column] = []
        for column in columns { results.append(try Column(column.name, figure, nanoseconds: column.nanoseconds)) }
        self.columns = results
    }

    static let header = row("", ["fairlead ms", "p99", "reference ms", "p99", "ratio"])

    /// With the ratio of the medians, where there are two columns.
    var row: String {
        var cells = columns.flatMap { [$0.medianMilliseconds, $0.p99Milliseconds] }.map { Output.text($0, decimals: 2) }
        if let first = columns.first, columns.count == 2, first.medianMilliseconds > 0 {
            cells.append(Output.text(columns[1].medianMilliseconds / first.medianMilliseconds, decimals: 1))
        }
        return Self.row(figure, cells)
    }

    private static func row(_ figure: String, _ cells: [String]) -> String {
        let name = figure + String(repeating: " ", count: max(22 - figure.count, 0))
        return name
            + zip(cells, [12, 9, 13, 9, 7]).map { text, width in
                String(repeating: " ", count: max(width - text.count, 0)) + text
            }.joined()
    }
}
