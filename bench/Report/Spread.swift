/// What the rounds of one figure came to.
package struct Spread: Codable, Equatable, Sendable {
    package let min: Double
    package let median: Double
    package let max: Double

    /// Nil of no rounds: an absent figure is not zero.
    package init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        (min, max) = (first, last)
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Of what must have been measured.
    ///
    /// - Throws: `BenchmarkError` when it was not.
    package init(of values: [Double], _ what: String) throws(BenchmarkError) {
        guard let spread = Spread(values) else { throw BenchmarkError(description: "\(what): nothing was measured") }
        self = spread
    }

    /// Of round by round quotients; nil where a round lacks its other, or would be divided by nothing.
    package init?(_ values: [Double], over others: [Double]) {
        guard values.count == others.count, others.allSatisfy({ $0 > 0 }) else { return nil }
        self.init(zip(values, others).map { $0 / $1 })
    }
}
