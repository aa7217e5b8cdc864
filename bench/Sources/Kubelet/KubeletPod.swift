import KubeAPI
import Net
import Netlink
import TestSupport

/// A Pod of this node, as the API has it.
struct KubeletPod: Sendable {
    let object: Unstructured

    var path: String { "/api/v1/namespaces/\(object.namespace)/pods/\(object.name)" }
    var isEnding: Bool { object.deletionTimestamp != nil }

    private var containers: [JSONValue] { object[["spec", "containers"]]?.array ?? [] }

    /// How long it serves on when it is deleted.
    var preStopSeconds: Int {
        containers.compactMap { $0[["lifecycle", "preStop", "sleep", "seconds"]]?.integer }.max() ?? 0
    }

    /// Serves on its ports, in the network namespace of the calling thread.
    func serve() throws -> EchoServer {
        let ports = containers.flatMap { $0["ports"]?.array ?? [] }.compactMap { $0["containerPort"]?.integer }
        let addresses = ports.compactMap { UInt16(exactly: $0) }.flatMap { port in
            [SocketAddress(IPAddress(v4: 0), port: port), SocketAddress(IPAddress(v6: 0, 0), port: port)]
        }
        return try EchoServer(name: object.name, listen: addresses)
    }

    /// A strategic merge patch of the status of a Pod that runs.
    func runningStatus(addresses: [String], host: [IPAddress], at time: Timestamp) -> JSONValue {
        let now = JSONValue.string(time.text)
        let conditions = ["PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready"].map { type in
            ["type": .string(type), "status": "True", "lastTransitionTime": now] as JSONValue
        }
        let statuses = containers.map { container in
            var status: JSONValue = ["ready": true, "started": true, "restartCount": 0]
            status["name"] = container["name"]
            status["image"] = container["image"]
            status["imageID"] = container["image"]
            status[["state", "running", "startedAt"]] = now
            return status
        }
        var status: JSONValue = ["phase": "Running", "startTime": now]
        status["podIP"] = addresses.first.map { .string($0) }
        status["podIPs"] = .array(addresses.map { ["ip": .string($0)] })
        status["hostIP"] = host.first.map { .string("\($0)") }
        status["hostIPs"] = .array(host.map { ["ip": .string("\($0)")] })
        status["conditions"] = .array(conditions)
        status["containerStatuses"] = .array(statuses)
        return ["status": status]
    }
}
