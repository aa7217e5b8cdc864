import BenchReport
import Netlink
import TestSupport

/// One subject from its start to its end.
final class ComparePass {
    typealias Quantity = FigureCollector.Quantity

    let run: CompareRun
    let subject: Subject
    private let log: String
    private var process: RunningSubject?
    private var news: CommitNews?

    init(_ run: CompareRun, _ subject: Subject, log: String) {
        (self.run, self.subject, self.log) = (run, subject, log)
    }

    func end() {
        news?.stop()
        process?.kill()
        process = nil
    }

    var lastLines: String { process?.lastLines ?? "" }

    func measure() async throws {
        try await coldStart()
        let listener = try run.server.namespace.run { try CommitNews(table: subject.table.rawValue) }
        news = listener
        try await listener.quiet(milliseconds: 1500)
        for scenario in CompareScenario.allCases where run.scenarios.contains(scenario) {
            switch scenario {
            case .coldStart: continue
            case .endpointChange: try await endpointChange(listener)
            case .serviceAddDelete: try await serviceAddDelete()
            case .burst: try await burst(listener)
            case .churn: try await churn(listener)
            case .dataPath: try run.measureDataPath(of: subject.name)
            case .restart: try await restart()
            case .repair: try await repair(listener)
            }
            try await listener.quiet(milliseconds: 500)
        }
        listener.stop()
    }

    func add(_ quantity: Quantity, _ number: Double) { run.figures.add(quantity, subject.name, number) }
    func add(_ quantity: Quantity, _ histogram: Histogram) { run.figures.add(quantity, subject.name, histogram) }

    func running() throws(BenchmarkError) -> RunningSubject {
        guard let process else { throw BenchmarkError(description: "\(subject.name) does not run") }
        return process
    }

    /// Asks the sentinel until a pod answers.
    func probe(until pod: String) throws -> PathProbe {
        try PathProbe(run.lab, run.objects.sentinelAddress, until: pod)
    }

    private func start() throws -> RunningSubject {
        let process = try RunningSubject(
            subject.command(run.values()), in: run.server.namespace, log: log, processor: run.processor)
        self.process = process
        return process
    }

    private func coldStart() async throws {
        let probe = try probe(until: run.livePod)
        let process = try start()
        let end = try await probe.wait(seconds: Double(run.plan.waitSeconds))
        guard run.scenarios.contains(.coldStart) else { return }
        let cpu = try process.cpuSeconds
        let name = CompareScenario.coldStart.rawValue
        add(
            Quantity(
                name, "start to first packet", in: .seconds,
                includes:
                    "from the start of the process, with nothing in the kernel, to the answer over a new connection to the "
                    + "Service with the highest address; lists over \(run.server.name)'s API, the kernel's work, and at most "
                    + "\(PathProbe.pauseMicroseconds) µs between two attempts"),
            Double(end - process.startNanoseconds) / 1e9)
        add(
            Quantity(
                name, "processor time of the start", in: .seconds,
                includes: "of the process and of the programs that it ran, in it and in the kernel, until then"), cpu)
        try await Task.sleep(for: .seconds(1))
        add(
            Quantity(name, "resident memory", in: .megabytes, includes: "of the process alone, a second later"),
            try process.residentMegabytes)
        add(
            Quantity(name, "peak memory", in: .megabytes, includes: "the most that was resident of the process alone"),
            try process.peakMegabytes)
    }

    private func restart() async throws {
        try running().kill()
        process = nil
        _ = try await run.flip()
        let probe = try probe(until: run.livePod)
        let process = try start()
        let end = try await probe.wait(seconds: Double(run.plan.waitSeconds))
        add(
            Quantity(
                CompareScenario.restart.rawValue, "start to first packet on the new path", in: .seconds,
                includes:
                    "killed; an endpoint is exchanged while it is away; from the start of the process over the rules of "
                    + "before to the first answer of the new endpoint"),
            Double(end - process.startNanoseconds) / 1e9)
    }

    private func repair(_ news: CommitNews) async throws {
        let name = CompareScenario.repair.rawValue
        let toPacket = Quantity(
            name, "flush to first packet", in: .milliseconds,
            includes:
                "from the news of the commit of somebody else's 'flush ruleset' to the first answer over a new connection"
        )
        guard !run.figures.isLacking(toPacket, subject.name) else { return }
        let before = news.counts.commits
        // Started before, so that its start is not measured.
        let stranger = try ChildProcess(["nft", "-i"], in: run.server.namespace)
        try await Task.sleep(for: .milliseconds(200))
        stranger.send(line: Array("flush ruleset".utf8))
        let flushed = try await news.commit(after: before, seconds: Double(run.plan.waitSeconds))
        let probe = try probe(until: run.livePod)
        do {
            let seen = try await probe.wait(seconds: Double(run.plan.repairSeconds))
            add(toPacket, Double(seen - flushed) / 1e6)
        } catch is BenchmarkError {
            run.figures.lack(toPacket, subject.name, reason: "not repaired within \(run.plan.repairSeconds) s")
        }
        stranger.kill()
    }
}
