/// What the rounds of one figure came to.
struct Spread: Codable {
    let min: Double
    let median: Double
    let max: Double

    /// Nil of no rounds: an absent figure is not zero.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        (min, max) = (first, last)
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Of what must have been measured.
    ///
    /// - Throws: `BenchmarkError` when it was not.
    init(of values: [Double], _ what: String) throws(BenchmarkError) {
        guard let spread = Spread(values) else { throw BenchmarkError(description: "\(what): nothing was measured") }
        self = spread
    }
}
