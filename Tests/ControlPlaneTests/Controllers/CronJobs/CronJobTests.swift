import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct CronJobTests {
    private func cronJob(_ name: String, _ spec: [String: JSONValue] = [:]) -> JSONValue {
        var object: JSONValue = [
            "apiVersion": "batch/v1", "kind": "CronJob", "metadata": ["name": .string(name), "namespace": "default"],
            "spec": [
                "schedule": "* * * * *",
                "jobTemplate": [
                    "metadata": ["labels": ["made-by": .string(name)]],
                    "spec": [
                        "template": [
                            "spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "i"]]]
                        ]
                    ],
                ],
            ],
        ]
        for (key, value) in spec { object[["spec", key]] = value }
        return object
    }

    private func jobs(_ cluster: TestCluster) async throws -> [Unstructured] {
        try await cluster.registry.list(.jobs, namespace: "default").sorted { $0.name < $1.name }
    }

    /// All Pods come to their end.
    private func finish(_ cluster: TestCluster, _ phase: String) async throws {
        for pod in try await cluster.pods() where !PodRecord(pod).isTerminal {
            try await cluster.editQuietly(.pods, pod.objectName, status: true) {
                $0[["status", "phase"]] = .string(phase)
            }
        }
        try await cluster.settle()
    }

    @Test func itStartsAJobAtEachTime() async throws {
        try await TestCluster.run { cluster in
            let made = try await cluster.create(.cronJobs, self.cronJob("tick"))
            #expect(try await self.jobs(cluster).isEmpty)
            try await cluster.advance(seconds: 120)
            let job = try #require(try await self.jobs(cluster).first)
            let minute = cluster.clock.now.secondsSinceEpoch / 60
            #expect(job.name == "tick-\(minute)")
            #expect(job.controllerOwner?.uid == made.uid && job.labels["made-by"] == "tick")
            let time = Timestamp(secondsSinceEpoch: minute * 60).text
            #expect(job.annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"] == time)
            var status = try await cluster.get(.cronJobs, "tick")["status"] ?? .null
            #expect(status.text(at: "lastScheduleTime") == time)
            #expect(status.list(at: "active").map { $0.text(at: "uid") } == [job.uid])
            #expect(try await cluster.events(about: "tick", reason: "SuccessfulCreate") == ["Created job \(job.name)"])
            try await self.finish(cluster, "Succeeded")
            status = try await cluster.get(.cronJobs, "tick")["status"] ?? .null
            #expect(status.list(at: "active").isEmpty)
            #expect(status.text(at: "lastSuccessfulTime") == cluster.clock.now.text)
            #expect(
                try await cluster.events(about: "tick", reason: "SawCompletedJob")
                    == ["Saw completed job: \(job.name), condition: Complete"])
        }
    }

    @Test(arguments: [("Allow", 2), ("Forbid", 1), ("Replace", 1)])
    func whatRunsWhenTheNextTimeComes(policy: String, count: Int) async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.cronJobs, self.cronJob("tick", ["concurrencyPolicy": .string(policy)]))
            try await cluster.advance(seconds: 120)
            let first = try #require(try await self.jobs(cluster).first)
            // A controller looks a little after the full minute, on which the test's clock may be.
            try await cluster.advance(seconds: 61)
            let jobs = try await self.jobs(cluster)
            #expect(jobs.count == count && jobs.contains { $0.name == first.name } == (policy != "Replace"))
            #expect(try await cluster.get(.cronJobs, "tick").tree.list(at: "status", "active").count == count)
            let refusal = "Not starting job because prior execution is running and concurrency policy is Forbid"
            #expect(
                try await cluster.events(about: "tick", reason: "JobAlreadyActive")
                    == (policy == "Forbid" ? [refusal] : []))
            #expect(
                try await cluster.events(about: "tick", reason: "SuccessfulDelete")
                    == (policy == "Replace" ? ["Deleted job \(first.name)"] : []))
        }
    }

    @Test func oldJobsGo() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(
                .cronJobs,
                self.cronJob("tick", ["successfulJobsHistoryLimit": 2, "failedJobsHistoryLimit": 1]))
            for _ in 0..<4 {
                try await cluster.advance(seconds: 120)
                try await self.finish(cluster, "Succeeded")
            }
            #expect(try await self.jobs(cluster).count == 2)
            let newest = try await self.jobs(cluster).last?.name
            #expect(newest == "tick-\(cluster.clock.now.secondsSinceEpoch / 60)")
        }
    }

    @Test func suspendedNothingStartsAndWhatIsLateIsMissed() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(
                .cronJobs,
                self.cronJob("tick", ["schedule": "0 * * * *", "suspend": true, "startingDeadlineSeconds": 30]))
            // Into the hour that the CronJob has missed, for longer than it may be late.
            let second = Int(cluster.clock.now.secondsSinceEpoch % 3600)
            try await cluster.advance(seconds: 3600 - second + 10)
            #expect(try await self.jobs(cluster).isEmpty)
            try await cluster.edit(.cronJobs, "tick") { $0[["spec", "suspend"]] = false }
            #expect(try await self.jobs(cluster).count == 1)
            try await cluster.edit(.cronJobs, "tick") { $0[["spec", "suspend"]] = true }
            try await cluster.advance(seconds: 3640)
            try await cluster.edit(.cronJobs, "tick") { $0[["spec", "suspend"]] = false }
            #expect(try await self.jobs(cluster).count == 1)
        }
    }

    @Test func aScheduleThatChangesStartsNothingForThePast() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.cronJobs, self.cronJob("tick", ["schedule": "0 0 1 1 *"]))
            try await cluster.advance(seconds: 600)
            try await cluster.edit(.cronJobs, "tick") { $0[["spec", "schedule"]] = "*/5 * * * *" }
            #expect(try await self.jobs(cluster).isEmpty)
            try await cluster.advance(seconds: 301)
            #expect(try await self.jobs(cluster).count == 1)
        }
    }

    @Test func schedulesThatCannotBe() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.cronJobs, self.cronJob("never", ["schedule": "0 0 30 2 *"]))
            #expect(
                try await cluster.events(about: "never", reason: "InvalidSchedule")
                    == ["invalid schedule: 0 0 30 2 * : time difference between two schedules is less than 1 second"])
            try await cluster.create(.cronJobs, self.cronJob("nowhere", ["timeZone": "Nowhere/Atall"]))
            #expect(
                try await cluster.events(about: "nowhere", reason: "UnknownTimeZone")
                    == [#"invalid timeZone: "Nowhere/Atall": unknown time zone Nowhere/Atall"#])
            #expect(try await self.jobs(cluster).isEmpty)
        }
    }

    /// Which of the times that were missed is met, and when it is too late.
    @Test func timesThatWereMissed() throws {
        let schedule = try CronSchedule("*/10 * * * *")
        func due(_ now: String, deadlineSeconds: Int? = nil) throws -> (time: String, hasMissedMany: Bool)? {
            var tree = try Unstructured(self.cronJob("tick"))
            tree.creationTimestamp = Timestamp("2026-01-01T00:00:30Z")
            tree[["spec", "startingDeadlineSeconds"]] = deadlineSeconds.map { JSONValue($0) }
            let plan = CronPlan(tree, schedule, in: .utc, now: try #require(Timestamp(now)))
            return try plan.due().map { ($0.time.text, $0.hasMissedMany) }
        }
        #expect(try due("2026-01-01T00:09:59Z") == nil)
        #expect(try #require(try due("2026-01-01T00:10:00Z")) == ("2026-01-01T00:10:00Z", false))
        #expect(try #require(try due("2026-01-01T05:17:00Z")) == ("2026-01-01T05:10:00Z", false))
        #expect(try #require(try due("2026-01-03T05:17:00Z")) == ("2026-01-03T05:10:00Z", true))
        #expect(try #require(try due("2026-01-03T05:17:00Z", deadlineSeconds: 600)) == ("2026-01-03T05:10:00Z", false))
        #expect(try due("2026-01-03T05:17:00Z", deadlineSeconds: 60) == nil)
    }
}
