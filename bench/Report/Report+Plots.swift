extension Report {
    /// A picture, and the name of its file without an extension.
    package struct NamedPlot: Sendable {
        package let name: String
        package let plot: Plot
    }

    /// Latency against size where there are several, histograms, and timelines: all that the figures are good for.
    package var plots: [NamedPlot] {
        var plots: [NamedPlot] = []
        for scenario in scenarios {
            let all = measurements.filter { $0.scenario == scenario }
            for quantity in Self.unique(all.map(\.quantity)) {
                let figures = all.filter { $0.quantity == quantity }
                let name = Self.fileName("\(scenario)-\(quantity)")
                if let plot = Self.againstSize(figures) { plots.append(NamedPlot(name: "\(name)-by-size", plot: plot)) }
                for size in Self.unique(figures.map(\.size)) {
                    let here = figures.filter { $0.size == size }
                    let suffix =
                        size.map { "-\($0.services)x\($0.endpoints)-\($0.families.rawValue)" } ?? ""
                    if let plot = Self.histogram(here) { plots.append(NamedPlot(name: "\(name)\(suffix)", plot: plot)) }
                    if let plot = Self.timeline(here) { plots.append(NamedPlot(name: "\(name)\(suffix)", plot: plot)) }
                }
            }
        }
        return plots
    }

    private static func fileName(_ text: String) -> String {
        text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "-" }.joined()
            .split(separator: "-").joined(separator: "-")
    }

    private static func title(_ figure: Measurement) -> String {
        "\(figure.scenario): \(figure.quantity)" + (figure.size.map { ", \($0.text)" } ?? "")
    }

    private static func againstSize(_ figures: [Measurement]) -> Plot? {
        let sized = figures.filter { $0.size != nil && $0.overall(quantile: 0.5) != nil }
        guard unique(sized.map(\.size)).count > 1, let first = sized.first else { return nil }
        let lines = unique(sized.map(\.subject)).map { subject in
            Plot.Line(
                subject,
                sized.filter { $0.subject == subject }.compactMap { figure in
                    guard let services = figure.size?.services, let y = figure.overall(quantile: 0.5) else {
                        return nil
                    }
                    return (Double(services), y)
                }.sorted { $0.x < $1.x })
        }
        var plot = Plot(
            "\(first.scenario): \(first.quantity), medians", x: "Services", y: first.unit.rawValue, lines: lines)
        (plot.isXLogarithmic, plot.isYLogarithmic) = (true, true)
        return plot
    }

    /// The part of all that is not above a duration.
    private static func histogram(_ figures: [Measurement]) -> Plot? {
        let counted = figures.filter { ($0.histogram?.count ?? 0) > 1 }
        guard let first = counted.first, let nanoseconds = first.unit.nanoseconds else { return nil }
        let lines = counted.map { figure in
            var seen = 0
            let all = figure.histogram?.count ?? 1
            let points = (figure.histogram?.buckets ?? []).map { bucket -> (x: Double, y: Double) in
                seen += bucket.count
                return (Double(max(bucket.range.upperBound, 1)) / nanoseconds, 100 * Double(seen) / Double(all))
            }
            return Plot.Line(figure.subject, points)
        }
        var plot = Plot(title(first), x: first.unit.rawValue, y: "% of all that are not above", lines: lines)
        plot.isXLogarithmic = true
        return plot
    }

    private static func timeline(_ figures: [Measurement]) -> Plot? {
        let lines = figures.compactMap { figure -> Plot.Line? in
            guard case .timeline(let points) = figure.value else { return nil }
            return Plot.Line(figure.subject, points.map { ($0.seconds, max($0.value, 0.001)) })
        }
        guard let first = figures.first, !lines.isEmpty else { return nil }
        var plot = Plot(title(first), x: "seconds", y: first.unit.rawValue, lines: lines)
        plot.isYLogarithmic = true
        return plot
    }
}
