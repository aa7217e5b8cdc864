import Metrics
import Synchronization

/// Where metrics are kept until they are asked for, in Prometheus' text format 0.0.4.
///
/// Handles are found by name once, when they are made; to record takes an atomic operation, or the lock of one histogram.
package final class MetricsRegistry: Sendable {
    /// The `Content-Type` of `text()`.
    package static let contentType = MetricText.contentType
    /// What one name may have at most: series, and samples of a collector.
    package struct Limits: Sendable {
        package var series = 1_000
        package var samples = 100_000

        package init() {}
    }

    private struct State {
        var families: [String: MetricFamily] = [:]
        var collectors: [MetricCollector] = []
    }

    private let limits: Limits
    private let state = Mutex(State())
    /// Handles that record nothing: more series than there may be, or not as declared.
    private let discarded = CounterSeries()
    private static let discardedDeclaration = MetricDeclaration(
        "fairlead_metrics_discarded_series_total", .counter,
        help: "Series that are not recorded: too many of one name, or not as declared")

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// Says what a metric is, before its first handle is made. Of two declarations of a name the first counts.
    package func declare(_ declaration: MetricDeclaration) {
        state.withLock { state in
            guard state.families[declaration.name] == nil else { return }
            state.families[declaration.name] = MetricFamily(declaration, limit: limits.series)
        }
    }

    package func declare(_ declarations: [MetricDeclaration]) { declarations.forEach(declare) }

    /// Adds what is asked with each scrape. A metric is recorded or collected, never both: samples of a name that has
    /// series are left out.
    package func add(_ collector: MetricCollector) { state.withLock { $0.collectors.append(collector) } }

    /// All that there is now, by name.
    package func text() async -> String {
        let state = state.withLock { $0 }
        var blocks: [String: String] = [:]
        for collector in state.collectors {
            for (name, block) in await self.blocks(of: collector) where state.families[name] == nil {
                blocks[name] = block
            }
        }
        for (name, family) in state.families where !family.isEmpty {
            var block = ""
            block.appendHeader(family.declaration)
            family.write(to: &block)
            blocks[name] = block
        }
        // The last, so that it has what the collectors left out.
        if discarded.value > 0 {
            var block = ""
            block.appendHeader(Self.discardedDeclaration)
            block.appendSample(Self.discardedDeclaration.name, "", discarded.value)
            blocks[Self.discardedDeclaration.name] = block
        }
        return blocks.sorted { $0.key < $1.key }.map(\.value).joined()
    }

    private func blocks(of collector: MetricCollector) async -> [String: String] {
        var byName: [String: [MetricCollector.Sample]] = [:]
        for sample in await collector.collect() { byName[sample.name, default: []].append(sample) }
        var blocks: [String: String] = [:]
        for declaration in collector.declarations {
            guard let samples = byName[declaration.name] else { continue }
            var block = ""
            block.appendHeader(declaration)
            var last: String?
            var count = 0
            for sample in samples.sorted(by: { $0.labels < $1.labels }) where sample.labels != last {
                last = sample.labels
                count += 1
                guard count <= limits.samples else { continue }
                block.appendSample(declaration.name, sample.labels, sample.value)
            }
            discarded.increment(by: Int64(max(0, count - limits.samples)))
            blocks[declaration.name] = block
        }
        return blocks
    }

    /// The series of a handle; nil where it records nothing.
    private func series(
        _ name: String, _ kind: MetricDeclaration.Kind, _ dimensions: [(String, String)]
    ) -> MetricFamily.Series? {
        let name = MetricText.name(name)
        let family = state.withLock { state in
            if let family = state.families[name] { return family }
            let family = MetricFamily(
                MetricDeclaration(name, kind, help: "", labels: Array(Set(dimensions.map(\.0)))), limit: limits.series)
            state.families[name] = family
            return family
        }
        let series = family.declaration.kind == kind ? family.series(dimensions) : nil
        if series == nil { discarded.increment(by: Int64(1)) }
        return series
    }
}

extension MetricsRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        guard case .counter(let counter) = series(label, .counter, dimensions) else { return DiscardedSeries() }
        return counter
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        guard case .counter(let counter) = series(label, .counter, dimensions) else { return DiscardedSeries() }
        return counter
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        guard case .gauge(let gauge) = series(label, .gauge, dimensions) else { return DiscardedSeries() }
        return gauge
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        switch series(label, aggregate ? .histogram : .gauge, dimensions) {
        case .histogram(let histogram): histogram
        case .gauge(let gauge): gauge
        case .counter, nil: DiscardedSeries()
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        guard case .histogram(let histogram) = series(label, .histogram, dimensions) else { return DiscardedSeries() }
        return histogram
    }

    // Series stay: a counter that came back would start at 0 again.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
