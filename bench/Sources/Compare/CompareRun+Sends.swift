import BenchReport
import FoundationEssentials
import Netlink
import TestSupport

extension CompareRun {
    private typealias Quantity = FigureCollector.Quantity

    /// Single changes that are counted.
    private static let countedChanges = 20

    /// What a subject sends to the kernel, counted by strace around it in a pass of its own, in which nothing is timed.
    func countSends(of subject: Subject) async throws {
        if let reason = whyNotTraced() {
            for (bytes, messages) in [Self.start, Self.change] {
                figures.lack(bytes, subject.name, reason: reason)
                figures.lack(messages, subject.name, reason: reason)
            }
            return
        }
        progress("\(objects.size.text): \(subject.name), under strace …")
        try clean()
        let probe = try PathProbe(lab, objects.sentinelAddress, until: livePod)
        let trace = "\(folder)/sends-\(subject.name.split(separator: " ").joined(separator: "-"))"
        // strace must not leave the subject behind when it is killed.
        let command =
            [
                "strace", "-f", "--seccomp-bpf", "-qqq", "-yy", "-v", "-s", "0", "-e", "signal=none", "-e",
                "trace=sendto,sendmsg,sendmmsg", "-o", trace, "setpriv", "--pdeathsig", "KILL",
            ] + (try subject.command(values()))
        let process = try RunningSubject(command, in: server.namespace, log: "\(trace).log", processor: nil)
        defer { process.kill() }
        do {
            _ = try await probe.wait(seconds: Double(plan.waitSeconds))
            let news = try server.namespace.run { try CommitNews(table: subject.table.rawValue) }
            defer { news.stop() }
            try await news.quiet(milliseconds: 1500)
            var (sends, length) = (NetlinkSends(), 0)
            try read(trace, from: &length, into: &sends)
            figures.add(Self.start.bytes, subject.name, Double(sends.bytes))
            figures.add(Self.start.messages, subject.name, Double(sends.messages))
            let before = sends
            for _ in 0..<Self.countedChanges {
                let commits = news.counts.commits
                _ = try await changeOne()
                _ = try await news.commit(after: commits, seconds: Double(plan.waitSeconds))
                try await news.quiet(milliseconds: 50)
            }
            try read(trace, from: &length, into: &sends)
            let count = Double(Self.countedChanges)
            figures.add(Self.change.bytes, subject.name, Double(sends.bytes - before.bytes) / count)
            figures.add(Self.change.messages, subject.name, Double(sends.messages - before.messages) / count)
        } catch {
            throw BenchmarkError(
                description: "\(subject.name) under strace, \(objects.size.text): \(error)\n\(process.lastLines)")
        }
    }

    /// Nil where strace is there and may trace.
    private func whyNotTraced() -> String? {
        do { try Tool.run("strace", "-V", in: server.namespace) } catch { return "strace is not installed" }
        do {
            try Tool.run("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true", in: server.namespace)
            return nil
        } catch {
            return "strace cannot trace here: \(error)"
        }
    }

    /// What came since the last reading, up to the last whole line.
    private func read(_ path: String, from length: inout Int, into sends: inout NetlinkSends) throws {
        let data = try Data(contentsOf: URL(filePath: path)).dropFirst(length)
        guard let end = data.lastIndex(of: UInt8(ascii: "\n")) else {
            throw BenchmarkError(description: "strace has seen nothing that was sent")
        }
        let whole = data[...end]
        length += whole.count
        try sends.read(String(decoding: whole, as: UTF8.self))
    }

    // MARK: What they are

    private static let how =
        "over netfilter's netlink sockets, by the process and all programs that it runs, requests with which they read included; counted "
        + "by strace around it, once, in a pass of its own"

    static let start = sends(
        .coldStart, "the start", "from the start to the state in which nothing is sent any more, \(how)")
    static let change = sends(
        .endpointChange, "a change",
        "one endpoint of one Service is exchanged; \(how); the average of \(countedChanges)")

    private static func sends(
        _ scenario: CompareScenario, _ what: String, _ includes: String
    ) -> (bytes: FigureCollector.Quantity, messages: FigureCollector.Quantity) {
        (
            Quantity(scenario.rawValue, "bytes sent to the kernel for \(what)", in: .bytes, includes: includes),
            Quantity(scenario.rawValue, "messages sent to the kernel for \(what)", in: .count, includes: includes)
        )
    }
}
