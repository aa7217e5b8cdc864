import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

/// DaemonSets, Jobs and StatefulSets.
@Suite struct WorkloadTests {
    private func workload(_ resource: Resource, _ name: String, _ spec: [String: JSONValue]) -> JSONValue {
        var object = JSONValue.workload(resource, name, replicas: 1, spec)
        if resource != .statefulSets { object[["spec", "replicas"]] = nil }
        return object
    }

    @Test func aDaemonSetIsOnEveryNode() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await cluster.addNode("b")
            try await cluster.addNode("tainted", taints: [["key": "k", "effect": "NoSchedule"]])
            try await cluster.create(.daemonSets, self.workload(.daemonSets, "agent", [:]))
            func nodes() async throws -> [String] {
                try await cluster.pods().filter { $0.deletionTimestamp == nil }
                    .map { $0.tree.text(at: "spec", "nodeName") }.sorted()
            }
            #expect(try await nodes() == ["a", "b"])
            try await cluster.addNode("c")
            #expect(try await nodes() == ["a", "b", "c"])
            try await cluster.runKubeletsToTheEnd()
            let status = try await cluster.get(.daemonSets, "agent")["status"] ?? .null
            #expect(
                ["desiredNumberScheduled", "currentNumberScheduled", "numberReady", "numberAvailable"]
                    .map { status.int(at: $0) } == [3, 3, 3, 3])
            #expect(status.int(at: "updatedNumberScheduled") == 3 && status.int(at: "numberMisscheduled") == 0)
            // A new template replaces one Pod after the other.
            try await cluster.edit(.daemonSets, "agent") { set in
                set[["spec", "template", "spec", "containers"]] = [["name": "c", "image": "v2"]]
            }
            for _ in 0..<20 {
                let ready = try await cluster.pods().map { PodRecord($0) }.filter { $0.isActive && $0.isReady }.count
                #expect(ready >= 2)
                if try await !cluster.runKubelets(readyLimit: 1) { break }
            }
            let images = try await cluster.pods().map { $0.tree.list(at: "spec", "containers")[0].text(at: "image") }
            #expect(images == ["v2", "v2", "v2"])
            #expect(try await cluster.registry.list(.controllerRevisions, namespace: "default").count == 2)
        }
    }

    /// A Pod that fails is replaced, and one that fails again waits; one that ends well is replaced at once.
    @Test func aDaemonThatEndsIsReplaced() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await cluster.create(.daemonSets, self.workload(.daemonSets, "agent", [:]))
            func end(_ phase: JSONValue) async throws -> String {
                let pod = try #require(try await cluster.pods().first { $0.deletionTimestamp == nil })
                try await cluster.edit(.pods, pod.name, status: true) { $0[["status", "phase"]] = phase }
                return pod.name
            }
            let first = try await end("Failed")
            let second = try await end("Failed")
            #expect(first != second)
            let third = try await end("Succeeded")
            // It has failed before a second was over.
            #expect(third == second)
            #expect(
                try await cluster.events(about: "agent", reason: "FailedDaemonPod")
                    == ["Found failed daemon pod default/\(first) on node a, will try to kill it"])
            #expect(
                try await cluster.events(about: "agent", reason: "SucceededDaemonPod")
                    == ["Found succeeded daemon pod default/\(third) on node a, will try to delete it"])
            _ = try await end("Failed")
            #expect(try await cluster.pods().count == 1)
            try await cluster.advance(seconds: 2)
            let pod = try #require(try await cluster.pods().first)
            #expect(!PodRecord(pod).isTerminal)
        }
    }

    @Test func aJobRunsUntilItIsDone() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            var job = self.workload(.jobs, "sum", ["completions": 3, "parallelism": 2])
            job[["spec", "selector"]] = nil
            job[["spec", "template", "spec", "restartPolicy"]] = "Never"
            try await cluster.create(.jobs, job)
            func finish(_ phase: String) async throws {
                for pod in try await cluster.pods() where !PodRecord(pod).isTerminal {
                    try await cluster.editQuietly(.pods, pod.objectName, status: true) {
                        $0[["status", "phase"]] = .string(phase)
                    }
                    break
                }
                try await cluster.settle()
            }
            #expect(try await cluster.pods().count == 2)
            try await finish("Succeeded")
            #expect(try await cluster.get(.jobs, "sum").tree.int(at: "status", "active") == 2)
            try await finish("Failed")
            // After a failure it waits.
            #expect(try await cluster.get(.jobs, "sum").tree.int(at: "status", "active") == 1)
            try await cluster.advance(seconds: 11)
            try await finish("Succeeded")
            try await finish("Succeeded")
            let done = try await cluster.get(.jobs, "sum")
            #expect(done.tree.int(at: "status", "succeeded") == 3 && done.tree.int(at: "status", "failed") == 1)
            let complete = StatusConditions(done)["Complete"]
            #expect(complete?.text(at: "status") == "True" && complete?.text(at: "reason") == "CompletionsReached")
            #expect(try await cluster.pods().allSatisfy { $0.finalizers.isEmpty })
            #expect(try await cluster.events(about: "sum", reason: "Completed") == ["Job completed"])
        }
    }

    @Test func aJobThatFailsTooOftenIsGivenUp() async throws {
        try await TestCluster.run { cluster in
            var job = self.workload(.jobs, "bad", ["backoffLimit": 0, "ttlSecondsAfterFinished": 60])
            job[["spec", "selector"]] = nil
            job[["spec", "template", "spec", "restartPolicy"]] = "Never"
            try await cluster.create(.jobs, job)
            let pod = try #require(try await cluster.pods().first)
            try await cluster.edit(.pods, pod.name, status: true) { $0[["status", "phase"]] = "Failed" }
            let failed = StatusConditions(try await cluster.get(.jobs, "bad"))["Failed"]
            #expect(failed?.text(at: "reason") == "BackoffLimitExceeded")
            #expect(failed?.text(at: "message") == "Job has reached the specified backoff limit")
            try await cluster.advance(seconds: 61)
            #expect(!(try await cluster.exists(.jobs, "bad")))
            #expect(try await cluster.pods().isEmpty)
        }
    }

    @Test func podsOfAJobThatIsGoneWaitForNobody() async throws {
        try await TestCluster.run { cluster in
            var job = self.workload(.jobs, "gone", [:])
            job[["spec", "selector"]] = nil
            job[["spec", "template", "spec", "restartPolicy"]] = "Never"
            try await cluster.create(.jobs, job)
            #expect(try await cluster.pods().map(\.finalizers) == [[JobController.tracking]])
            try await cluster.delete(.jobs, "gone", DeletionOptions(propagation: .background))
            #expect(try await cluster.pods().isEmpty)
        }
    }

    @Test func aStatefulSetKeepsItsOrder() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await cluster.create(
                .statefulSets, self.workload(.statefulSets, "db", ["replicas": 3, "serviceName": "db"]))
            func names() async throws -> [String] { try await cluster.pods().map(\.name).sorted() }
            #expect(try await names() == ["db-0"])
            try await cluster.runKubelets()
            #expect(try await names() == ["db-0", "db-1"])
            try await cluster.runKubeletsToTheEnd()
            #expect(try await names() == ["db-0", "db-1", "db-2"])
            #expect(
                try await cluster.events(about: "db", reason: "SuccessfulCreate").sorted()
                    == (0..<3).map { "Create Pod db-\($0) in StatefulSet db successful" })
            let pod = try await cluster.get(.pods, "db-1")
            #expect(pod.tree.text(at: "spec", "hostname") == "db-1" && pod.tree.text(at: "spec", "subdomain") == "db")
            #expect(pod.labels["statefulset.kubernetes.io/pod-name"] == "db-1")
            try await cluster.edit(.statefulSets, "db") { set in
                set[["spec", "template", "spec", "containers"]] = [["name": "c", "image": "v2"]]
                set[["spec", "updateStrategy"]] = ["type": "RollingUpdate", "rollingUpdate": ["partition": 1]]
            }
            #expect(try await cluster.pods().filter { $0.deletionTimestamp != nil }.map(\.name) == ["db-2"])
            try await cluster.runKubeletsToTheEnd()
            let images = try await cluster.pods().sorted { $0.name < $1.name }
                .map { $0.tree.list(at: "spec", "containers")[0].text(at: "image") }
            #expect(images == ["v1", "v2", "v2"])
            try await cluster.edit(.statefulSets, "db") { $0[["spec", "replicas"]] = 1 }
            #expect(try await cluster.pods().filter { $0.deletionTimestamp != nil }.map(\.name) == ["db-2"])
            try await cluster.runKubeletsToTheEnd()
            #expect(try await names() == ["db-0"])
        }
    }
}
