import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

/// Disruption budgets, and the evictions that they guard.
@Suite struct DisruptionTests {
    private func budget(_ spec: [String: JSONValue]) -> JSONValue {
        var object: JSONValue = [
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
            "metadata": ["name": "web", "namespace": "default"],
            "spec": ["selector": ["matchLabels": ["app": "web"]]],
        ]
        for (key, value) in spec { object[["spec", key]] = value }
        return object
    }

    private func counts(_ cluster: TestCluster) async throws -> [Int] {
        let status = try await cluster.get(.disruptionBudgets, "web")["status"] ?? .null
        return ["expectedPods", "desiredHealthy", "currentHealthy", "disruptionsAllowed"]
            .map { status.int(at: $0) ?? -1 }
    }

    private func evict(_ name: String, _ cluster: TestCluster) async throws -> String {
        do throws(Status) {
            try await cluster.registry.evict(.inDefault(name), DeletionOptions())
        } catch {
            return error.details?.causes.first?.message ?? error.message
        }
        try await cluster.settle()
        return ""
    }

    @Test(arguments: [
        ("minAvailable", "50%" as JSONValue, 4), ("minAvailable", 2, 2), ("minAvailable", "100%", 7),
        ("maxUnavailable", "30%", 4), ("maxUnavailable", 1, 6), ("maxUnavailable", 0, 7),
    ])
    func howManyMustBeHealthy(key: String, bound: JSONValue, desired: Int) async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await cluster.create(.disruptionBudgets, self.budget([key: bound]))
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 7))
            try await cluster.runKubeletsToTheEnd()
            #expect(try await self.counts(cluster) == [7, desired, 7, 7 - desired])
        }
    }

    @Test func evictionsUseItUp() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await cluster.create(.disruptionBudgets, self.budget(["minAvailable": 2]))
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 3))
            try await cluster.runKubeletsToTheEnd()
            let names = try await cluster.pods().map(\.name).sorted()
            #expect(try await self.evict(names[0], cluster) == "")
            #expect(
                try await self.evict(names[1], cluster)
                    == "The disruption budget web needs 2 healthy pods and has 2 currently")
            let evicted = StatusConditions(try await cluster.get(.pods, names[0]))["DisruptionTarget"]
            #expect(evicted?.text(at: "reason") == "EvictionByEvictionAPI")
            // Its replacement gives the next one leave.
            try await cluster.runKubeletsToTheEnd()
            #expect(try await self.evict(names[1], cluster) == "")
        }
    }

    /// A Pod that is not ready anyway may go where the others are enough, or where the budget says so.
    @Test(arguments: [("IfHealthyBudget", 3, false), ("IfHealthyBudget", 2, true), ("AlwaysAllow", 3, true)])
    func podsThatAreNotReady(policy: String, least: Int, mayGo: Bool) async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await cluster.create(
                .disruptionBudgets,
                self.budget(["minAvailable": JSONValue(least), "unhealthyPodEvictionPolicy": .string(policy)]))
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 3))
            try await cluster.runKubeletsToTheEnd()
            let sick = try #require(try await cluster.pods().first)
            try await cluster.report(sick, isReady: false)
            try await cluster.settle()
            #expect(try await self.counts(cluster) == [3, least, 2, 0])
            let refusal = try await self.evict(sick.name, cluster)
            #expect(refusal.isEmpty == mayGo)
            // It was none of those that count.
            #expect(try await cluster.get(.disruptionBudgets, "web")[["status", "disruptedPods"]] == nil)
        }
    }
}
