import BenchReport
import FoundationEssentials
import Testing

@Suite("A report")
struct ReportTests {
    private static func measurement(
        _ subject: String, _ value: Measurement.Value, _ quantity: String = "change to commit",
        goal: Measurement.Goal? = nil
    ) -> Measurement {
        Measurement(
            "endpoint-change", size: WorkloadSize(services: 1000, endpoints: 10), quantity, in: .microseconds,
            of: subject,
            value, includes: "from the API server's answer", goal: goal)
    }

    private static func report(_ measurements: Measurement...) throws -> Report {
        var report = Report(command: ["fairlead-bench", "run"], machine: MachineFacts())
        for measurement in measurements { try report.add(measurement) }
        return report
    }

    @Test(
        "takes no figure of nothing",
        arguments: [
            .rounds([]), .latencies([]), .latencies([Histogram([1]), Histogram()]), .absent(reason: ""),
            .rounds([.nan]),
        ] as [Measurement.Value])
    func empty(value: Measurement.Value) {
        #expect(throws: BenchmarkError.self) { try Self.report(Self.measurement("a", value)) }
    }

    @Test("has the subjects side by side, with ratios round by round")
    func table() throws {
        let report = try Self.report(
            Self.measurement("fairlead", .rounds([100, 200, 100]), goal: .atMost(2000)),
            Self.measurement("peer", .rounds([1000, 1000, 3000])),
            Self.measurement("fairlead", .latencies([Histogram([50_000, 51_000])]), "write to commit"),
            Self.measurement("peer", .absent(reason: "it cannot"), "write to commit"))
        let table = report.table("endpoint-change")
        #expect(table.header == ["Services", "figure", "goal", "fairlead", "peer", "peer / fairlead"])
        #expect(
            table.rows[0] == [
                "1,000 × 10", "change to commit, µs", "≤ 2,000", "100 (100…200)", "1,000 (1,000…3,000)",
                "10.0 (5.00…30.0)",
            ])
        #expect(
            table.rows[1] == ["1,000 × 10", "write to commit, µs", "", "50.2 p50, 51.0 p99", "–", "–"])
        #expect(
            report.notes("endpoint-change").last == "no figure for write to commit of peer, 1,000 × 10: it cannot")
        #expect(report.markdown.contains("### endpoint-change\n\n| Services | figure |"))
        #expect(report.text.contains("endpoint-change\nServices    figure"))
    }

    @Test("divides Fairlead's figures by the kernel's floor, and those of peers by Fairlead's")
    func floor() throws {
        let report = try Self.report(
            Self.measurement("kernel's floor", .rounds([10])), Self.measurement("fairlead", .rounds([20])),
            Self.measurement("peer", .rounds([400])), Self.measurement("fairlead", .rounds([3]), "memory"),
            Self.measurement("peer", .rounds([12]), "memory"))
        let table = report.table("endpoint-change")
        #expect(
            table.header == [
                "Services", "figure", "kernel's floor", "fairlead", "peer", "fairlead / kernel's floor",
                "peer / fairlead",
            ])
        #expect(
            table.rows.map { Array($0.dropFirst(2)) } == [
                ["10.0", "20.0", "400", "2.00", "20.0"], ["–", "3.00", "12.0", "–", "4.00"],
            ])
    }

    @Test("comes back from JSON as it was")
    func json() throws {
        let report = try Self.report(
            Self.measurement("fairlead", .latencies([Histogram([1, 2, 3])])),
            Self.measurement("peer", .absent(reason: "none")))
        let back = try Report(json: report.json)
        #expect(try back.json == report.json)
    }

    @Test("names programs without the folders of one machine")
    func command() {
        let report = Report(
            command: ["bench", "--peer", "a b=/opt/bin/proxy --config {config}", "--cni", "/opt/cni/bin/", "1/2"],
            machine: MachineFacts())
        #expect(report.command == ["bench", "--peer", "a b=proxy --config {config}", "--cni", "bin", "1/2"])
    }

    @Test("of another schema is refused", arguments: [#"{"schema": 99}"#, "{}", "no JSON"])
    func schema(text: String) {
        #expect(throws: BenchmarkError.self) { try Report(json: Data(text.utf8)) }
    }
}

@Suite("Numbers")
struct NumberTests {
    @Test(
        "have three digits that count",
        arguments: [
            (0, "0"), (0.1234, "0.123"), (1.234, "1.23"), (9.996, "10.0"), (12.34, "12.3"), (99.96, "100"),
            (1234.4, "1,234"),
            (1_234_567, "1,234,567"), (-0.5, "-0.500"), (-123_456, "-123,456"), (0.9996, "1.00"),
        ] as [(Double, String)])
    func tableText(number: Double, text: String) {
        #expect(number.tableText == text)
    }

    @Test(
        "have so many decimals", arguments: [(1.005, 1, "1.0"), (2.25, 0, "2"), (0.05, 2, "0.05"), (-1.25, 2, "-1.25")])
    func decimals(number: Double, decimals: Int, text: String) {
        #expect(number.text(decimals: decimals) == text)
    }

    @Test("of several rounds have a median, and ratios only where each round has its other")
    func spread() {
        #expect(Spread([3, 1, 2]) == Spread([2, 1, 3]))
        #expect(Spread([1, 2, 3, 10])?.median == 2.5)
        #expect(Spread([]) == nil)
        #expect(Spread([2, 4], over: [1, 4])?.max == 2)
        #expect(Spread([2, 4], over: [1]) == nil)
        #expect(Spread([2], over: [0]) == nil)
    }
}

@Suite("The machine's facts")
struct MachineFactsTests {
    @Test("are read from the kernel's files")
    func read() throws {
        let root = FileManager.default.temporaryDirectory.path() + "/facts-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let files = [
            "/proc/cpuinfo": "processor\t: 0\nmodel name\t: A CPU: fast\nflags\t: sse hypervisor\n\nprocessor\t: 1\n",
            "/proc/meminfo": "MemTotal:       16000000 kB\n", "/proc/sys/kernel/osrelease": "6.1.0\n",
            "/proc/loadavg": "0.25 0.1 0.1 1/100 5\n", "/etc/os-release": "PRETTY_NAME=\"Debian 12\"\n",
            "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance\n",
        ]
        for (path, text) in files {
            let folder = (root + path).split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(atPath: "/" + folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: root + path))
        }
        let facts = MachineFacts.read(root: root)
        #expect(facts.processor == "A CPU: fast")
        #expect(facts.processorCount == 2)
        #expect(facts.isVirtual)
        #expect(facts.memoryGigabytes == 16)
        #expect(facts.kernel == "6.1.0")
        #expect(facts.system == "Debian 12")
        #expect(facts.governor == "performance")
        #expect(facts.loadAtStart == 0.25)
    }
}
