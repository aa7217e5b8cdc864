import APIMachinery
import KubeAPI
import Net

/// Says in Endpoints and EndpointSlice `default/kubernetes` where this API is served, so that Service `kubernetes` leads
/// there (pkg/controlplane/controller/kubernetesendpoints, pkg/controlplane/reconcilers).
final class KubernetesEndpoints: Controller {
    private static let object = ObjectName(namespace: "default", name: "kubernetes")

    private let context: ControllerContext
    private let address: IPAddress
    private let port: UInt16
    private let queue: WorkQueue<Resource>

    /// - Parameter address: where others reach the API; never one of the loopback, which no endpoint may be.
    init(_ context: ControllerContext, address: IPAddress, port: UInt16) {
        self.context = context
        self.address = address
        self.port = port
        let queue = context.queue(of: Resource.self)
        self.queue = queue
        for resource in [Resource.endpoints, .endpointSlices] {
            context.feed.subscribe(resource) { if $0.name == Self.object { queue.add(resource) } }
            queue.add(resource)
        }
    }

    func run() async throws {
        try await context.runner("kubernetes-endpoints", queue) { (resource) throws(Status) in
            try await self.reconcile(resource)
        }.run()
    }

    private func reconcile(_ resource: Resource) async throws(Status) {
        let current = try await context.client.find(resource, Self.object)
        var object = current ?? Unstructured(resource, namespace: Self.object.namespace, name: Self.object.name)
        let ports: JSONValue = [["name": "https", "port": JSONValue(Int(port)), "protocol": "TCP"]]
        if resource == .endpoints {
            // The slice beside it is written here, and not mirrored.
            object.labels[EndpointsMirror.skipLabel] = "true"
            object["subsets"] = [["addresses": [["ip": .string("\(address)")]], "ports": ports]]
        } else {
            object.labels[EndpointSlice.serviceNameLabel] = Self.object.name
            object["addressType"] = .string("\(address.family)")
            object["endpoints"] = [["addresses": [.string("\(address)")], "conditions": ["ready": true]]]
            object["ports"] = ports
        }
        guard let current else {
            _ = try await context.client.create(object, in: resource)
            return
        }
        if object == current { return }
        if current["addressType"] != object["addressType"] {
            // It never changes in a slice.
            try await context.delete(resource, Self.object, DeletionOptions(uid: current.uid))
        } else {
            _ = try await context.client.update(object, in: resource, subresource: nil)
        }
    }
}
