import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct JobTests {
    private func job(
        _ name: String, _ spec: [String: JSONValue] = [:], restartPolicy: JSONValue = "Never"
    ) -> JSONValue {
        var object: JSONValue = [
            "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": .string(name), "namespace": "default"],
            "spec": [
                "template": ["spec": ["restartPolicy": restartPolicy, "containers": [["name": "c", "image": "i"]]]]
            ],
        ]
        for (key, value) in spec { object[["spec", key]] = value }
        return object
    }

    private func alive(_ cluster: TestCluster) async throws -> [Unstructured] {
        try await cluster.pods().filter { PodRecord($0).isActive }
    }

    private func indexes(_ cluster: TestCluster) async throws -> [Int] {
        try await alive(cluster).compactMap { PodRecord($0).job?.index }.sorted()
    }

    /// The Pod of an index comes to its end, with an exit code.
    private func finish(_ cluster: TestCluster, index: Int? = nil, code: Int = 0) async throws {
        let pod = try #require(
            try await alive(cluster).first { index == nil || PodRecord($0).job?.index == index })
        try await cluster.editQuietly(.pods, pod.objectName, status: true) { pod in
            pod[["status", "phase"]] = code == 0 ? "Succeeded" : "Failed"
            pod[["status", "containerStatuses"]] = [
                [
                    "name": "c", "image": "i", "imageID": "", "ready": false, "restartCount": 0,
                    "state": [
                        "terminated": [
                            "exitCode": JSONValue(code), "finishedAt": .string(cluster.clock.now.text),
                        ]
                    ],
                ]
            ]
        }
        try await cluster.settle()
    }

    private func end(of name: String, _ type: String, _ cluster: TestCluster) async throws -> [String] {
        let condition = StatusConditions(try await cluster.get(.jobs, name))[type]
        return condition?.text(at: "status") == "True"
            ? [condition?.text(at: "reason") ?? "", condition?.text(at: "message") ?? ""] : []
    }

    // MARK: - Indexes

    @Test func indexesAsText() {
        let indexes = JobIndexes([7, 1, 3, 4, 5, 9, 10])
        #expect(indexes.text == "1,3-5,7,9,10" && indexes.count == 7)
        #expect(JobIndexes("1,3-5,7,9,10", limit: 100) == indexes)
        #expect(JobIndexes("0-3,x,7-,5-9", limit: 8).text == "0-3,5-7")
        #expect((0..<12).filter { indexes.contains($0) } == [1, 3, 4, 5, 7, 9, 10])
        #expect(indexes.missing(4, below: 12) == [0, 2, 6, 8])
        #expect(indexes.missing(9, below: 12) == [0, 2, 6, 8, 11])
        #expect(indexes.union(JobIndexes([2, 6, 8])).text == "1-10")
        #expect(indexes.countShared(with: JobIndexes("4-9", limit: 100)) == 4)
        #expect(JobIndexes().text.isEmpty && JobIndexes("", limit: 3) == JobIndexes())
    }

    @Test func eachIndexSucceedsOnce() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(
                .jobs, self.job("sum", ["completionMode": "Indexed", "completions": 4, "parallelism": 2]))
            #expect(try await self.indexes(cluster) == [0, 1])
            let pod = try #require(try await self.alive(cluster).first { PodRecord($0).job?.index == 1 })
            #expect(pod.name.hasPrefix("sum-1-") && pod.tree.text(at: "spec", "hostname") == "sum-1")
            #expect(pod.labels["batch.kubernetes.io/job-completion-index"] == "1")
            #expect(pod.annotations["batch.kubernetes.io/job-completion-index"] == "1")
            let variable = pod.tree.list(at: "spec", "containers")[0].list(at: "env")[0]
            #expect(variable.text(at: "name") == "JOB_COMPLETION_INDEX")
            #expect(
                variable.text(at: "valueFrom", "fieldRef", "fieldPath")
                    == "metadata.labels['batch.kubernetes.io/job-completion-index']")
            try await self.finish(cluster, index: 1)
            #expect(try await self.indexes(cluster) == [0, 2])
            var status = try await cluster.get(.jobs, "sum")["status"] ?? .null
            #expect(status.text(at: "completedIndexes") == "1" && status.int(at: "succeeded") == 1)
            // An index that fails comes again.
            try await self.finish(cluster, index: 0, code: 1)
            #expect(try await self.indexes(cluster) == [2])
            try await cluster.advance(seconds: 11)
            #expect(try await self.indexes(cluster) == [0, 2])
            for index in [2, 0, 3] { try await self.finish(cluster, index: index) }
            status = try await cluster.get(.jobs, "sum")["status"] ?? .null
            #expect(status.text(at: "completedIndexes") == "0-3" && status.int(at: "succeeded") == 4)
            #expect(status.int(at: "failed") == 1 && !status.text(at: "completionTime").isEmpty)
            #expect(
                try await self.end(of: "sum", "Complete", cluster)
                    == ["CompletionsReached", "Reached expected number of succeeded pods"])
            #expect(try await cluster.pods().allSatisfy { $0.finalizers.isEmpty })
            #expect(status[["uncountedTerminatedPods"]]?.object?.isEmpty == true)
        }
    }

    @Test func anIndexMayFailSoOften() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(
                .jobs,
                self.job(
                    "sum",
                    [
                        "completionMode": "Indexed", "completions": 2, "parallelism": 2, "backoffLimitPerIndex": 1,
                    ]))
            try await self.finish(cluster, index: 0, code: 1)
            #expect(try await self.indexes(cluster) == [1])
            try await cluster.advance(seconds: 11)
            #expect(try await self.indexes(cluster) == [0, 1])
            let second = try #require(try await self.alive(cluster).first { PodRecord($0).job?.index == 0 })
            #expect(second.annotations["batch.kubernetes.io/job-index-failure-count"] == "1")
            try await self.finish(cluster, index: 0, code: 1)
            #expect(try await cluster.get(.jobs, "sum").tree.text(at: "status", "failedIndexes") == "0")
            try await cluster.advance(seconds: 600)
            #expect(try await self.indexes(cluster) == [1])
            try await self.finish(cluster, index: 1)
            #expect(try await self.end(of: "sum", "Failed", cluster) == ["FailedIndexes", "Job has failed indexes"])
            let status = try await cluster.get(.jobs, "sum")["status"] ?? .null
            #expect(status.int(at: "failed") == 2 && status.text(at: "completedIndexes") == "1")
        }
    }

    @Test func tooManyIndexesFail() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(
                .jobs,
                self.job(
                    "sum",
                    [
                        "completionMode": "Indexed", "completions": 3, "parallelism": 3, "backoffLimitPerIndex": 0,
                        "maxFailedIndexes": 1,
                    ]))
            try await self.finish(cluster, index: 0, code: 1)
            #expect(try await self.end(of: "sum", "Failed", cluster).isEmpty)
            try await self.finish(cluster, index: 2, code: 1)
            let words = [
                "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes",
            ]
            #expect(try await self.end(of: "sum", "FailureTarget", cluster) == words)
            #expect(try await self.end(of: "sum", "Failed", cluster) == words)
            #expect(try await self.alive(cluster).isEmpty)
        }
    }

    private static let successRules: [(rule: JSONValue, indexes: [Int])] = [
        (["succeededIndexes": "0,2-3", "succeededCount": 2], [2, 0]), (["succeededCount": 1], [3]),
        (["succeededIndexes": "1"], [1]),
    ]

    @Test(arguments: successRules)
    func aRuleForSuccess(rule: JSONValue, indexes: [Int]) async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(
                .jobs,
                self.job(
                    "sum",
                    [
                        "completionMode": "Indexed", "completions": 4, "parallelism": 4,
                        "successPolicy": ["rules": [rule]],
                    ]))
            for index in indexes {
                #expect(try await self.end(of: "sum", "SuccessCriteriaMet", cluster).isEmpty)
                try await self.finish(cluster, index: index)
            }
            let words = ["SuccessPolicy", "Matched rules at index 0"]
            #expect(try await self.end(of: "sum", "SuccessCriteriaMet", cluster) == words)
            #expect(try await self.end(of: "sum", "Complete", cluster) == words)
            #expect(try await self.alive(cluster).isEmpty)
            #expect(try await cluster.get(.jobs, "sum").tree.int(at: "status", "succeeded") == indexes.count)
        }
    }

    // MARK: - Failures

    @Test func rulesForFailures() async throws {
        let policy: JSONValue = [
            "rules": [
                ["action": "Ignore", "onPodConditions": [["type": "DisruptionTarget", "status": "True"]]],
                ["action": "Ignore", "onExitCodes": ["operator": "In", "values": [7]]],
                [
                    "action": "FailJob",
                    "onExitCodes": ["containerName": "c", "operator": "NotIn", "values": [1, 2]],
                ],
            ]
        ]
        try await TestCluster.run { cluster in
            try await cluster.create(.jobs, self.job("sum", ["podFailurePolicy": policy, "backoffLimit": 3]))
            for _ in 0..<5 {
                try await self.finish(cluster, code: 7)
                try await cluster.advance(seconds: 601)
            }
            #expect(try await cluster.get(.jobs, "sum").tree.int(at: "status", "failed") == nil)
            try await self.finish(cluster, code: 1)
            try await cluster.advance(seconds: 601)
            #expect(try await cluster.get(.jobs, "sum").tree.int(at: "status", "failed") == 1)
            let pod = try #require(try await self.alive(cluster).first)
            try await self.finish(cluster, code: 42)
            let words =
                "Container c for pod default/\(pod.name) failed with exit code 42 matching FailJob rule at index 2"
            #expect(try await self.end(of: "sum", "Failed", cluster) == ["PodFailurePolicy", words])
            #expect(try await cluster.events(about: "sum", reason: "PodFailurePolicy") == [words])
        }
    }

    @Test func restartsCountAsFailures() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.jobs, self.job("sum", ["backoffLimit": 2], restartPolicy: "OnFailure"))
            func restart(_ count: Int) async throws {
                let pod = try #require(try await self.alive(cluster).first)
                try await cluster.edit(.pods, pod.name, status: true) { pod in
                    pod[["status", "phase"]] = "Running"
                    pod[["status", "containerStatuses"]] = [
                        [
                            "name": "c", "image": "i", "imageID": "", "ready": true,
                            "restartCount": JSONValue(count),
                        ]
                    ]
                }
            }
            try await restart(1)
            #expect(try await self.alive(cluster).count == 1)
            try await restart(2)
            #expect(
                try await self.end(of: "sum", "Failed", cluster)
                    == ["BackoffLimitExceeded", "Job has reached the specified backoff limit"])
        }
    }

    @Test func aJobHasItsTime() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.jobs, self.job("sum", ["activeDeadlineSeconds": 30]))
            try await cluster.advance(seconds: 29)
            #expect(try await self.alive(cluster).count == 1)
            try await cluster.advance(seconds: 1)
            let words = ["DeadlineExceeded", "Job was active longer than specified deadline"]
            #expect(try await self.end(of: "sum", "Failed", cluster) == words)
            #expect(try await cluster.events(about: "sum", reason: words[0]) == [words[1]])
            #expect(try await cluster.pods().isEmpty)
        }
    }

    @Test func aJobThatIsSuspendedRunsNothing() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.jobs, self.job("sum", ["parallelism": 2, "completions": 2]))
            #expect(try await self.alive(cluster).count == 2)
            try await cluster.edit(.jobs, "sum") { $0[["spec", "suspend"]] = true }
            var status = try await cluster.get(.jobs, "sum")["status"] ?? .null
            #expect(try await cluster.pods().isEmpty)
            #expect(status["startTime"] == nil && status.int(at: "active") == nil && status.int(at: "failed") == nil)
            #expect(try await self.end(of: "sum", "Suspended", cluster) == ["JobSuspended", "Job suspended"])
            try await cluster.advance(seconds: 5)
            try await cluster.edit(.jobs, "sum") { $0[["spec", "suspend"]] = false }
            status = try await cluster.get(.jobs, "sum")["status"] ?? .null
            #expect(status.text(at: "startTime") == cluster.clock.now.text && status.int(at: "active") == 2)
            let resumed = StatusConditions(try await cluster.get(.jobs, "sum"))["Suspended"]
            #expect(resumed?.text(at: "status") == "False" && resumed?.text(at: "message") == "Job resumed")
            #expect(try await cluster.events(about: "sum", reason: "Suspended") == ["Job suspended"])
            #expect(try await cluster.events(about: "sum", reason: "Resumed") == ["Job resumed"])
        }
    }

    /// A Pod that somebody deletes has failed; with the other policy it counts when it has ended.
    @Test(arguments: [("TerminatingOrFailed", 2), ("Failed", 1)])
    func podsThatAreDeleted(policy: String, count: Int) async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await cluster.create(.jobs, self.job("sum", ["podReplacementPolicy": .string(policy)]))
            let pod = try #require(try await cluster.pods().first)
            try await cluster.delete(.pods, pod.name)
            try await cluster.advance(seconds: 41)
            let pods = try await cluster.pods()
            #expect(pods.count == count && pods.contains { $0.name == pod.name })
            let failed = try await cluster.get(.jobs, "sum").tree.int(at: "status", "failed")
            #expect(failed == (policy == "Failed" ? nil : 1))
            #expect(try await cluster.get(.jobs, "sum").tree.int(at: "status", "terminating") == 1)
        }
    }

    @Test func anothersJobIsLeftAlone() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.jobs, self.job("sum", ["managedBy": "example.com/batch"]))
            #expect(try await cluster.pods().isEmpty)
        }
    }
}
