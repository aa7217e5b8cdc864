import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

/// Deployments with their ReplicaSets and Pods, from the object to what `kubectl rollout status` waits for.
@Suite struct DeploymentTests {
    private func cluster(_ body: @escaping @Sendable (TestCluster) async throws -> Void) async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("node-1")
            try await body(cluster)
        }
    }

    private static func condition(_ deployment: Unstructured, _ type: String) -> String {
        let condition = StatusConditions(deployment)[type]
        return ["status", "reason", "message"].map { condition?.text(at: $0) ?? "" }.joined(separator: " ")
    }

    @Test func rollsOutAndReports() async throws {
        try await cluster { cluster in
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 3))
            var web = try await cluster.get(.deployments, "web")
            let set = try #require(try await cluster.registry.list(.replicaSets, namespace: "default").first)
            #expect(web.annotations["deployment.kubernetes.io/revision"] == "1")
            #expect(set.annotations["deployment.kubernetes.io/revision"] == "1")
            #expect(set.annotations["deployment.kubernetes.io/desired-replicas"] == "3")
            #expect(set.annotations["deployment.kubernetes.io/max-replicas"] == "4")
            let hash = try #require(set.labels["pod-template-hash"])
            #expect(set.name == "web-\(hash)")
            #expect(set.tree.text(at: "spec", "selector", "matchLabels", "pod-template-hash") == hash)
            #expect(try await cluster.pods().allSatisfy { $0.labels == ["app": "web", "pod-template-hash": hash] })
            #expect(Self.condition(web, "Available").hasPrefix("False MinimumReplicasUnavailable"))
            #expect(
                Self.condition(web, "Progressing")
                    == "True ReplicaSetUpdated ReplicaSet \"\(set.name)\" is progressing.")
            #expect(web.tree.int(at: "status", "unavailableReplicas") == 3)
            try await cluster.runKubeletsToTheEnd()
            web = try await cluster.get(.deployments, "web")
            #expect(
                Self.condition(web, "Available")
                    == "True MinimumReplicasAvailable Deployment has minimum availability.")
            #expect(
                Self.condition(web, "Progressing")
                    == "True NewReplicaSetAvailable ReplicaSet \"\(set.name)\" has successfully progressed.")
            let counts = ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]
            #expect(counts.map { web.tree.int(at: "status", $0) } == [3, 3, 3, 3])
            #expect(web.tree.int(at: "status", "observedGeneration") == web.generation)
            #expect(web.tree.int(at: "status", "terminatingReplicas") == 0)
            #expect(
                try await cluster.events(about: "web") == ["Scaled up replica set \(set.name) from 0 to 3"])
            #expect(cluster.errors.messages == [])
        }
    }

    /// At every moment of random rollouts there are no more Pods than may be, and no fewer available ones.
    @Test(arguments: [("25%", "25%", 8), ("0", "1", 4), ("2", "0", 5), ("100%", "50%", 6), ("1", "1", 1)])
    func staysWithinItsBounds(surge: String, unavailable: String, replicas: Int) async throws {
        try await cluster { cluster in
            func bound(_ text: String) -> JSONValue { Int(text).map { JSONValue($0) } ?? .string(text) }
            let strategy: JSONValue = [
                "type": "RollingUpdate",
                "rollingUpdate": ["maxSurge": bound(surge), "maxUnavailable": bound(unavailable)],
            ]
            try await cluster.create(
                .deployments, .workload(.deployments, "web", replicas: replicas, ["strategy": strategy]))
            try await cluster.runKubeletsToTheEnd()
            let spec = DeploymentSpec(try await cluster.get(.deployments, "web"))
            var generator = SeededGenerator(state: UInt64(replicas))
            for version in 2...4 {
                try await cluster.edit(.deployments, "web") { web in
                    web[["spec", "template", "spec", "containers"]] = [["name": "c", "image": .string("v\(version)")]]
                }
                for _ in 0..<100 {
                    let pods = try await cluster.pods().map { PodRecord($0) }.filter(\.isActive)
                    #expect(pods.count <= replicas + spec.maxSurge)
                    #expect(pods.count(where: \.isReady) >= replicas - spec.maxUnavailable)
                    let isBusy = try await cluster.runKubelets(readyLimit: Int.random(in: 0...2, using: &generator))
                    // The next change sometimes comes in the middle.
                    if !isBusy, Bool.random(using: &generator) { break }
                }
            }
            try await cluster.runKubeletsToTheEnd()
            let images = Set(
                try await cluster.pods().map { $0.tree.list(at: "spec", "containers")[0].text(at: "image") })
            #expect(images == ["v4"])
            let web = try await cluster.get(.deployments, "web")
            #expect(web.tree.int(at: "status", "updatedReplicas") == replicas)
            #expect(web.annotations["deployment.kubernetes.io/revision"] == "4")
        }
    }

    @Test func goesBackToAnEarlierTemplate() async throws {
        try await cluster { cluster in
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 2))
            try await cluster.runKubeletsToTheEnd()
            let first = try #require(try await cluster.registry.list(.replicaSets, namespace: "default").first)
            for image in ["v2", "v1"] {
                try await cluster.edit(.deployments, "web") { web in
                    web[["spec", "template", "spec", "containers"]] = [["name": "c", "image": .string(image)]]
                }
                try await cluster.runKubeletsToTheEnd()
            }
            let again = try await cluster.get(.replicaSets, first.name)
            #expect(again.annotations["deployment.kubernetes.io/revision"] == "3")
            #expect(again.annotations["deployment.kubernetes.io/revision-history"] == "1")
            #expect(again.wantedReplicas == 2)
            #expect(try await cluster.registry.list(.replicaSets, namespace: "default").count == 2)
        }
    }

    @Test func keepsAsMuchHistoryAsItShould() async throws {
        try await cluster { cluster in
            try await cluster.create(
                .deployments, .workload(.deployments, "web", replicas: 1, ["revisionHistoryLimit": 2]))
            for version in 2...6 {
                try await cluster.runKubeletsToTheEnd()
                try await cluster.edit(.deployments, "web") { web in
                    web[["spec", "template", "spec", "containers"]] = [["name": "c", "image": .string("v\(version)")]]
                }
            }
            try await cluster.runKubeletsToTheEnd()
            let revisions = try await cluster.registry.list(.replicaSets, namespace: "default")
                .compactMap { $0.annotations["deployment.kubernetes.io/revision"] }
            #expect(revisions.sorted() == ["4", "5", "6"])
        }
    }

    @Test func doesNothingNewWhileItIsPaused() async throws {
        try await cluster { cluster in
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 2))
            try await cluster.runKubeletsToTheEnd()
            try await cluster.edit(.deployments, "web") { web in
                web[["spec", "paused"]] = true
                web[["spec", "template", "spec", "containers"]] = [["name": "c", "image": "v2"]]
                web[["spec", "replicas"]] = 4
            }
            var web = try await cluster.get(.deployments, "web")
            #expect(Self.condition(web, "Progressing") == "Unknown DeploymentPaused Deployment is paused")
            #expect(try await cluster.registry.list(.replicaSets, namespace: "default").map(\.wantedReplicas) == [4])
            try await cluster.edit(.deployments, "web") { $0[["spec", "paused"]] = nil }
            try await cluster.runKubeletsToTheEnd()
            web = try await cluster.get(.deployments, "web")
            #expect(Self.condition(web, "Progressing").hasPrefix("True NewReplicaSetAvailable"))
            #expect(try await cluster.registry.list(.replicaSets, namespace: "default").count == 2)
        }
    }

    @Test func recreateWaitsForTheEndOfTheOldPods() async throws {
        try await cluster { cluster in
            try await cluster.create(
                .deployments, .workload(.deployments, "web", replicas: 2, ["strategy": ["type": "Recreate"]]))
            try await cluster.runKubeletsToTheEnd()
            try await cluster.edit(.deployments, "web") { web in
                web[["spec", "template", "spec", "containers"]] = [["name": "c", "image": "v2"]]
            }
            // The old ones are on their way out, and nothing new is there.
            #expect(try await cluster.pods().map { $0.deletionTimestamp != nil } == [true, true])
            #expect(try await cluster.registry.list(.replicaSets, namespace: "default").count == 1)
            try await cluster.runKubeletsToTheEnd()
            let images = try await cluster.pods().map { $0.tree.list(at: "spec", "containers")[0].text(at: "image") }
            #expect(images == ["v2", "v2"])
        }
    }

    @Test func tellsThatItDoesNotGetOn() async throws {
        try await cluster { cluster in
            try await cluster.create(
                .deployments, .workload(.deployments, "web", replicas: 1, ["progressDeadlineSeconds": 60]))
            try await cluster.advance(seconds: 30)
            #expect(Self.condition(try await cluster.get(.deployments, "web"), "Progressing").hasPrefix("True"))
            try await cluster.advance(seconds: 40)
            let set = try #require(try await cluster.registry.list(.replicaSets, namespace: "default").first)
            #expect(
                Self.condition(try await cluster.get(.deployments, "web"), "Progressing")
                    == "False ProgressDeadlineExceeded ReplicaSet \"\(set.name)\" has timed out progressing.")
            try await cluster.runKubeletsToTheEnd()
            #expect(
                Self.condition(try await cluster.get(.deployments, "web"), "Progressing")
                    .hasPrefix("True NewReplicaSetAvailable"))
        }
    }

    @Test func aTakenNameIsACollision() async throws {
        try await cluster { cluster in
            let web = try Unstructured(.workload(.deployments, "web", replicas: 1))
            var template = web.tree[["spec", "template"]] ?? .null
            // The registry fills in what a template leaves out before it is hashed.
            try await cluster.create(.deployments, .workload(.deployments, "other", replicas: 0))
            let stored = try await cluster.get(.deployments, "other")
            template = stored.tree[["spec", "template"]] ?? .null
            template[["metadata", "labels", "app"]] = "web"
            let hash = PodTemplate.hash(template, collisions: nil)
            try await cluster.create(.replicaSets, .workload(.replicaSets, "web-\(hash)", replicas: 0))
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 1))
            #expect(try await cluster.get(.deployments, "web").tree.int(at: "status", "collisionCount") == 1)
            #expect(try await cluster.pods().count == 1)
        }
    }
}
