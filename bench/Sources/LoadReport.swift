/// What came of a load, as `--json` prints it.
struct LoadReport: Encodable {
    struct Failures: Encodable {
        var refused: Int
        var timedOut: Int
        var reset: Int
        /// By `errno`, such as "113" for "no route to host".
        var other: [String: Int]
    }
    struct Latency: Encodable {
        var p50: UInt32
        var p99: UInt32
        var max: UInt32
    }

    var to: String
    var transport: String
    var requestCount: Int
    var answeredCount: Int
    var failedCount: Int
    var seconds: Double
    /// How many each server answered, by its name.
    var shares: [String: Int]
    var failures: Failures
    /// Nil when nothing was answered.
    var latencyMicroseconds: Latency?

    init(_ tally: LoadTally, plan: LoadPlan, duration: Duration) {
        to = plan.probe.target.description
        transport = plan.probe.transport.description
        shares = tally.answered
        failures = Failures(
            refused: tally.refused, timedOut: tally.timedOut, reset: tally.reset,
            other: Dictionary(uniqueKeysWithValues: tally.otherFailures.map { ("\($0.key)", $0.value) }))
        answeredCount = shares.values.reduce(0, +)
        failedCount = failures.refused + failures.timedOut + failures.reset + failures.other.values.reduce(0, +)
        requestCount = answeredCount + failedCount
        seconds = Double(duration.microseconds / 1000) / 1000
        let sorted = tally.latenciesMicroseconds.sorted()
        if let last = sorted.last {
            // The smallest value that at least this part of all is not above.
            func percentile(_ percent: Int) -> UInt32 { sorted[(sorted.count * percent + 99) / 100 - 1] }
            latencyMicroseconds = Latency(p50: percentile(50), p99: percentile(99), max: last)
        }
    }

    /// For people: a line per figure, first the counts, then a line per server.
    var text: String {
        var lines = [
            "\(requestCount) requests to \(to) over \(transport) in \(seconds) s",
            "  answered \(answeredCount), failed \(failedCount) (refused \(failures.refused), timed out "
                + "\(failures.timedOut), reset \(failures.reset), other \(failures.other.values.reduce(0, +)))",
        ]
        for (code, count) in failures.other.sorted(by: { $0.key < $1.key }) {
            lines.append("  errno \(code): \(count)")
        }
        for (name, count) in shares.sorted(by: { $0.key < $1.key }) {
            let permille = (count * 1000 + requestCount / 2) / requestCount
            lines.append("  \(name) \(count) (\(permille / 10).\(permille % 10) %)")
        }
        if let latency = latencyMicroseconds {
            lines.append("  latency p50 \(latency.p50) µs, p99 \(latency.p99) µs, max \(latency.max) µs")
        }
        return lines.joined(separator: "\n")
    }
}
