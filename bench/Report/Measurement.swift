/// One figure of one subject: what was measured, over how much, in how many rounds.
package struct Measurement: Codable, Sendable {
    package enum Unit: String, Codable, Sendable {
        case microseconds = "µs"
        case milliseconds = "ms"
        case seconds = "s"
        case perSecond = "/s"
        case megabytes = "MB"
        case bytes = "B"
        case gigabitsPerSecond = "Gbit/s"
        case count = ""

        /// For durations; nil for others.
        package var nanoseconds: Double? {
            switch self {
            case .microseconds: 1e3
            case .milliseconds: 1e6
            case .seconds: 1e9
            default: nil
            }
        }
    }

    package enum Value: Codable, Sendable {
        /// One number a round, in the unit.
        case rounds([Double])
        /// One distribution a round.
        case latencies([Histogram])
        /// How it went over the time of one round; for a plot.
        case timeline([Point])
        /// It could not be measured, and why. Never a zero.
        case absent(reason: String)
    }

    /// A value at a time since the start.
    package struct Point: Codable, Sendable, Equatable {
        package let seconds: Double
        /// In the figure's unit.
        package let value: Double

        package init(seconds: Double, value: Double) { (self.seconds, self.value) = (seconds, value) }
    }

    /// What is asked of a figure, in its unit; of a distribution's p99, or of its median where that is said.
    package struct Goal: Codable, Sendable {
        package let bound: Double
        package let isUpper: Bool

        package static func atMost(_ bound: Double) -> Goal { Goal(bound: bound, isUpper: true) }
        package static func atLeast(_ bound: Double) -> Goal { Goal(bound: bound, isUpper: false) }

        package var text: String { "\(isUpper ? "≤" : "≥") \(bound.tableText)" }
    }

    /// "endpoint-change".
    package let scenario: String
    package let size: WorkloadSize?
    /// "answer to commit".
    package let quantity: String
    package let unit: Unit
    /// "fairlead", "kube-proxy nftables".
    package let subject: String
    /// What the number includes, in one sentence.
    package let includes: String
    package let value: Value
    package let goal: Goal?

    package init(
        _ scenario: String, size: WorkloadSize? = nil, _ quantity: String, in unit: Unit, of subject: String,
        _ value: Value, includes: String, goal: Goal? = nil
    ) {
        (self.scenario, self.size, self.quantity, self.unit) = (scenario, size, quantity, unit)
        (self.subject, self.value, self.includes, self.goal) = (subject, value, includes, goal)
    }

    /// A failed or empty run is an error.
    ///
    /// - Throws: `BenchmarkError` where nothing was measured and no reason is given, or a number is none.
    package func check() throws(BenchmarkError) {
        let isEmpty =
            switch value {
            case .rounds(let values): values.isEmpty || values.contains { !$0.isFinite }
            case .latencies(let rounds): rounds.isEmpty || rounds.contains { $0.count == 0 }
            case .timeline(let points): points.isEmpty
            case .absent(let reason): reason.isEmpty
            }
        if isEmpty { throw BenchmarkError(description: "\(scenario), \(quantity), \(subject): nothing was measured") }
    }
}

extension Measurement {
    /// All rounds of a distribution together; nil of others.
    package var histogram: Histogram? {
        guard case .latencies(let rounds) = value else { return nil }
        return rounds.reduce(into: Histogram()) { $0.add($1) }
    }

    /// One number a round: of a distribution its median, or another quantile. In the unit.
    package func rounds(quantile: Double = 0.5) -> [Double] {
        switch value {
        case .rounds(let values): return values
        case .latencies(let rounds):
            let nanoseconds = unit.nanoseconds ?? 1
            return rounds.compactMap { $0.quantile(quantile).map { Double($0) / nanoseconds } }
        case .absent, .timeline: return []
        }
    }

    /// A quantile over all rounds of a distribution, in the unit; of others the median of the rounds.
    package func overall(quantile: Double) -> Double? {
        if let histogram { return histogram.quantile(quantile).map { Double($0) / (unit.nanoseconds ?? 1) } }
        return Spread(rounds())?.median
    }

    /// How many times the other's figure this is, round by round. Nil where one of them is absent.
    package func ratio(to other: Measurement, quantile: Double = 0.5) -> Spread? {
        Spread(rounds(quantile: quantile), over: other.rounds(quantile: quantile))
    }
}
