import KubeAPI
import Net

/// Puts endpoints of one family with the same ports into slices, in the three steps of upstream's
/// `reconcileByPortMapping` (k8s.io/endpointslice reconciler.go).
struct SliceFilling {
    /// What a new slice begins as.
    let template: EndpointSlice
    /// The slices there are, in the order of their names.
    let existing: [EndpointSlice]
    /// The most endpoints of a slice.
    let limit: Int

    func plan(_ endpoints: [EndpointSpec]) -> SlicePlan {
        var plan = SlicePlan(deletions: [])
        var missing = MissingEndpoints(endpoints)
        let unchanged = keepWanted(&missing, &plan)
        fillUpdated(&missing, &plan)
        place(&missing, &plan, unchanged: unchanged)
        return plan
    }

    /// 1. Each slice keeps the endpoints that are still wanted, as they are now.
    ///
    /// - Returns: the slices that stay as they are.
    private func keepWanted(_ missing: inout MissingEndpoints, _ plan: inout SlicePlan) -> [EndpointSlice] {
        var unchanged: [EndpointSlice] = []
        for old in existing {
            var slice = old
            slice.endpoints = old.endpoints.compactMap { missing.take($0) }
            slice.metadata.labels = template.metadata.labels
            if slice.endpoints.isEmpty {
                plan.deletions.append(old)
            } else if slice.endpoints != old.endpoints || slice.metadata.labels != old.metadata.labels {
                plan.updates.append(slice)
            } else {
                unchanged.append(old)
            }
        }
        return unchanged
    }

    /// 2. Slices that are written anyway are filled up, the fullest first.
    private func fillUpdated(_ missing: inout MissingEndpoints, _ plan: inout SlicePlan) {
        let order = plan.updates.indices.sorted {
            (-plan.updates[$0].endpoints.count, $0) < (-plan.updates[$1].endpoints.count, $1)
        }
        for index in order {
            plan.updates[index].endpoints += missing.take(upTo: limit - plan.updates[index].endpoints.count)
        }
    }

    /// 3. What is left goes into one untouched slice that has the room, or into new ones.
    private func place(_ missing: inout MissingEndpoints, _ plan: inout SlicePlan, unchanged: [EndpointSlice]) {
        while missing.count > 0 {
            let rest = missing.count
            let roomy = unchanged.filter { $0.endpoints.count + rest <= limit }
            if var slice = roomy.max(by: { $0.endpoints.count < $1.endpoints.count }) {
                slice.endpoints += missing.take(upTo: rest)
                plan.updates.append(slice)
            } else {
                var slice = template
                slice.endpoints = missing.take(upTo: limit)
                plan.creations.append(slice)
            }
        }
    }
}

/// Endpoints that are in no slice yet, in their order.
private struct MissingEndpoints {
    private let all: [EndpointSpec]
    private var positions: [EndpointIdentity: Int]
    private var next = 0

    init(_ endpoints: [EndpointSpec]) {
        all = endpoints
        positions = Dictionary(endpoints.enumerated().map { (EndpointIdentity($1), $0) }) { first, _ in first }
    }

    var count: Int { positions.count }

    /// The endpoint as it should be, if it is one of these; it is no longer missing then.
    mutating func take(_ endpoint: EndpointSpec) -> EndpointSpec? {
        positions.removeValue(forKey: EndpointIdentity(endpoint)).map { all[$0] }
    }

    mutating func take(upTo limit: Int) -> [EndpointSpec] {
        var taken: [EndpointSpec] = []
        while taken.count < limit, next < all.count {
            if let endpoint = take(all[next]) { taken.append(endpoint) }
            next += 1
        }
        return taken
    }
}

extension EndpointSlice {
    /// A new slice of `service`, without endpoints.
    init(for service: KubeAPI.Service, family: IPFamily, ports: [EndpointPort]) {
        var metadata = ObjectMeta(name: "", namespace: service.metadata.namespace)
        metadata.generateName = "\(service.metadata.name)-"
        metadata.labels = service.metadata.labels
        metadata.labels[Self.headlessLabel] = IPAddress(parsing: service.spec.clusterIP) == nil ? "" : nil
        metadata.labels[Self.serviceNameLabel] = service.metadata.name
        metadata.labels[Self.managedByLabel] = EndpointSliceController.name
        var owner = OwnerReference(
            apiVersion: "v1", kind: "Service", name: service.metadata.name, uid: service.metadata.uid ?? "")
        owner.controller = true
        owner.blockOwnerDeletion = true
        metadata.ownerReferences = [owner]
        self.init(metadata: metadata, addressType: family.description, ports: ports)
    }
}
