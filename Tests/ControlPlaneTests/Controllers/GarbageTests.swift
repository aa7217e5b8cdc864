import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

@Suite struct GarbageTests {
    @Test func whatADeletedOwnerHadGoes() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("node-1")
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 2))
            try await cluster.runKubeletsToTheEnd()
            try await cluster.delete(.deployments, "web")
            #expect(try await cluster.registry.list(.replicaSets, namespace: "default").isEmpty)
            try await cluster.runKubeletsToTheEnd()
            #expect(try await cluster.pods().isEmpty)
        }
    }

    @Test func orphansStay() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 2))
            try await cluster.delete(.deployments, "web", DeletionOptions(propagation: .orphan))
            #expect(!(try await cluster.exists(.deployments, "web")))
            let sets = try await cluster.registry.list(.replicaSets, namespace: "default")
            #expect(sets.count == 1 && sets.allSatisfy { $0.ownerReferences.isEmpty })
            #expect(try await cluster.pods().count == 2)
        }
    }

    /// In the foreground an owner goes after what it waits for.
    @Test func theForegroundWaits() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("node-1")
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 2))
            try await cluster.runKubeletsToTheEnd()
            try await cluster.delete(.deployments, "web", DeletionOptions(propagation: .foreground))
            // The Pods end gracefully; until then all that own them are there.
            #expect(try await cluster.get(.deployments, "web").finalizers == ["foregroundDeletion"])
            #expect(
                try await cluster.registry.list(.replicaSets, namespace: "default").map(\.finalizers)
                    == [["foregroundDeletion"]])
            try await cluster.runKubeletsToTheEnd()
            #expect(!(try await cluster.exists(.deployments, "web")))
            #expect(try await cluster.registry.list(.replicaSets, namespace: "default").isEmpty)
        }
    }

    @Test func anOwnerThatNeverWasIsAbsent() async throws {
        try await TestCluster.run { cluster in
            let owner: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "no-such-uid"]
            try await cluster.create(
                .configMaps,
                [
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": ["name": "lost", "namespace": "default", "ownerReferences": [owner]],
                ])
            #expect(!(try await cluster.exists(.configMaps, "lost")))
            // One owner that is there is enough; the other is forgotten.
            let kept = try await cluster.create(
                .configMaps,
                ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "owner", "namespace": "default"]])
            let solid: JSONValue = [
                "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": .string(kept.uid),
            ]
            try await cluster.create(
                .configMaps,
                [
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": ["name": "held", "namespace": "default", "ownerReferences": [owner, solid]],
                ])
            #expect(try await cluster.get(.configMaps, "held").ownerReferences == [solid])
            // A kind that nobody knows is no reason to delete anything.
            var foreign = owner
            foreign["apiVersion"] = "example.com/v1"
            try await cluster.create(
                .configMaps,
                [
                    "apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": ["name": "foreign", "namespace": "default", "ownerReferences": [foreign]],
                ])
            #expect(try await cluster.exists(.configMaps, "foreign"))
        }
    }
}
