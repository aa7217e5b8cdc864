import APIMachinery
import KubeAPI
import Testing

@testable import ControlPlane

/// What of a Pod and of nodes decides where it goes: a filter or a score in each test.
@Suite struct SchedulerRulesTests {
    private static let required = "requiredDuringSchedulingIgnoredDuringExecution"
    private static let preferred = "preferredDuringSchedulingIgnoredDuringExecution"

    private func place(
        _ name: String, _ spec: [String: JSONValue] = [:], labels: [String: String] = [:], _ cluster: TestCluster
    ) async throws -> String {
        var pod = Unstructured.pod(name, labels: labels)
        for (key, value) in spec { pod[["spec", key]] = value }
        try await cluster.create(.pods, pod.tree)
        return try await cluster.get(.pods, name).tree.text(at: "spec", "nodeName")
    }

    private func message(_ name: String, _ cluster: TestCluster) async throws -> String {
        StatusConditions(try await cluster.get(.pods, name))["PodScheduled"]?.text(at: "message") ?? ""
    }

    private func asking(cpu: String, memory: String) -> [String: JSONValue] {
        let requests: JSONValue = ["cpu": .string(cpu), "memory": .string(memory)]
        return ["containers": [["name": "c", "image": "i", "resources": ["requests": requests]]]]
    }

    private func spread(_ more: [String: JSONValue], key: String = "zone") -> [String: JSONValue] {
        var constraint: JSONValue = [
            "maxSkew": 1, "topologyKey": .string(key), "whenUnsatisfiable": "DoNotSchedule",
            "labelSelector": ["matchLabels": ["app": "s"]],
        ]
        for (key, value) in more { constraint[key] = value }
        return ["topologySpreadConstraints": [constraint]]
    }

    // MARK: - Filters

    @Test func labelsOfTheNode() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", labels: ["disk": "hdd", "size": "5"])
            try await cluster.addNode("b", labels: ["disk": "ssd", "size": "20"])
            let selected = try await self.place("selected", ["nodeSelector": ["disk": "ssd"]], cluster)
            #expect(selected == "b")
            func affinity(_ term: JSONValue) -> [String: JSONValue] {
                ["affinity": ["nodeAffinity": [Self.required: ["nodeSelectorTerms": [term]]] as JSONValue]]
            }
            let greater: JSONValue = ["matchExpressions": [["key": "size", "operator": "Lt", "values": ["10"]]]]
            #expect(try await self.place("less", affinity(greater), cluster) == "a")
            let missing: JSONValue = ["matchExpressions": [["key": "gpu", "operator": "Exists"]]]
            #expect(try await self.place("none", affinity(missing), cluster) == "")
            #expect(
                try await self.message("none", cluster).hasPrefix(
                    "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector."))
            let field: JSONValue = ["matchFields": [["key": "metadata.name", "operator": "In", "values": ["a"]]]]
            #expect(try await self.place("field", affinity(field), cluster) == "a")
        }
    }

    @Test func taintsAreTolerated() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", taints: [["key": "gpu", "value": "yes", "effect": "NoSchedule"]])
            #expect(try await self.place("plain", [:], cluster) == "")
            let equal: JSONValue = [["key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule"]]
            #expect(try await self.place("equal", ["tolerations": equal], cluster) == "a")
            let other: JSONValue = [["key": "gpu", "operator": "Equal", "value": "no", "effect": "NoSchedule"]]
            #expect(try await self.place("other", ["tolerations": other], cluster) == "")
            #expect(try await self.place("all", ["tolerations": [["operator": "Exists"]]], cluster) == "a")
        }
    }

    /// A Pod with the name of a node goes past the scheduler.
    @Test func aNodeThatIsNamed() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", taints: [["key": "k", "effect": "NoSchedule"]])
            #expect(try await self.place("p", ["nodeName": "a"], cluster) == "a")
            #expect(try await cluster.events(about: "p", reason: "Scheduled").isEmpty)
        }
    }

    @Test func resourcesOfAllKinds() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", cpu: "1", memory: "1Gi")
            try await cluster.edit(.nodes, "a", status: true) { node in
                node[["status", "allocatable", "example.com/card"]] = "1"
            }
            #expect(try await self.place("memory", self.asking(cpu: "1m", memory: "2Gi"), cluster) == "")
            #expect(
                try await self.message("memory", cluster).hasPrefix("0/1 nodes are available: 1 Insufficient memory."))
            let card: JSONValue = [
                [
                    "name": "c", "image": "i",
                    "resources": ["requests": ["example.com/card": "1"], "limits": ["example.com/card": "1"]],
                ]
            ]
            #expect(try await self.place("card", ["containers": card], cluster) == "a")
            #expect(try await self.place("second", ["containers": card], cluster) == "")
            #expect(
                try await self.message("second", cluster).hasPrefix(
                    "0/1 nodes are available: 1 Insufficient example.com/card."))
        }
    }

    // MARK: - Topology spread

    @Test func fewerDomainsThanThereShouldBe() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", labels: ["zone": "z1"])
            try await cluster.addNode("b", labels: ["zone": "z2"])
            // With three domains there would be one without any: no domain may have two.
            let rule = self.spread(["minDomains": 3])
            var nodes: Set<String> = []
            for index in 0..<2 {
                nodes.insert(try await self.place("s-\(index)", rule, labels: ["app": "s"], cluster))
            }
            #expect(nodes == ["a", "b"])
            #expect(try await self.place("s-2", rule, labels: ["app": "s"], cluster) == "")
            #expect(
                try await self.message("s-2", cluster).hasPrefix(
                    "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints."))
        }
    }

    /// Pods of another template do not count.
    @Test func keysOfTheTemplate() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", labels: ["zone": "z1"])
            try await cluster.addNode("b", labels: ["zone": "z2"])
            let rule = self.spread(["matchLabelKeys": ["pod-template-hash"]])
            func place(_ name: String, hash: String) async throws -> String {
                try await self.place(name, rule, labels: ["app": "s", "pod-template-hash": hash], cluster)
            }
            let first = try await place("old-0", hash: "old")
            try await cluster.edit(.nodes, first == "a" ? "b" : "a") { $0[["spec", "unschedulable"]] = true }
            // Alone of its template it may be where the old one is; a second one may not.
            #expect(try await place("new-0", hash: "new") == first)
            #expect(try await place("new-1", hash: "new") == "")
        }
    }

    /// By default a node with a taint is a domain without Pods; one that the Pod does not tolerate may be left out.
    @Test(arguments: [("Ignore", ""), ("Honor", "a")])
    func taintedDomains(policy: String, second: String) async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", labels: ["zone": "z1"])
            try await cluster.addNode("b", labels: ["zone": "z2"], taints: [["key": "k", "effect": "NoSchedule"]])
            let rule = self.spread(["nodeTaintsPolicy": .string(policy)])
            #expect(try await self.place("s-0", rule, labels: ["app": "s"], cluster) == "a")
            #expect(try await self.place("s-1", rule, labels: ["app": "s"], cluster) == second)
        }
    }

    /// By default a node that the Pod may not run on for its labels is none of its domains.
    @Test(arguments: [("Ignore", ""), ("Honor", "a")])
    func unselectedDomains(policy: String, second: String) async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", labels: ["zone": "z1", "disk": "ssd"])
            try await cluster.addNode("b", labels: ["zone": "z2"])
            var rule = self.spread(["nodeAffinityPolicy": .string(policy)])
            rule["nodeSelector"] = ["disk": "ssd"]
            #expect(try await self.place("s-0", rule, labels: ["app": "s"], cluster) == "a")
            #expect(try await self.place("s-1", rule, labels: ["app": "s"], cluster) == second)
        }
    }

    @Test func aNodeWithoutTheKey() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            #expect(try await self.place("s", self.spread([:]), labels: ["app": "s"], cluster) == "")
            #expect(
                try await self.message("s", cluster).hasPrefix(
                    "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required "
                        + "label)."))
        }
    }

    @Test func spreadsWhereItCan() async throws {
        try await TestCluster.run { cluster in
            for name in ["a", "b", "c"] { try await cluster.addNode(name, labels: ["zone": name]) }
            try await cluster.edit(.nodes, "c") { $0[["spec", "unschedulable"]] = true }
            let rule = self.spread(["whenUnsatisfiable": "ScheduleAnyway"])
            var counts: [String: Int] = [:]
            for index in 0..<6 {
                counts[try await self.place("s-\(index)", rule, labels: ["app": "s"], cluster), default: 0] += 1
            }
            #expect(counts == ["a": 3, "b": 3])
        }
    }

    // MARK: - Other Pods

    /// Who does not want to be with others keeps them away; nobody is kept away in another namespace.
    @Test func whoKeepsOthersAway() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            let term: JSONValue = [
                "topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": ["app": "loud"]],
            ]
            let alone: [String: JSONValue] = ["affinity": ["podAntiAffinity": [Self.required: [term]] as JSONValue]]
            #expect(try await self.place("quiet", alone, cluster) == "a")
            #expect(try await self.place("loud", labels: ["app": "loud"], cluster) == "")
            #expect(
                try await self.message("loud", cluster).hasPrefix(
                    "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules."))
            _ = try await cluster.registry.create(Unstructured(.namespaces, name: "other"), in: .namespaces)
            var pod = Unstructured.pod("loud", labels: ["app": "loud"])
            pod.namespace = "other"
            try await cluster.create(.pods, pod.tree)
            let placed = try await cluster.get(.pods, "loud", namespace: "other")
            #expect(placed.tree.text(at: "spec", "nodeName") == "a")
        }
    }

    // MARK: - Scores

    @Test func whatItPrefers() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", taints: [["key": "k", "effect": "PreferNoSchedule"]])
            try await cluster.addNode("b", labels: ["disk": "ssd"])
            try await cluster.addNode("c")
            #expect(try await ["b", "c"].contains(self.place("plain", [:], cluster)))
            let preference: JSONValue = [
                "weight": 50,
                "preference": ["matchExpressions": [["key": "disk", "operator": "In", "values": ["ssd"]]]],
            ]
            for index in 0..<3 {
                let node = try await self.place(
                    "ssd-\(index)", ["affinity": ["nodeAffinity": [Self.preferred: [preference]] as JSONValue]],
                    cluster)
                #expect(node == "b")
            }
            let near: JSONValue = [
                "weight": 100,
                "podAffinityTerm": [
                    "topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": ["app": "db"]],
                ],
            ]
            let db = try await self.place(
                "db", ["nodeSelector": ["kubernetes.io/hostname": "c"]], labels: ["app": "db"], cluster)
            #expect(db == "c")
            let beside = try await self.place(
                "beside", ["affinity": ["podAffinity": [Self.preferred: [near]] as JSONValue]], cluster)
            #expect(beside == "c")
        }
    }

    @Test func theNodeWithMoreLeft() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a", cpu: "4", memory: "8Gi")
            try await cluster.addNode("b", cpu: "4", memory: "8Gi")
            let first = try await self.place("one", self.asking(cpu: "2", memory: "4Gi"), cluster)
            let second = try await self.place("two", self.asking(cpu: "1", memory: "2Gi"), cluster)
            #expect(Set([first, second]) == ["a", "b"])
            // What uses CPU and memory alike is better than what leaves one of them over.
            let third = try await self.place("three", self.asking(cpu: "1", memory: "2Gi"), cluster)
            #expect(third == second)
        }
    }

    @Test func whereItsImageIs() async throws {
        try await TestCluster.run { cluster in
            for name in ["a", "b", "c"] { try await cluster.addNode(name) }
            try await cluster.edit(.nodes, "b", status: true) { node in
                node[["status", "images"]] = [["names": ["nginx:latest"], "sizeBytes": 900_000_000]]
            }
            for index in 0..<3 {
                #expect(try await self.place("p-\(index)", [:], cluster) == "b")
            }
        }
    }

    @Test func theGreatestPriorityFirst() async throws {
        try await TestCluster.run { cluster in
            // None has a node to go to, until there is one with room for one of them.
            for (name, priority) in [("low", 1), ("high", 1000), ("middle", 10)] {
                var spec = self.asking(cpu: "1", memory: "1Mi")
                spec["priority"] = JSONValue(priority)
                #expect(try await self.place(name, spec, cluster) == "")
            }
            try await cluster.addNode("a", cpu: "1")
            try await cluster.advance(seconds: 2)
            let high = try await cluster.get(.pods, "high").tree.text(at: "spec", "nodeName")
            #expect(high == "a")
        }
    }
}
