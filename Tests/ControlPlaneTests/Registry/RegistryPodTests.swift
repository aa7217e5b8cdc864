import APIMachinery
import KubeAPI
import Storage
import Testing

@testable import ControlPlane

struct RegistryPodTests {
    @Test func aPodIsBoundOnce() async throws {
        let registry = try await Registry.started()
        let pod = try await registry.create(.pod("a"), in: .pods)
        try await registry.bind(.inDefault("a"), uid: pod.uid, to: "n1")
        let bound = try await registry.get(.pods, .inDefault("a"))
        #expect(bound[["spec", "nodeName"]] == "n1")
        let conditions = bound[["status", "conditions"]]?.array ?? []
        #expect(conditions.contains { $0["type"] == "PodScheduled" && $0["status"] == "True" })
        let failure = try await registry.failure { (registry) throws(Status) in
            try await registry.bind(.inDefault("a"), uid: "", to: "n2")
        }
        #expect(
            failure.message
                == "Operation cannot be fulfilled on pods/binding \"a\": pod a is already assigned to node \"n1\"")
        #expect(failure.code == 409)
    }

    /// A Pod that runs and is ready, under a budget that allows `allowed` disruptions.
    private func registry(allowed: Int) async throws -> Registry {
        let registry = try await Registry.started()
        var pod = try await registry.create(.pod("a", node: "n1", labels: ["app": "web"]), in: .pods)
        pod["status"] = ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]
        _ = try await registry.update(pod, in: .pods, subresource: "status")
        var budget = Unstructured(.budgets, namespace: "default", name: "web")
        budget["spec"] = ["minAvailable": 1, "selector": ["matchLabels": ["app": "web"]]]
        budget = try await registry.create(budget, in: .budgets)
        budget["status"] = [
            "observedGeneration": 1, "disruptionsAllowed": JSONValue(allowed),
            "currentHealthy": JSONValue(1 + allowed), "desiredHealthy": 1, "expectedPods": JSONValue(1 + allowed),
        ]
        _ = try await registry.update(budget, in: .budgets, subresource: "status")
        return registry
    }

    @Test func anEvictionBeyondTheBudgetIsRefused() async throws {
        let registry = try await registry(allowed: 0)
        let failure = try await registry.failure { (registry) throws(Status) in
            try await registry.evict(.inDefault("a"), DeletionOptions())
        }
        #expect(failure.code == 429 && failure.reason == "TooManyRequests")
        #expect(failure.message == "Cannot evict pod as it would violate the pod's disruption budget.")
        #expect(
            failure.details?.causes == [
                Status.Cause(
                    field: "", message: "The disruption budget web needs 1 healthy pods and has 1 currently",
                    reason: "DisruptionBudget")
            ])
        #expect(try await registry.get(.pods, .inDefault("a")).deletionTimestamp == nil)
    }

    @Test func anEvictionIsCounted() async throws {
        let registry = try await registry(allowed: 1)
        try await registry.evict(.inDefault("a"), DeletionOptions())
        let budget = try await registry.get(.budgets, .inDefault("web"))
        #expect(budget[["status", "disruptionsAllowed"]] == 0)
        #expect(budget[["status", "disruptedPods", "a"]] != nil)
        let pod = try await registry.get(.pods, .inDefault("a"))
        #expect(pod.deletionTimestamp != nil)
        #expect(pod[["status", "conditions"]]?.array?.contains { $0["type"] == "DisruptionTarget" } == true)
    }
}
