import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct ReplicaSetTests {
    private func pod(
        _ name: String, node: String = "n", phase: String = "Running", readyFor: Int? = 100, cost: String? = nil,
        restarts: Int = 0, age: Int = 1000, now: Timestamp
    ) -> PodRecord {
        var pod = Unstructured(.pods, namespace: "default", name: name)
        pod.uid = name
        pod.creationTimestamp = now + .seconds(-age)
        pod[["spec", "nodeName"]] = .string(node)
        var status: JSONValue = [
            "phase": .string(phase), "containerStatuses": [["name": "c", "restartCount": JSONValue(restarts)]],
        ]
        if let readyFor {
            status["conditions"] = [
                [
                    "type": "Ready", "status": "True",
                    "lastTransitionTime": .string((now + .seconds(-readyFor)).text),
                ]
            ]
        }
        pod["status"] = status
        if let cost { pod.annotations = ["controller.kubernetes.io/pod-deletion-cost": cost] }
        return PodRecord(pod)
    }

    /// The order of upstream's `ActivePodsWithRanks`, rule by rule.
    @Test func whoGoesFirst() {
        let now = Timestamp.now.wholeSeconds
        let pods = [
            pod("unassigned", node: "", phase: "Pending", readyFor: nil, now: now),
            pod("pending", phase: "Pending", readyFor: nil, now: now),
            pod("not-ready", readyFor: nil, now: now), pod("cheap", cost: "-5", now: now),
            pod("crowded-1", node: "crowded", now: now), pod("crowded-2", node: "crowded", now: now),
            pod("young", node: "n1", readyFor: 10, now: now), pod("restarted", node: "n2", restarts: 3, now: now),
            pod("old", node: "n3", now: now),
        ]
        let ranking = PodRanking(related: pods, now: now)
        let order = ranking.victims(of: pods.reversed(), count: pods.count - 1).map(\.name.name)
        #expect(
            order.filter { $0 != "crowded-2" } == [
                "unassigned", "pending", "not-ready", "cheap", "crowded-1", "young", "restarted",
            ])
    }

    @Test func adoptsAndReleases() async throws {
        try await TestCluster.run { cluster in
            _ = try await cluster.registry.create(.pod("mine", labels: ["app": "web"]), in: .pods)
            try await cluster.create(.replicaSets, .workload(.replicaSets, "web", replicas: 2))
            #expect(try await cluster.pods().count == 2)
            #expect(try await cluster.get(.pods, "mine").controllerOwner?.name == "web")
            try await cluster.edit(.pods, "mine") { $0.labels = ["app": "debug"] }
            #expect(try await cluster.get(.pods, "mine").controllerOwner == nil)
            #expect(try await cluster.pods().count == 3)
            try await cluster.edit(.replicaSets, "web") { $0[["spec", "replicas"]] = 0 }
            #expect(try await cluster.pods().map(\.name) == ["mine"])
            let status = try await cluster.get(.replicaSets, "web")["status"] ?? .null
            #expect(status.int(at: "replicas") == 0 && status.int(at: "observedGeneration") == 2)
        }
    }

    @Test func availableOnlyAfterAWhile() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("node-1")
            try await cluster.create(
                .replicaSets, .workload(.replicaSets, "web", replicas: 1, ["minReadySeconds": 30]))
            try await cluster.runKubeletsToTheEnd()
            func available() async throws -> Int {
                try await cluster.get(.replicaSets, "web").tree.int(at: "status", "availableReplicas") ?? 0
            }
            #expect(try await available() == 0)
            try await cluster.advance(seconds: 31)
            #expect(try await available() == 1)
        }
    }
}
