import BenchReport
import Netlink
import TestSupport

/// What the kernel alone takes for what Fairlead sends: the same transactions, sent again.
final class FloorPass {
    private typealias Quantity = FigureCollector.Quantity

    private let run: CompareRun
    private let script: FloorScript
    /// Which pod the sentinel leads to.
    private var live = 0

    init(_ run: CompareRun, _ script: FloorScript) { (self.run, self.script) = (run, script) }

    /// Begins and ends without a rule in the kernel.
    func measure() async throws {
        try run.clean()
        live = 0
        try await coldStart()
        let news = try run.server.namespace.run { try CommitNews(table: Subject.Table.fairlead.rawValue) }
        defer { news.stop() }
        if run.scenarios.contains(.endpointChange) { try await endpointChange(news) }
        if run.scenarios.contains(.serviceAddDelete) { try await serviceAddDelete() }
        if run.scenarios.contains(.burst) { try await burst(news) }
        if run.scenarios.contains(.restart) { try await restart() }
        try run.clean()
    }

    private func add(
        _ scenario: CompareScenario, _ name: String, in unit: Measurement.Unit, _ number: Double, includes: String
    ) {
        run.figures.add(quantity(scenario, name, unit, includes), Report.floorSubject, number)
    }

    private func add(_ scenario: CompareScenario, _ name: String, _ histogram: Histogram, includes: String) {
        run.figures.add(quantity(scenario, name, .milliseconds, includes), Report.floorSubject, histogram)
    }

    private func quantity(
        _ scenario: CompareScenario, _ name: String, _ unit: Measurement.Unit, _ includes: String
    ) -> Quantity {
        Quantity(
            scenario.rawValue, name, in: unit,
            includes:
                "kernel's floor: \(includes); Fairlead's transactions, encoded before, sent from one thread: no API server, no reading, "
                + "no planning")
    }

    private func send(_ transactions: EncodedTransaction...) throws -> EncodedTransaction.Sending {
        try send(transactions)
    }

    private func send(_ transactions: [EncodedTransaction]) throws -> EncodedTransaction.Sending {
        try EncodedTransaction.send(transactions, in: run.server.namespace, processor: run.processor)
    }

    /// Sends what leads the sentinel to the other pod.
    ///
    /// - Returns: also when a packet was seen to go there.
    private func flip(
        _ transactions: [EncodedTransaction]
    ) async throws -> (sending: EncodedTransaction.Sending, seen: UInt64) {
        live = 1 - live
        let probe = try PathProbe(run.lab, run.objects.sentinelAddress, until: PathLab.podName(live))
        defer { probe.stop() }
        let sending = try send(transactions)
        return (sending, try await probe.wait(seconds: Double(run.plan.waitSeconds)))
    }

    private func coldStart() async throws {
        let probe = try PathProbe(run.lab, run.objects.sentinelAddress, until: PathLab.podName(0))
        defer { probe.stop() }
        let sending = try send(script.full)
        let seen = try await probe.wait(seconds: Double(run.plan.waitSeconds))
        guard run.scenarios.contains(.coldStart) else { return }
        let what = "the transaction of the full sync, from the call that sends it"
        add(
            .coldStart, "start to first packet", in: .seconds, Double(seen - sending.beginNanoseconds) / 1e9,
            includes: "\(what), to the first answer over a new connection")
        add(
            .coldStart, "processor time of the start", in: .seconds, sending.cpuSeconds,
            includes: "\(what), to its return")
    }

    private func endpointChange(_ news: CommitNews) async throws {
        let warmUp = script.changes.count - run.plan.changes
        var (toCommit, cpu, objects) = (Histogram(), 0.0, 0)
        for (number, transaction) in script.changes.enumerated() {
            if number == warmUp { (cpu, objects) = (0, news.counts.objects) }
            let before = news.counts.commits
            let sending = try send(transaction)
            let commit = try await news.commit(after: before, seconds: Double(run.plan.waitSeconds))
            cpu += sending.cpuSeconds
            if number >= warmUp { toCommit.record(commit - sending.beginNanoseconds) }
            try await Task.sleep(for: .milliseconds(3))
        }
        let count = Double(run.plan.changes)
        let changed = news.counts
        var toPacket = Histogram()
        for transaction in script.flips {
            let (sending, seen) = try await flip([transaction])
            toPacket.record(seen - sending.beginNanoseconds)
            try await Task.sleep(for: .milliseconds(5))
        }
        let what = "one endpoint of one Service, from the call that sends the transaction"
        for name in ["answer to commit", "write to commit"] {
            add(.endpointChange, name, toCommit, includes: "\(what), to the news of the kernel's commit")
        }
        add(
            .endpointChange, "processor time of a change", in: .milliseconds, cpu * 1000 / count,
            includes: "\(what), to its return")
        guard !changed.hasOverflown else { throw BenchmarkError(description: "kernel's floor: news were lost") }
        add(
            .endpointChange, "kernel objects told of for a change", in: .count,
            Double(changed.objects - objects) / count,
            includes: "elements, rules, chains and sets that the netlink group tells of")
        for name in ["answer to first packet on the new path", "write to first packet on the new path"] {
            add(.endpointChange, name, toPacket, includes: "\(what), to the first answer of the new endpoint")
        }
    }

    private func serviceAddDelete() async throws {
        var (added, deleted) = (Histogram(), Histogram())
        for guest in script.guests {
            let appearing = try PathProbe(run.lab, run.objects.guestAddress, until: PathLab.podName(0))
            _ = try send(guest.service)
            let slice = try send(guest.slice)
            added.record(
                try await appearing.wait(seconds: Double(run.plan.waitSeconds)) - slice.beginNanoseconds)
            let vanishing = try PathProbe(run.lab, run.objects.guestAddress, until: nil)
            let deletion = try send(guest.deletion)
            let gone = try await vanishing.wait(seconds: Double(run.plan.waitSeconds))
            let end = deletion.beginNanoseconds
            deleted.record(gone > end ? gone - end : 1)
            try await Task.sleep(for: .milliseconds(50))
        }
        add(
            .serviceAddDelete, "add: write to first packet", added,
            includes:
                "from the call that sends the slice's transaction, that of the Service before, to the first answer")
        add(
            .serviceAddDelete, "delete: write to first refusal", deleted,
            includes:
                "from the call that sends the transaction to the sending of the first of three packets without an answer"
        )
    }

    private func burst(_ news: CommitNews) async throws {
        let before = news.counts.commits
        let (sending, seen) = try await flip(script.burst)
        let what = "\(script.burst.count) transactions, one for each change, one after the other without a pause"
        add(
            .burst, "first write to first packet after all", in: .seconds,
            Double(seen - sending.beginNanoseconds) / 1e9,
            includes: "\(what), to the first packet on the last one's path")
        add(.burst, "processor time", in: .seconds, sending.cpuSeconds, includes: what)
        try await news.quiet(milliseconds: 500)
        add(.burst, "commits", in: .count, Double(news.counts.commits - before), includes: what)
    }

    private func restart() async throws {
        let (sending, seen) = try await flip([script.takeover])
        add(
            .restart, "start to first packet on the new path", in: .seconds,
            Double(seen - sending.beginNanoseconds) / 1e9,
            includes:
                "the transaction that replaces what the table has, from the call that sends it to the first answer of the new endpoint"
        )
    }

    /// Of the transactions, which need not be traced.
    func countSends() {
        func add(_ quantities: (bytes: Quantity, messages: Quantity), _ transactions: ArraySlice<EncodedTransaction>) {
            guard !transactions.isEmpty else { return }
            let count = Double(transactions.count)
            let (bytes, messages) = (
                transactions.reduce(0) { $0 + $1.byteCount }, transactions.reduce(0) { $0 + $1.messageCount }
            )
            run.figures.add(quantities.bytes, Report.floorSubject, Double(bytes) / count)
            run.figures.add(quantities.messages, Report.floorSubject, Double(messages) / count)
        }
        if run.scenarios.contains(.coldStart) { add(CompareRun.start, [script.full]) }
        add(CompareRun.change, script.changes.suffix(run.plan.changes))
    }
}
