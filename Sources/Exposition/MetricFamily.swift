import Metrics
import Synchronization

/// All series of one name.
final class MetricFamily: Sendable {
    enum Series: Sendable {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)
    }

    let declaration: MetricDeclaration
    private let limit: Int
    /// By the text of their labels.
    private let series = Mutex<[String: Series]>([:])

    init(_ declaration: MetricDeclaration, limit: Int) {
        self.declaration = declaration
        self.limit = limit
        // What has no labels is there from the start: a counter counts from 0.
        if declaration.labels.isEmpty { _ = series(labels: "") }
    }

    /// The series with these labels; nil where they are not those of the declaration, or there are too many.
    func series(_ dimensions: [(String, String)]) -> Series? {
        guard Set(dimensions.map { MetricText.labelName($0.0) }).sorted() == declaration.labels else { return nil }
        return series(labels: MetricText.labels(dimensions))
    }

    private func series(labels: String) -> Series? {
        series.withLock { series in
            if let known = series[labels] { return known }
            guard series.count < limit else { return nil }
            let new: Series =
                switch declaration.kind {
                case .counter: .counter(CounterSeries())
                case .gauge: .gauge(GaugeSeries())
                case .histogram: .histogram(HistogramSeries(bounds: declaration.buckets))
                }
            series[labels] = new
            return new
        }
    }

    /// Adds its lines, in the order of the labels.
    func write(to text: inout String) {
        for (labels, series) in series.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            switch series {
            case .counter(let counter): text.appendSample(declaration.name, labels, counter.value)
            case .gauge(let gauge): text.appendSample(declaration.name, labels, gauge.value)
            case .histogram(let histogram): write(histogram, labels, to: &text)
            }
        }
    }

    var isEmpty: Bool { series.withLock { $0.isEmpty } }

    private func write(_ histogram: HistogramSeries, _ labels: String, to text: inout String) {
        let values = histogram.values
        let prefix = labels.isEmpty ? "" : labels + ","
        var count: UInt64 = 0
        for (bound, inBucket) in zip(histogram.bounds + [.infinity], values.counts) {
            count += inBucket
            text.appendSample(
                "\(declaration.name)_bucket", "\(prefix)le=\"\(MetricText.number(bound))\"", Double(count))
        }
        text.appendSample("\(declaration.name)_sum", labels, values.sum)
        text.appendSample("\(declaration.name)_count", labels, Double(count))
    }
}

extension String {
    /// `# HELP` and `# TYPE`.
    mutating func appendHeader(_ declaration: MetricDeclaration) {
        if !declaration.help.isEmpty {
            self += "# HELP \(declaration.name) \(MetricText.escaped(declaration.help, quotes: false))\n"
        }
        self += "# TYPE \(declaration.name) \(declaration.kind.rawValue)\n"
    }

    mutating func appendSample(_ name: String, _ labels: String, _ value: Double) {
        self += name
        if !labels.isEmpty {
            self += "{"
            self += labels
            self += "}"
        }
        self += " "
        self += MetricText.number(value)
        self += "\n"
    }
}
