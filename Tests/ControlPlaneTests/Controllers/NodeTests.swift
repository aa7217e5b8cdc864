import APIMachinery
import KubeAPI
import Net
import Testing

@testable import ControlPlane

@Suite struct NodeTests {
    private func taints(_ node: Unstructured) -> [String] {
        node.tree.list(at: "spec", "taints").map { "\($0.text(at: "key")):\($0.text(at: "effect"))" }.sorted()
    }

    private func renew(_ cluster: TestCluster, _ name: String) async throws {
        let lease = ObjectName(namespace: "kube-node-lease", name: name)
        let time = JSONValue.string(cluster.clock.now.microsecondText)
        if try await cluster.registry.find(.leases, lease) == nil {
            var object = Unstructured(.leases, namespace: lease.namespace, name: name)
            object["spec"] = ["holderIdentity": .string(name), "leaseDurationSeconds": 40, "renewTime": time]
            _ = try await cluster.registry.create(object, in: .leases)
        } else {
            try await cluster.editQuietly(.leases, lease) { $0[["spec", "renewTime"]] = time }
        }
        try await cluster.settle()
    }

    @Test func aSilentKubeletIsNoticedAndItsPodsGo() async throws {
        try await TestCluster.run { cluster in
            for name in ["silent", "declared"] { try await cluster.addNode(name) }
            try await renew(cluster, "silent")
            try await cluster.edit(.nodes, "declared") { $0[["spec", "unschedulable"]] = true }
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 1))
            try await cluster.runKubeletsToTheEnd()
            let pod = try #require(try await cluster.pods().first)
            #expect(pod.tree.text(at: "spec", "nodeName") == "silent")
            try await cluster.edit(.nodes, "declared") { $0[["spec", "unschedulable"]] = nil }
            for _ in 0..<6 {
                try await cluster.advance(seconds: 10)
                try await renew(cluster, "silent")
            }
            #expect(taints(try await cluster.get(.nodes, "silent")) == [])
            try await cluster.advance(seconds: 41)
            let node = try await cluster.get(.nodes, "silent")
            let ready = StatusConditions(node)["Ready"]
            #expect(ready?.text(at: "status") == "Unknown" && ready?.text(at: "reason") == "NodeStatusUnknown")
            #expect(ready?.text(at: "message") == "Kubelet stopped posting node status.")
            #expect(
                taints(node) == [
                    "node.kubernetes.io/unreachable:NoExecute", "node.kubernetes.io/unreachable:NoSchedule",
                ])
            #expect(
                try await cluster.events(about: "silent", reason: "NodeNotReady")
                    == ["Node silent status is now: NodeNotReady"])
            #expect(
                try await cluster.events(about: "silent", reason: "RegisteredNode")
                    == ["Node silent event: Registered Node silent in Controller"])
            #expect(
                try await cluster.events(about: pod.name, reason: "NodeNotReady") == ["Node is not ready"])
            #expect(!PodRecord(try await cluster.get(.pods, pod.name)).isReady)
            #expect(try await cluster.get(.pods, pod.name).deletionTimestamp == nil)
            // Nobody has ever spoken for the other one.
            #expect(taints(try await cluster.get(.nodes, "declared")) == [])
            try await cluster.advance(seconds: 301)
            let evicted = try await cluster.get(.pods, pod.name)
            #expect(evicted.deletionTimestamp != nil)
            #expect(StatusConditions(evicted)["DisruptionTarget"]?.text(at: "reason") == "DeletionByTaintManager")
            #expect(
                try await cluster.events(about: pod.name, reason: "TaintManagerEviction")
                    == ["Marking for deletion Pod default/\(pod.name)"])
            #expect(
                try await cluster.pods().filter { $0.deletionTimestamp == nil }
                    .map { $0.tree.text(at: "spec", "nodeName") } == ["declared"])
        }
    }

    @Test func aKubeletThatSpeaksAgainKeepsItsPods() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("a")
            try await renew(cluster, "a")
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 1))
            try await cluster.runKubeletsToTheEnd()
            let pod = try #require(try await cluster.pods().first)
            // What admission gives every Pod.
            let tolerations = pod.tree.list(at: "spec", "tolerations")
            #expect(tolerations.map { $0.int(at: "tolerationSeconds") } == [300, 300])
            try await cluster.advance(seconds: 41)
            try await cluster.advance(seconds: 200)
            try await cluster.edit(.nodes, "a", status: true) { node in
                node[["status", "conditions"]] = [
                    [
                        "type": "Ready", "status": "True", "reason": "KubeletReady",
                        "lastHeartbeatTime": .string(cluster.clock.now.text),
                    ]
                ]
            }
            try await renew(cluster, "a")
            #expect(taints(try await cluster.get(.nodes, "a")) == [])
            #expect(
                try await cluster.events(about: pod.name, reason: "TaintManagerEviction")
                    == ["Cancelling deletion of Pod default/\(pod.name)"])
            for _ in 0..<5 {
                try await cluster.advance(seconds: 30)
                try await renew(cluster, "a")
            }
            #expect(try await cluster.get(.pods, pod.name).deletionTimestamp == nil)
            try await cluster.delete(.nodes, "a")
            #expect(
                try await cluster.events(about: "a", reason: "RemovingNode")
                    == ["Node a event: Removing Node a from Controller"])
        }
    }

    @Test func podsOfANodeThatIsGoneGo() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("node-1")
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 1))
            try await cluster.runKubeletsToTheEnd()
            // Nobody has declared that node.
            _ = try await cluster.registry.create(.pod("static", node: "elsewhere"), in: .pods)
            try await cluster.delete(.nodes, "node-1")
            try await cluster.advance(seconds: 39)
            #expect(try await cluster.pods().count == 2)
            try await cluster.advance(seconds: 2)
            let pods = try await cluster.pods()
            #expect(Set(pods.map { $0.tree.text(at: "spec", "nodeName") }) == ["elsewhere", ""])
        }
    }

    @Test func everyNodeGetsItsAddresses() async throws {
        let ranges = [try IPPrefix("10.244.0.0/22"), try IPPrefix("fd00:10:244::/62")]
        try await TestCluster.run(ControllerConfiguration(clusterCIDRs: ranges)) { cluster in
            for index in 1...5 { try await cluster.addNode("n\(index)") }
            func cidrs(_ name: String) async throws -> [String] {
                try await cluster.get(.nodes, name).tree.texts(at: "spec", "podCIDRs")
            }
            #expect(try await cidrs("n1") == ["10.244.0.0/24", "fd00:10:244::/64"])
            #expect(try await cidrs("n4") == ["10.244.3.0/24", "fd00:10:244:3::/64"])
            #expect(try await cidrs("n5") == [])
            #expect(
                try await cluster.events(about: "n5", reason: "CIDRNotAvailable")
                    == ["Node n5 status is now: CIDRNotAvailable"])
            // Who waits for addresses gets those of one that goes, before whoever comes later.
            try await cluster.delete(.nodes, "n2")
            #expect(try await cidrs("n5") == ["10.244.1.0/24", "fd00:10:244:1::/64"])
            try await cluster.addNode("n6")
            #expect(try await cidrs("n6") == [])
            try await cluster.delete(.nodes, "n5")
            #expect(try await cidrs("n6") == ["10.244.1.0/24", "fd00:10:244:1::/64"])
        }
    }

    @Test func budgetsCount() async throws {
        try await TestCluster.run { cluster in
            try await cluster.addNode("node-1")
            try await cluster.create(
                .disruptionBudgets,
                [
                    "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
                    "metadata": ["name": "web", "namespace": "default"],
                    "spec": ["maxUnavailable": "30%", "selector": ["matchLabels": ["app": "web"]]],
                ])
            try await cluster.create(.deployments, .workload(.deployments, "web", replicas: 5))
            func counts() async throws -> [Int] {
                let status = try await cluster.get(.disruptionBudgets, "web")["status"] ?? .null
                return ["expectedPods", "desiredHealthy", "currentHealthy", "disruptionsAllowed"]
                    .map { status.int(at: $0) ?? -1 }
            }
            #expect(try await counts() == [5, 3, 0, 0])
            try await cluster.runKubeletsToTheEnd()
            #expect(try await counts() == [5, 3, 5, 2])
            let condition = StatusConditions(try await cluster.get(.disruptionBudgets, "web"))["DisruptionAllowed"]
            #expect(condition?.text(at: "status") == "True" && condition?.text(at: "reason") == "SufficientPods")
        }
    }
}
