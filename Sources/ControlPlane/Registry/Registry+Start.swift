import APIMachinery
import KubeAPI
import Net
import Storage

extension Registry {
    /// Takes over what Services have, and makes what every cluster has where it is missing: the namespaces of the system,
    /// Service `default/kubernetes`, ServiceCIDR `kubernetes`. To be called once, before anything is written.
    ///
    /// - Parameter apiPort: where this API is served, for Service `kubernetes`.
    package func start(apiPort: UInt16 = 6443) async throws(Status) {
        let services = try kind(.services)
        do throws(StorageError) {
            try await allocator.follow(store, services: services)
            if let addresses = try? kind(.ipAddresses) { try await allocator.follow(store, addresses: addresses) }
            if let ranges = try? kind(.serviceCIDRs) { try await allocator.follow(store, ranges: ranges) }
        } catch {
            throw error.status
        }
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            try await add(Unstructured(.namespaces, name: name), .namespaces)
        }
        try await add(kubernetesService(apiPort: apiPort), .services)
        guard (try? kind(.serviceCIDRs)) != nil else { return }
        var range = Unstructured(.serviceCIDRs, name: "kubernetes")
        range["spec"] = ["cidrs": JSONValue(allocator.serviceCIDRs.map(\.description))]
        try await add(range, .serviceCIDRs)
    }

    /// Adds an object that may be there already.
    private func add(_ object: Unstructured, _ resource: Resource) async throws(Status) {
        guard try await find(resource, object.objectName) == nil else { return }
        do throws(Status) {
            _ = try await create(object, in: resource)
        } catch {
            guard error.reason == "AlreadyExists" else { throw error }
        }
    }

    private func kubernetesService(apiPort: UInt16) -> Unstructured {
        var service = Unstructured(.services, namespace: "default", name: "kubernetes")
        service.labels = ["component": "apiserver", "provider": "kubernetes"]
        var spec: JSONValue = [
            "type": "ClusterIP", "sessionAffinity": "None",
            "ports": [
                ["name": "https", "port": 443, "protocol": "TCP", "targetPort": JSONValue(Int(apiPort))]
            ],
        ]
        if let pool = allocator.pools[allocator.defaultFamily] {
            spec["clusterIP"] = .string("\(pool.kubernetesAddress)")
        }
        service["spec"] = spec
        return service
    }
}
