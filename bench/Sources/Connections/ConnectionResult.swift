import BenchReport

/// What new connections over one path cost.
struct ConnectionResult: Encodable {
    let path: String
    let frontend: ConnectionPath.Frontend
    /// Nil where no Service is involved.
    let services: Int?
    let transport: String
    let connectionsPerSecond: Spread
    let p50Microseconds: Spread
    let p99Microseconds: Spread
    /// To the figure of path `dnat` in the same round.
    let connectionsPerSecondRatio: Spread
    let p50Ratio: Spread
    let p99Ratio: Spread
    /// The first ratio's raw data, and all durations.
    let ratios: [Double]
    let latencies: [Histogram]

    /// - Parameters: the rounds of this path and, one by one with them, those of the path that it is compared with.
    init(
        _ path: ConnectionPath, transport: String, rounds: [ConnectionBurst.Result],
        baseline: [ConnectionBurst.Result]
    ) throws(BenchmarkError) {
        guard rounds.count == baseline.count else {
            throw BenchmarkError(description: "\(path.name): \(rounds.count) rounds to compare with \(baseline.count)")
        }
        self.path = path.name
        self.transport = transport
        (frontend, services) = (path.frontend, path.services)
        func spread(_ value: (ConnectionBurst.Result) -> Double) throws(BenchmarkError) -> Spread {
            try Spread(of: rounds.map(value), path.name)
        }
        func ratio(_ value: (ConnectionBurst.Result) -> Double) throws(BenchmarkError) -> Spread {
            try Spread(of: zip(rounds, baseline).map { value($0) / value($1) }, path.name)
        }
        connectionsPerSecond = try spread { $0.connectionsPerSecond }
        p50Microseconds = try spread { $0.p50Microseconds }
        p99Microseconds = try spread { $0.p99Microseconds }
        connectionsPerSecondRatio = try ratio { $0.connectionsPerSecond }
        p50Ratio = try ratio { $0.p50Microseconds }
        p99Ratio = try ratio { $0.p99Microseconds }
        ratios = zip(rounds, baseline).map { $0.connectionsPerSecond / $1.connectionsPerSecond }
        latencies = rounds.map(\.latencies)
    }

    /// A row a path, with the columns that paths are compared by.
    var measurements: [Measurement] {
        let what = [
            path, frontend == .endpoint ? "" : frontend.rawValue,
            services.map { "\(Double($0).tableText) Services" } ?? "",
        ]
        .filter { !$0.isEmpty }.joined(separator: ", ")
        return [
            Measurement(
                "new connections (\(transport)), of one dnat rule", what, in: .count, of: "ratio", .rounds(ratios),
                includes: "connections a second, divided by those over one hand-written dnat rule in the same round"),
            Measurement(
                "first packet (\(transport))", what, in: .microseconds, of: "duration", .latencies(latencies),
                includes: "the call of connect (TCP), or a byte there and back (UDP)"),
        ]
    }

    static let header = columns(
        ["path", "services", "frontend", "via", "connections/s", "of dnat", "p50 µs", "of dnat", "p99 µs", "of dnat"])

    var row: String {
        Self.columns([
            path, services.map { "\($0)" } ?? "", frontend.rawValue, transport,
            Self.text(connectionsPerSecond, 0), Self.text(connectionsPerSecondRatio, 3), Self.text(p50Microseconds, 1),
            Self.text(p50Ratio, 3), Self.text(p99Microseconds, 1), Self.text(p99Ratio, 3),
        ])
    }

    private static func columns(_ texts: [String]) -> String {
        zip(texts, [15, 8, 9, 4, 21, 19, 19, 19, 22, 19]).map { text, width in
            String(repeating: " ", count: max(width - text.count, 0)) + text
        }.joined(separator: " ")
    }

    /// `median (min…max)`.
    private static func text(_ spread: Spread, _ decimals: Int) -> String {
        func number(_ value: Double) -> String { Output.text(value, decimals: decimals) }
        return "\(number(spread.median)) (\(number(spread.min))…\(number(spread.max)))"
    }
}

/// All of one run, as `--json` prints it.
struct ConnectionReport: Encodable {
    let connections: Int
    let rounds: Int
    let workers: Int
    let results: [ConnectionResult]
}
