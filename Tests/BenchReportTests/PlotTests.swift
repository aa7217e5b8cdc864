import BenchReport
import Testing

@Suite("Plots")
struct PlotTests {
    private static func figure(
        _ services: Int, _ subject: String, _ value: Measurement.Value, _ quantity: String = "answer to commit"
    ) -> Measurement {
        Measurement(
            "churn", size: WorkloadSize(services: services, endpoints: 1), quantity, in: .milliseconds, of: subject,
            value,
            includes: "all")
    }

    @Test("are of latency against size, of histograms and of timelines, where there are such figures")
    func kinds() throws {
        var report = Report(command: ["x"], machine: MachineFacts())
        for services in [100, 1000] {
            try report.add(Self.figure(services, "a & b", .latencies([Histogram([1_000_000, 2_000_000])])))
        }
        try report.add(
            Self.figure(100, "a & b", .timeline([Measurement.Point(seconds: 1, value: 2)]), "timeline"))
        try report.add(Self.figure(100, "a & b", .rounds([1]), "commits"))
        #expect(
            report.plots.map(\.name) == [
                "churn-answer-to-commit-by-size", "churn-answer-to-commit-100x1-ipv4",
                "churn-answer-to-commit-1000x1-ipv4", "churn-timeline-100x1-ipv4",
            ])
        for plot in report.plots {
            let svg = try plot.plot.svg()
            #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
            #expect(svg.contains("a &amp; b"))
        }
    }

    @Test("have powers of ten side by side at equal distances")
    func logarithm() throws {
        var plot = Plot("t", x: "x", y: "y", lines: [Plot.Line("a", [(1, 1), (10, 10), (100, 100)])])
        (plot.isXLogarithmic, plot.isYLogarithmic) = (true, true)
        #expect(try plot.svg().contains(#"points="70.0,330.0 385.0,190.0 700.0,50.0""#))
    }

    @Test("leave out what has no place, and are none without a point")
    func empty() throws {
        var plot = Plot("t", x: "x", y: "y", lines: [Plot.Line("a", [(0, 1), (.nan, 1)])])
        plot.isXLogarithmic = true
        #expect(throws: BenchmarkError.self) { try plot.svg() }
    }
}

@Suite("Thresholds")
struct ThresholdTests {
    private let table = ThresholdTable(entries: [
        ThresholdTable.Entry(name: "full.bytes", bound: 1000), ThresholdTable.Entry(name: "change.messages", bound: 4),
    ])

    @Test("come back from their text as they were")
    func text() throws {
        #expect(try ThresholdTable(parsing: "# counts\n\n" + table.text) == table)
    }

    @Test("of a broken line are refused", arguments: ["a", "a b", "a -1", "a 1 2", "a 1\na 2"])
    func broken(text: String) {
        #expect(throws: BenchmarkError.self) { try ThresholdTable(parsing: text) }
    }

    @Test(
        "are kept, or it is told how not",
        arguments: [
            (1000, 4, []), (950, 4, []), (1001, 4, ["full.bytes: 1001, more than 1000"]),
            (900, 5, ["full.bytes: 900, much less than 1000: write the file anew", "change.messages: 5, more than 4"]),
        ] as [(Int, Int, [String])])
    func problems(bytes: Int, messages: Int, problems: [String]) {
        let counts = [
            ThresholdTable.Entry(name: "full.bytes", bound: bytes),
            ThresholdTable.Entry(name: "change.messages", bound: messages),
        ]
        #expect(table.problems(of: counts) == problems)
    }

    @Test("have the same names as the counts")
    func names() {
        let counts = [
            ThresholdTable.Entry(name: "full.bytes", bound: 1000), ThresholdTable.Entry(name: "new", bound: 1),
        ]
        #expect(table.problems(of: counts) == ["change.messages: not counted any more", "new: 1, has no bound"])
    }
}
