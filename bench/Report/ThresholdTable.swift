/// Counts that do not depend on the machine, as a file has them: a line each, `name bound`, `#` for remarks.
package struct ThresholdTable: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let name: String
        /// A count may be smaller by a twentieth, which asks for a new file, and not greater.
        package let bound: Int

        package init(name: String, bound: Int) { (self.name, self.bound) = (name, bound) }
    }

    package var entries: [Entry]

    package init(entries: [Entry]) { self.entries = entries }

    /// - Throws: `BenchmarkError` with the line that is none.
    package init(parsing text: String) throws(BenchmarkError) {
        var entries: [Entry] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(separator: " ")
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            guard words.count == 2, let bound = Int(words[1]), bound >= 0,
                !entries.contains(where: { $0.name == words[0] })
            else { throw BenchmarkError(description: "line \(index + 1) is no name with its count: \(line)") }
            entries.append(Entry(name: String(words[0]), bound: bound))
        }
        self.entries = entries
    }

    package var text: String {
        let width = entries.map(\.name.count).max() ?? 0
        return entries.map { entry in
            entry.name + String(repeating: " ", count: width - entry.name.count) + " \(entry.bound)\n"
        }.joined()
    }

    /// What is wrong with counts: those above their bound, those that are so far below that the bound says nothing any more, and names
    /// that only one side has.
    package func problems(of counts: [Entry]) -> [String] {
        var problems: [String] = []
        for entry in entries {
            guard let count = counts.first(where: { $0.name == entry.name })?.bound else {
                problems.append("\(entry.name): not counted any more")
                continue
            }
            if count > entry.bound {
                problems.append("\(entry.name): \(count), more than \(entry.bound)")
            } else if count < entry.bound - entry.bound / 20 {
                problems.append("\(entry.name): \(count), much less than \(entry.bound): write the file anew")
            }
        }
        for count in counts where !entries.contains(where: { $0.name == count.name }) {
            problems.append("\(count.name): \(count.bound), has no bound")
        }
        return problems
    }
}
