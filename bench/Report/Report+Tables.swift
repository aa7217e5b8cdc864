extension Report {
    /// A row of a scenario's table: the figures of all subjects for one quantity at one size.
    private struct RowKey: Hashable {
        let size: WorkloadSize?
        let quantity: String
    }

    /// The subject that is no program: what was encoded before the clock started, sent again.
    package static let floorSubject = "kernel's floor"
    /// What peers are compared with.
    package static let ownSubject = "fairlead"

    /// What a subject's figures are divided by: the first's; where that is the kernel's floor, Fairlead's are divided by it, and those of
    /// peers by Fairlead's.
    private static func base(of subject: String, among subjects: [String]) -> String {
        let divides = subjects[0] == floorSubject && subject != ownSubject && subjects.contains(ownSubject)
        return divides ? ownSubject : subjects[0]
    }

    /// A scenario's figures side by side, with the ratios of further subjects to the first, or to Fairlead.
    package func table(_ scenario: String) -> TextTable {
        let all = measurements.filter { $0.scenario == scenario && !$0.isTimeline }
        let subjects = Self.unique(all.map(\.subject))
        let hasSizes = all.contains { $0.size != nil }
        let hasGoals = all.contains { $0.goal != nil }
        let others = subjects.dropFirst()
        var table = TextTable(
            (hasSizes ? ["Services"] : []) + ["figure"] + (hasGoals ? ["goal"] : []) + subjects
                + others.map { "\($0) / \(Self.base(of: $0, among: subjects))" },
            wordColumns: hasSizes ? 2 : 1)
        for key in Self.unique(all.map { RowKey(size: $0.size, quantity: $0.quantity) }) {
            let row = all.filter { $0.size == key.size && $0.quantity == key.quantity }
            func find(_ subject: String) -> Measurement? { row.first { $0.subject == subject } }
            let unit = row.first.map { $0.unit.rawValue.isEmpty ? "" : ", \($0.unit.rawValue)" } ?? ""
            table.add(
                (hasSizes ? [key.size?.text ?? ""] : []) + [key.quantity + unit]
                    + (hasGoals ? [row.lazy.compactMap(\.goal?.text).first ?? ""] : [])
                    + subjects.map { find($0)?.cell ?? "–" }
                    + others.map { subject in
                        guard let base = find(Self.base(of: subject, among: subjects)),
                            let ratio = find(subject)?.ratio(to: base)
                        else { return "–" }
                        return ratio.cell
                    })
        }
        return table
    }

    /// What each figure of a scenario includes, and why some are absent.
    package func notes(_ scenario: String) -> [String] {
        let all = measurements.filter { $0.scenario == scenario && !$0.isTimeline }
        let included = Self.unique(all.map(\.includes)).map { includes in
            let quantities = Self.unique(all.filter { $0.includes == includes }.map(\.quantity))
            return (quantities.count > 4 ? "all" : quantities.joined(separator: ", ")) + ": \(includes)"
        }
        let absent = all.compactMap { measurement -> String? in
            guard case .absent(let reason) = measurement.value else { return nil }
            let size = measurement.size.map { ", \($0.text)" } ?? ""
            return "no figure for \(measurement.quantity) of \(measurement.subject)\(size): \(reason)"
        }
        return included + Self.unique(absent)
    }

    /// For a terminal: each scenario's table and notes, and the machine.
    package var text: String {
        let parts = scenarios.map { scenario in
            "\(scenario)\n\(table(scenario).text)\n" + notes(scenario).map { "  \($0)" }.joined(separator: "\n")
        }
        return (parts + [machine.lines.joined(separator: "\n")]).joined(separator: "\n\n")
    }

    /// A chapter a scenario.
    package var markdown: String {
        let parts = scenarios.map { scenario in
            "### \(scenario)\n\n\(table(scenario).markdown)\n\n"
                + notes(scenario).map { "- \($0)" }.joined(separator: "\n")
        }
        let head =
            "`\(command.joined(separator: " "))`, \(date)\n\n" + machine.lines.map { "- \($0)" }.joined(separator: "\n")
        return ([head] + parts).joined(separator: "\n\n") + "\n"
    }
}

extension Measurement {
    var isTimeline: Bool { if case .timeline = value { true } else { false } }

    /// A distribution's p50 and p99; of rounds the median, with the smallest and the largest where there are several.
    var cell: String {
        if case .absent = value { return "–" }
        if histogram != nil, let p50 = overall(quantile: 0.5), let p99 = overall(quantile: 0.99) {
            return "\(p50.tableText) p50, \(p99.tableText) p99"
        }
        return Spread(rounds())?.cell ?? "–"
    }
}

extension Spread {
    /// "2.1 (1.9…2.4)".
    package var cell: String {
        min == max ? median.tableText : "\(median.tableText) (\(min.tableText)…\(max.tableText))"
    }
}
