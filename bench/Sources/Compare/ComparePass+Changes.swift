import BenchReport
import Netlink
import Synchronization
import TestSupport

extension ComparePass {
    /// One endpoint at a time, each once the one before is in the kernel.
    func endpointChange(_ news: CommitNews) async throws {
        let name = CompareScenario.endpointChange.rawValue
        let wait = Double(run.plan.waitSeconds)
        var (sinceAnswer, sinceBegin) = (Histogram(), Histogram())
        var (cpu, objects) = (0.0, 0)
        let warmUp = run.plan.changes / 10
        for number in 0..<warmUp + run.plan.changes {
            if number == warmUp { (cpu, objects) = (try running().cpuSeconds, news.counts.objects) }
            let before = news.counts.commits
            let write = try await run.changeOne()
            let commit = try await news.commit(after: before, seconds: wait)
            if number >= warmUp {
                sinceAnswer.record(commit > write.answer ? commit - write.answer : 0)
                sinceBegin.record(commit - write.begin)
            }
            try await Task.sleep(for: .milliseconds(3))
        }
        let count = Double(run.plan.changes)
        let one = "one endpoint of one of \(run.objects.size.text) is exchanged by a PUT of its slice"
        add(
            Quantity(
                name, "answer to commit", in: .milliseconds,
                includes:
                    "\(one), from the API server's answer at the writer to the news of the kernel's commit; 0 where the commit "
                    + "came first"), sinceAnswer)
        add(
            Quantity(
                name, "write to commit", in: .milliseconds, includes: "the same from the sending of the PUT"),
            sinceBegin)
        add(
            Quantity(
                name, "processor time of a change", in: .milliseconds,
                includes: "of the process and the programs that it runs, in it and in the kernel"),
            (try running().cpuSeconds - cpu) * 1000 / count)
        let changed = Quantity(
            name, "kernel objects told of for a change", in: .count,
            includes:
                "elements, rules, chains and sets that the netlink group tells of in the subject's table; what was sent for "
                + "them is counted apart")
        if news.counts.hasOverflown {
            run.figures.lack(changed, subject.name, reason: "news were lost")
        } else {
            add(changed, Double(news.counts.objects - objects) / count)
        }
        try await flips(name)
    }

    private func flips(_ name: String) async throws {
        var (sinceAnswer, sinceBegin) = (Histogram(), Histogram())
        for _ in 0..<run.plan.flips {
            let probe = try probe(until: run.otherPod)
            let write = try await run.flip()
            let seen = try await probe.wait(seconds: Double(run.plan.waitSeconds))
            sinceAnswer.record(seen > write.answer ? seen - write.answer : 0)
            sinceBegin.record(seen - write.begin)
            try await Task.sleep(for: .milliseconds(5))
        }
        add(
            Quantity(
                name, "answer to first packet on the new path", in: .milliseconds,
                includes:
                    "the only endpoint of a Service is exchanged, from the API server's answer to the first answer of the new one "
                    + "over a new connection; connections are made \(PathProbe.pauseMicroseconds) µs apart; 0 where it came first"
            ),
            sinceAnswer)
        add(
            Quantity(
                name, "write to first packet on the new path", in: .milliseconds,
                includes: "the same from the sending of the PUT"), sinceBegin)
    }

    func serviceAddDelete() async throws {
        var (added, deleted) = (Histogram(), Histogram())
        let (clients, objects) = (run.clients, run.objects)
        for _ in 0..<run.plan.guests {
            let appearing = try PathProbe(run.lab, objects.guestAddress, until: PathLab.podName(0))
            try await clients.send("POST", CompareObjects.services, objects.guestService)
            let begin = MonotonicClock.nanoseconds
            for family in 0..<objects.slicesPerService {
                let slice = objects.liveSlice(CompareObjects.guest, 0, family: family)
                try await clients.send("POST", CompareObjects.slices, slice)
            }
            added.record(try await appearing.wait(seconds: Double(run.plan.waitSeconds)) - begin)
            let vanishing = try PathProbe(run.lab, objects.guestAddress, until: nil)
            let end = MonotonicClock.nanoseconds
            try await clients.send("DELETE", "\(CompareObjects.services)/\(CompareObjects.guest)")
            let gone = try await vanishing.wait(seconds: Double(run.plan.waitSeconds))
            deleted.record(gone > end ? gone - end : 1)
            for family in 0..<objects.slicesPerService {
                let slice = objects.sliceName(CompareObjects.guest, family: family)
                // A controller may have taken it with its Service.
                try await clients.send("DELETE", "\(CompareObjects.slices)/\(slice)", nil, allowing: 404)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        let name = CompareScenario.serviceAddDelete.rawValue
        add(
            Quantity(
                name, "add: write to first packet", in: .milliseconds,
                includes:
                    "a Service and its slice of one endpoint are created, from the sending of the slice to the first "
                    + "answer over a new connection; where packets are dropped until then, another is sent after "
                    + "\(PathProbe.timeoutMilliseconds) ms"), added)
        add(
            Quantity(
                name, "delete: write to first refusal", in: .milliseconds,
                includes:
                    "the Service is deleted, from the sending of the DELETE to the sending of the first of three packets that are not answered"
            ),
            deleted)
    }

    /// All Pods of a Deployment are replaced.
    func burst(_ news: CommitNews) async throws {
        let name = CompareScenario.burst.rawValue
        let (cpu, commits) = (try running().cpuSeconds, news.counts.commits)
        let roll = try await run.roll()
        let probe = try probe(until: run.otherPod)
        let last = try await run.flip()
        let seen = try await probe.wait(seconds: Double(run.plan.waitSeconds))
        let what =
            "\(run.plan.burst) PUTs of slices, each with one other endpoint, one after the other as fast as the API server takes "
            + "them, and one of a Service that packets are sent to"
        add(
            Quantity(
                name, "first write to first packet after all", in: .seconds,
                includes: "\(what); from the sending of the first to the first packet on the last one's path"),
            Double(seen - roll.begin) / 1e9)
        add(
            Quantity(
                name, "last answer to first packet after all", in: .milliseconds,
                includes: "the same from the last answer"),
            Double(seen > last.answer ? seen - last.answer : 0) / 1e6)
        try await news.quiet(milliseconds: 500)
        add(
            Quantity(name, "commits", in: .count, includes: "transactions until half a second without any"),
            Double(news.counts.commits - commits))
        add(
            Quantity(
                name, "processor time", in: .seconds,
                includes: "of the process and the programs that it runs, until then"),
            try running().cpuSeconds - cpu)
    }

    /// Changes at a steady rate, and now and then one whose first packet is waited for.
    func churn(_ news: CommitNews) async throws {
        let name = CompareScenario.churn.rawValue
        let plan = run.plan
        let (cpu, commits) = (try running().cpuSeconds, news.counts.commits)
        let start = ContinuousClock.now
        let end = start + .seconds(plan.churnSeconds)
        var histogram = Histogram()
        var timeline: [Measurement.Point] = []
        var written = 0
        while ContinuousClock.now < end {
            // A flip is one of the changes, every quarter of a second.
            let flip = try probe(until: run.otherPod)
            let write = try await run.flip()
            written += 1
            let due = ContinuousClock.now + .milliseconds(250)
            while ContinuousClock.now < due {
                _ = try await run.changeOne()
                written += 1
                try await Task.sleep(until: start + .seconds(1) * written / plan.rate)
            }
            let seen = try await flip.wait(seconds: Double(plan.waitSeconds))
            let latency = seen > write.answer ? seen - write.answer : 0
            histogram.record(latency)
            timeline.append(
                Measurement.Point(
                    seconds: (due - start) / .seconds(1) - 0.25, value: Double(latency) / 1e6))
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let what = "\(plan.rate) changes of one endpoint a second for \(plan.churnSeconds) s"
        add(
            Quantity(
                name, "answer to first packet on the new path", in: .milliseconds,
                includes: "\(what); of a change of the only endpoint of a Service, four times a second"), histogram)
        run.figures.add(
            Quantity(name, "timeline", in: .milliseconds, includes: "the same, over the seconds of the first round"),
            subject.name, timeline)
        add(
            Quantity(
                name, "changes written", in: .perSecond,
                includes: "what came of the rate: less where a change took longer"),
            Double(written) / seconds)
        add(
            Quantity(name, "commits", in: .perSecond, includes: "transactions"),
            Double(news.counts.commits - commits) / seconds)
        add(
            Quantity(
                name, "processor time a second", in: .milliseconds,
                includes: "of the process and the programs that it runs, in it and in the kernel"),
            (try running().cpuSeconds - cpu) * 1000 / seconds)
        add(
            Quantity(name, "peak memory", in: .megabytes, includes: "the most that was resident of the process alone"),
            try running().peakMegabytes)
    }
}
