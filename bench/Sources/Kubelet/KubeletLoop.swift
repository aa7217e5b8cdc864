import KubeAPI
import Netlink
import TestSupport

/// Keeps the Pods of a node as the API says.
actor KubeletLoop {
    private let node: KubeletNode
    private let api: KubeletClient
    private let wiring: KubeletWiring
    /// The node's.
    private let host: NetworkNamespace
    /// By their uids: those that run or are to.
    private var running: [String: Task<Running?, Never>] = [:]
    private var ending: Set<String> = []

    private struct Running: Sendable {
        let server: EchoServer
        let wired: KubeletWiring.Wired
    }

    init(node: KubeletNode, api: KubeletClient, wiring: KubeletWiring, host: NetworkNamespace) {
        (self.node, self.api, self.wiring, self.host) = (node, api, wiring, host)
    }

    func run() async throws {
        try await register()
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.heartbeat() }
            group.addTask { try await self.follow() }
            try await group.waitForAll()
        }
    }

    private func register() async throws {
        try await api.sendUntilTaken("POST", "/api/v1/nodes", node.object)
        try await patch(node.path + "/status", node.status(at: .now))
        Output.printLine("kubelet \(node.name): registered")
    }

    /// Upstream's interval (kubelet's `nodeLeaseDurationSeconds` × 0.25).
    private func heartbeat() async throws {
        let collection = node.leasePath.split(separator: "/").dropLast().joined(separator: "/")
        try await api.sendUntilTaken("POST", "/" + collection, node.lease(at: .now))
        while true {
            try await Task.sleep(for: .seconds(10))
            try await patch(node.leasePath, ["spec": node.lease(at: .now)["spec"] ?? .null])
        }
    }

    private func follow() async throws {
        let query = [(name: "fieldSelector", value: "spec.nodeName=\(node.name)")]
        while true {
            do {
                let list = try await api.send("GET", "/api/v1/pods", query: query)
                if list.code == 200 {
                    take(list.body["items"]?.array ?? [])
                    let version = list.body[["metadata", "resourceVersion"]]?.string ?? ""
                    try await api.watch("/api/v1/pods", query: query + [("resourceVersion", version)]) { type, object in
                        await self.take(type, object)
                    }
                }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // The API is away: what runs goes on.
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// All Pods that there are: others have gone while nobody looked.
    private func take(_ items: [JSONValue]) {
        let pods = items.compactMap { try? Unstructured($0) }
        for uid in Set(running.keys).subtracting(pods.map(\.uid)) { forget(uid) }
        for pod in pods { take(KubeletPod(object: pod)) }
    }

    private func take(_ type: String, _ object: JSONValue) {
        guard let object = try? Unstructured(object), !object.uid.isEmpty else { return }
        if type == "DELETED" { forget(object.uid) } else { take(KubeletPod(object: object)) }
    }

    private func take(_ pod: KubeletPod) {
        let uid = pod.object.uid
        if pod.isEnding {
            guard ending.insert(uid).inserted else { return }
            Task { await self.end(pod) }
        } else if running[uid] == nil, !ending.contains(uid) {
            running[uid] = Task { await self.start(pod) }
        }
    }

    /// Wires and serves, and says so.
    private nonisolated func start(_ pod: KubeletPod) async -> Running? {
        do {
            let wired = try host.run { try wiring.add(pod.object.uid) }
            let server = try wired.namespace.namespace.run { try pod.serve() }
            let status = pod.runningStatus(addresses: wired.addresses, host: node.addresses, at: .now)
            let addresses = wired.addresses.joined(separator: " ")
            Output.printLine(
                "kubelet \(node.name): \(pod.object.name) runs as \(addresses) in \(wired.namespace.path)")
            try await patch(pod.path + "/status", status)
            return Running(server: server, wired: wired)
        } catch {
            Output.printLine("kubelet \(node.name): \(pod.object.name) does not run: \(error)")
            return nil
        }
    }

    /// The end of a Pod that is deleted, with the time that it may take.
    private func end(_ pod: KubeletPod) async {
        let grace = pod.object[["metadata", "deletionGracePeriodSeconds"]]?.integer ?? 30
        try? await Task.sleep(for: .seconds(min(pod.preStopSeconds, grace)))
        let uid = pod.object.uid
        await stop(await running.removeValue(forKey: uid)?.value ?? nil)
        let options: JSONValue = [
            "apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0,
            "preconditions": ["uid": .string(uid)],
        ]
        _ = try? await api.sendUntilTaken("DELETE", pod.path, options)
        Output.printLine("kubelet \(node.name): \(pod.object.name) has ended")
    }

    /// The end of a Pod that is no longer there.
    private func forget(_ uid: String) {
        guard !ending.contains(uid), let task = running.removeValue(forKey: uid) else { return }
        Task { await self.stop(await task.value) }
    }

    private nonisolated func stop(_ running: Running?) async {
        guard let running else { return }
        running.server.stop()
        do {
            try host.run { try wiring.delete(running.wired) }
        } catch {
            Output.printLine("kubelet \(node.name): \(error)")
        }
    }

    private nonisolated func patch(_ path: String, _ patch: JSONValue) async throws {
        try await api.sendUntilTaken("PATCH", path, patch, contentType: "application/strategic-merge-patch+json")
    }
}
