import BenchReport
import KubeAPI
import NIOCore
import Netlink

extension CoreRun {
    /// From the Deployment's write until the last of its Pods has a node.
    func deployment() async throws -> [Measurement] {
        let quantity = "Deployment of \(plan.replicas) Pods until the last is bound"
        let what =
            "POST of the Deployment until a watcher of the Pods has the event with the last Pod's node, over "
            + "\(plan.nodes) made-up nodes: the Deployment's and the ReplicaSet's controllers, the scheduler, and all writes durable"
        func result(_ value: Measurement.Value) -> [Measurement] {
            [measurement(quantity, in: .seconds, value, includes: what, goal: .atMost(2))]
        }
        if server.name == "kube-apiserver" {
            return result(.absent(reason: "a kube-apiserver alone has neither controllers nor a scheduler"))
        }
        var seconds: [Double] = []
        for round in 0..<plan.deployments {
            guard let duration = try await deploy("d\(round)") else {
                return result(
                    .absent(reason: "within 10 s no Pod had a node: the server has no controllers or no scheduler"))
            }
            seconds.append(duration)
        }
        return result(.rounds(seconds))
    }

    /// Nil where the server is somebody else's and nobody makes or schedules Pods for it.
    private func deploy(_ name: String) async throws -> Double? {
        for number in 0..<plan.nodes {
            let node = "\(namespace.name)-\(number)"
            try await clients.send("POST", "/api/v1/nodes", CoreObjects.node(node, of: namespace), allowing: 409)
            let current = try await clients.send("GET", "/api/v1/nodes/\(node)")
            var object = try JSONValue(json: Array(current.body.readableBytesView))
            object["status"] = CoreObjects.nodeStatus(at: .now)
            try await clients.send("PUT", "/api/v1/nodes/\(node)/status", object)
        }
        let pods = "\(namespace.path)/pods"
        let lines = WatchLines(keeping: #""nodeName":""#)
        let connections = try await clients.open(1)
        defer { for connection in connections { connection.close() } }
        connections[0].send("GET", "\(pods)?watch=true&labelSelector=app%3D\(name)", stream: { lines.take($0) })
            .whenFailure { _ in }
        try await Task.sleep(for: .milliseconds(300))
        let start = MonotonicClock.nanoseconds
        try await clients.send(
            "POST", "\(namespace.path(in: "apps/v1"))/deployments",
            CoreObjects.deployment(name, replicas: plan.replicas, of: namespace))
        let end = try await lastBinding(lines)
        try await clients.send("DELETE", "\(namespace.path(in: "apps/v1"))/deployments/\(name)")
        try await awaitNone(pods)
        return end.map { Double($0 - start) / 1e9 }
    }

    /// When as many Pods as there are replicas had a node; nil where none has one after a while, of a server that is not ours.
    private func lastBinding(_ lines: WatchLines) async throws -> UInt64? {
        let start = ContinuousClock.now
        let deadline = start + .seconds(60)
        while ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
            let kept = lines.kept
            if kept.isEmpty, !server.isOurs, ContinuousClock.now > start + .seconds(10) { return nil }
            guard kept.count >= plan.replicas else { continue }
            var names: Set<String> = []
            for line in kept {
                let pod = try JSONValue(json: line.bytes)["object"]
                if let name = pod?["metadata"]?["name"]?.string, pod?["spec"]?["nodeName"]?.string?.isEmpty == false {
                    names.insert(name)
                }
                if names.count == plan.replicas { return line.nanoseconds }
            }
        }
        throw BenchmarkError(description: "not all of \(plan.replicas) Pods were bound within a minute")
    }

    /// Plays the kubelet where Pods end: without one, they stay.
    private func awaitNone(_ pods: String) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let answer = try await clients.send("GET", pods)
            let items = try JSONValue(json: Array(answer.body.readableBytesView))["items"]?.array ?? []
            if items.isEmpty { return }
            for pod in items where pod["metadata"]?["deletionTimestamp"] != nil {
                let name = pod["metadata"]?["name"]?.string ?? ""
                try await clients.send(
                    "DELETE", "\(pods)/\(name)?gracePeriodSeconds=0", nil, allowing: 404)
            }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw BenchmarkError(description: "the Pods of a deleted Deployment are there after a minute")
    }
}
