import APIMachinery
import KubeAPI
import Net
import Storage
import Testing

@testable import ControlPlane

extension Resource {
    static let budgets = Resource(
        group: "policy", version: "v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets",
        isNamespaced: true)
}

extension Registry {
    /// A registry over a store in memory that has what every cluster has.
    static func started(
        _ store: EmbeddedStore = EmbeddedStore(), serviceCIDRs: [String] = ["10.96.0.0/16", "fd00:96::/108"],
        nodePorts: String = "30000-32767"
    ) async throws -> Registry {
        let allocator = try ClusterAllocator(
            serviceCIDRs: try serviceCIDRs.map { try IPPrefix($0) }, nodePorts: try PortRange(nodePorts))
        let registry = Registry(store: store, allocator: allocator)
        try await registry.start()
        return registry
    }

    /// What a failing call of the API says.
    func failure(_ body: (Registry) async throws(Status) -> Void) async throws -> Status {
        do throws(Status) {
            try await body(self)
        } catch {
            return error
        }
        Issue.record("nothing was thrown")
        return Status(code: 0, reason: "", message: "")
    }
}

extension Unstructured {
    /// A ConfigMap `default/<name>`.
    static func configMap(_ name: String, _ data: [String: String] = ["a": "1"]) -> Unstructured {
        var object = Unstructured(.configMaps, namespace: "default", name: name)
        object["data"] = JSONValue(data)
        return object
    }

    /// A Service `default/<name>` with port 80.
    static func service(_ name: String, _ spec: [String: JSONValue] = [:]) -> Unstructured {
        var object = Unstructured(.services, namespace: "default", name: name)
        object["spec"] = ["selector": ["app": .string(name)], "ports": [["port": 80]]]
        for (key, value) in spec { object[["spec", key]] = value }
        return object
    }

    /// A Pod `default/<name>`, bound where a node is named.
    static func pod(_ name: String, node: String = "", labels: [String: String] = [:]) -> Unstructured {
        var object = Unstructured(.pods, namespace: "default", name: name)
        object.labels = labels
        object["spec"] = ["containers": [["name": "c", "image": "nginx"]]]
        if !node.isEmpty { object[["spec", "nodeName"]] = .string(node) }
        return object
    }
}

extension ObjectName {
    static func inDefault(_ name: String) -> ObjectName { ObjectName(namespace: "default", name: name) }
}
