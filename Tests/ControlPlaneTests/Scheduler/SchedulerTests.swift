import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

/// Where Pods go, and what is said where they can go nowhere.
@Suite struct SchedulerTests {
    private static func pod(_ name: String, _ spec: JSONValue = .null, labels: [String: String] = [:]) -> JSONValue {
        var pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "namespace": "default"],
            "spec": ["containers": [["name": "c", "image": "i"]]],
        ]
        if !labels.isEmpty { pod[["metadata", "labels"]] = JSONValue(labels) }
        for field in spec.object?.fields ?? [] { pod[["spec", field.key]] = field.value }
        return pod
    }

    private static func asking(cpu: String, memory: String? = nil, ports: JSONValue? = nil) -> JSONValue {
        var container: JSONValue = [
            "name": "c", "image": "i", "resources": ["requests": ["cpu": .string(cpu)]],
        ]
        if let memory { container[["resources", "requests", "memory"]] = .string(memory) }
        if let ports { container["ports"] = ports }
        return ["containers": [container]]
    }

    private func node(of name: String, _ cluster: TestCluster) async throws -> String {
        try await cluster.get(.pods, name).tree.text(at: "spec", "nodeName")
    }

    private func message(of name: String, _ cluster: TestCluster) async throws -> String {
        let condition = StatusConditions(try await cluster.get(.pods, name))["PodScheduled"]
        #expect(condition?.text(at: "status") == "False" && condition?.text(at: "reason") == "Unschedulable")
        let events = try await cluster.events(about: name, reason: "FailedScheduling")
        #expect(events.last == condition?.text(at: "message"))
        return condition?.text(at: "message") ?? ""
    }

    @Test func tellsWhatItHasDone() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("node-1")
            try await cluster.create(.pods, Self.pod("web-x"))
            #expect(try await node(of: "web-x", cluster) == "node-1")
            #expect(
                try await cluster.events(about: "web-x", reason: "Scheduled")
                    == ["Successfully assigned default/web-x to node-1"])
            let events = try await cluster.registry.list(.events, namespace: "default")
            let scheduled = events.filter { $0.tree.text(at: "reason") == "Scheduled" }
            let event = try #require(scheduled.first)
            #expect(event.tree.text(at: "reportingComponent") == "default-scheduler")
            #expect(event.tree.text(at: "action") == "Binding")
        }
    }

    @Test func withoutNodesItWaitsForOne() async throws {
        try await TestCluster.run { cluster in
            try await cluster.create(.pods, Self.pod("p"))
            #expect(try await message(of: "p", cluster) == "no nodes available to schedule pods")
            try await cluster.addNode("node-1")
            try await cluster.advance(seconds: 2)
            #expect(try await node(of: "p", cluster) == "node-1")
        }
    }

    @Test func wordsOfEachReason() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", cpu: "1", labels: ["disk": "hdd"])
            try await cluster.addNode("b", taints: [["key": "k", "value": "v", "effect": "NoSchedule"]])
            try await cluster.addNode("c", cpu: "1", pods: "0")
            try await cluster.create(.pods, Self.pod("big", Self.asking(cpu: "2")))
            #expect(
                try await message(of: "big", cluster)
                    == "0/3 nodes are available: 1 Too many pods, 1 node(s) had untolerated taint(s), 2 Insufficient cpu. "
                    + "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.")
            try await cluster.create(.pods, Self.pod("ssd", ["nodeSelector": ["disk": "ssd"]]))
            #expect(
                try await message(of: "ssd", cluster)
                    == "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match Pod's node "
                    + "affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
            )
            try await cluster.create(.pods, Self.pod("first", Self.asking(cpu: "600m")))
            #expect(try await node(of: "first", cluster) == "a")
            try await cluster.create(.pods, Self.pod("second", Self.asking(cpu: "600m")))
            #expect(
                try await message(of: "second", cluster)
                    == "0/3 nodes are available: 1 Insufficient cpu, 1 Too many pods, 1 node(s) had untolerated taint(s). "
                    + "preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, "
                    + "2 No preemption victims found for incoming pod.")
        }
    }

    @Test func comesBackWhenThereIsRoom() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", cpu: "1")
            try await cluster.create(.pods, Self.pod("first", Self.asking(cpu: "600m")))
            try await cluster.create(.pods, Self.pod("second", Self.asking(cpu: "600m")))
            #expect(try await node(of: "second", cluster) == "")
            try await cluster.delete(.pods, "first", DeletionOptions(gracePeriodSeconds: 0))
            try await cluster.advance(seconds: 2)
            #expect(try await node(of: "second", cluster) == "a")
            // A taint that goes is as good.
            try await cluster.edit(.nodes, "a") { $0[["spec", "unschedulable"]] = true }
            try await cluster.create(.pods, Self.pod("third"))
            #expect(try await message(of: "third", cluster).contains("1 node(s) were unschedulable"))
            try await cluster.edit(.nodes, "a") { $0[["spec", "unschedulable"]] = nil }
            try await cluster.advance(seconds: 2)
            #expect(try await node(of: "third", cluster) == "a")
        }
    }

    @Test func hostPortsAreTakenOnce() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            let ports: JSONValue = [["containerPort": 80, "hostPort": 8080]]
            try await cluster.create(.pods, Self.pod("one", Self.asking(cpu: "1m", ports: ports)))
            try await cluster.create(.pods, Self.pod("two", Self.asking(cpu: "1m", ports: ports)))
            #expect(
                try await message(of: "two", cluster)
                    == "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. "
                    + "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.")
        }
    }

    @Test func gatesHoldItBack() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await cluster.create(.pods, Self.pod("p", ["schedulingGates": [["name": "example.com/wait"]]]))
            #expect(try await node(of: "p", cluster) == "")
            try await cluster.edit(.pods, "p") { $0[["spec", "schedulingGates"]] = nil }
            #expect(try await node(of: "p", cluster) == "a")
            try await cluster.create(.pods, Self.pod("other", ["schedulerName": "somebody-else"]))
            #expect(try await node(of: "other", cluster) == "")
        }
    }

    @Test func affinityToOtherPods() async throws {
        try await TestCluster.run { cluster in
            for (name, zone) in [("a", "z1"), ("b", "z2"), ("c", "z2")] {
                try await cluster.addNode(name, labels: ["topology.kubernetes.io/zone": zone])
            }
            func term(_ kind: String, _ app: String, _ key: String) -> JSONValue {
                [
                    "affinity": [
                        kind: [
                            "requiredDuringSchedulingIgnoredDuringExecution": [
                                ["topologyKey": .string(key), "labelSelector": ["matchLabels": ["app": .string(app)]]]
                            ]
                        ]
                    ] as JSONValue
                ]
            }
            let (zone, host) = ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
            // The first of a group that wants to be together may go anywhere.
            try await cluster.create(.pods, Self.pod("db-0", term("podAffinity", "db", zone), labels: ["app": "db"]))
            let first = try await node(of: "db-0", cluster)
            #expect(!first.isEmpty)
            let zones = ["a": "z1", "b": "z2", "c": "z2"]
            try await cluster.create(.pods, Self.pod("db-1", term("podAffinity", "db", zone), labels: ["app": "db"]))
            #expect(zones[try await node(of: "db-1", cluster)] == zones[first])
            var nodes: Set<String> = []
            for index in 0..<3 {
                try await cluster.create(
                    .pods, Self.pod("w-\(index)", term("podAntiAffinity", "w", host), labels: ["app": "w"]))
                nodes.insert(try await node(of: "w-\(index)", cluster))
            }
            #expect(nodes == ["a", "b", "c"])
            try await cluster.create(.pods, Self.pod("w-3", term("podAntiAffinity", "w", host), labels: ["app": "w"]))
            #expect(
                try await message(of: "w-3", cluster)
                    == "0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. preemption: 0/3 nodes are "
                    + "available: 3 No preemption victims found for incoming pod.")
            try await cluster.create(.pods, Self.pod("w-4", labels: ["app": "w"]))
            #expect(
                try await message(of: "w-4", cluster).hasPrefix(
                    "0/3 nodes are available: 3 node(s) didn't satisfy existing pods anti-affinity rules."))
            try await cluster.create(.pods, Self.pod("lost", term("podAffinity", "nobody", zone)))
            #expect(
                try await message(of: "lost", cluster)
                    == "0/3 nodes are available: 3 node(s) didn't match pod affinity rules. preemption: 0/3 nodes are "
                    + "available: 3 Preemption is not helpful for scheduling.")
        }
    }

    @Test func spreadsAsItIsTold() async throws {
        try await TestCluster.run { cluster in
            for (name, zone) in [("a", "z1"), ("b", "z1"), ("c", "z2")] {
                try await cluster.addNode(name, labels: ["zone": zone])
            }
            let spread: JSONValue = [
                "topologySpreadConstraints": [
                    [
                        "maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule",
                        "labelSelector": ["matchLabels": ["app": "s"]],
                    ]
                ]
            ]
            var counts: [String: Int] = [:]
            for index in 0..<6 {
                try await cluster.create(.pods, Self.pod("s-\(index)", spread, labels: ["app": "s"]))
                counts[try await node(of: "s-\(index)", cluster), default: 0] += 1
                let (one, two) = ((counts["a"] ?? 0) + (counts["b"] ?? 0), counts["c"] ?? 0)
                #expect(abs(one - two) <= 1)
            }
            #expect(counts["c"] == 3)
            try await cluster.edit(.nodes, "c") { $0[["spec", "unschedulable"]] = true }
            try await cluster.create(.pods, Self.pod("s-6", spread, labels: ["app": "s"]))
            try await cluster.create(.pods, Self.pod("s-7", spread, labels: ["app": "s"]))
            #expect(
                try await message(of: "s-7", cluster)
                    == "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod topology spread "
                    + "constraints. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, "
                    + "2 No preemption victims found for incoming pod.")
        }
    }

    /// Without constraints of their own, Pods of a controller are spread over nodes.
    @Test func spreadsReplicasByDefault() async throws {
        try await TestCluster.run { cluster in
            for index in 1...5 { try await cluster.addNode("n\(index)") }
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 20))
            let nodes = try await cluster.pods().map { $0.tree.text(at: "spec", "nodeName") }
            let counts = Dictionary(nodes.map { ($0, 1) }, uniquingKeysWith: +)
            #expect(counts.values.sorted() == [4, 4, 4, 4, 4])
        }
    }
}

/// How much work a large Deployment is.
@Suite struct SchedulingWorkTests {
    /// Each Pod is written twice, when it is made and when it is bound, and has one event.
    @Test func fiveHundredPodsAreWrittenTwice() async throws {
        try await TestCluster.run { cluster in
            for index in 0..<20 { try await cluster.addNode("n\(index)", pods: "110") }
            let before = try await cluster.registry.store.revision
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 500))
            let writes = try await cluster.registry.store.revision - before
            #expect(try await cluster.pods().count { !$0.tree.text(at: "spec", "nodeName").isEmpty } == 500)
            #expect(writes <= 1500 + 100)
        }
    }
}
