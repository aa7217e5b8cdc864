/// Metrics that are asked for with each scrape, in place of being recorded.
package struct MetricCollector: Sendable {
    /// A value of one of the collector's metrics.
    package struct Sample: Sendable {
        let name: String
        let labels: String
        let value: Double

        /// - Parameter name: as declared; samples of other names are left out.
        package init(_ name: String, _ value: Double, _ dimensions: [(String, String)] = []) {
            self.name = MetricText.name(name)
            labels = MetricText.labels(dimensions)
            self.value = value
        }
    }

    /// Counters and gauges.
    package let declarations: [MetricDeclaration]
    /// Called once for each scrape.
    package let collect: @Sendable () async -> [Sample]

    package init(_ declarations: [MetricDeclaration], collect: @escaping @Sendable () async -> [Sample]) {
        self.declarations = declarations.filter { $0.kind != .histogram }
        self.collect = collect
    }
}
