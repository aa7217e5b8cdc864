import KubeAPI
import Net

/// The writes that make the slices of a Service what they should be: as few as possible, none where nothing changes.
struct SlicePlan {
    var creations: [EndpointSlice] = []
    var updates: [EndpointSlice] = []
    var deletions: [EndpointSlice] = []

    /// Removes the slices of a Service that is gone.
    init(deletions: [EndpointSlice]) { self.deletions = deletions }

    /// `existing` are the slices of this Service that the controller made, in the order of their names; `pods` those
    /// that the Service selects.
    init(service: KubeAPI.Service, pods: [PlacedPod], existing: [EndpointSlice], limit: Int) {
        let families = service.sliceFamilies
        for family in families {
            let own = existing.filter { $0.addressType == family.description }
            merge(SlicePlan(service: service, family: family, pods: pods, existing: own, limit: limit))
        }
        let kept = Set(families.map(\.description))
        deletions += existing.filter { !kept.contains($0.addressType) }
        // A Service on its way out gets no new slices (upstream's `finalize`).
        if service.metadata.deletionTimestamp != nil { creations = [] }
    }

    /// The plan for one family.
    private init(
        service: KubeAPI.Service, family: IPFamily, pods: [PlacedPod], existing: [EndpointSlice], limit: Int
    ) {
        let owned = existing.filter { $0.isOwned(by: service) }
        let foreign = existing.filter { !$0.isOwned(by: service) }
        var current = Dictionary(grouping: owned) { PortKey($0.ports) }
        for group in EndpointGroup.groups(of: pods, service: service, family: family) {
            merge(
                SliceFilling(
                    template: EndpointSlice(for: service, family: family, ports: group.ports),
                    existing: current.removeValue(forKey: PortKey(group.ports)) ?? [], limit: limit
                ).plan(group.endpoints))
        }
        let leftovers = current.values.flatMap { $0 }.sorted { $0.metadata.name < $1.metadata.name }
        deletions += leftovers + foreign
        if deletions.count == existing.count, creations.isEmpty {
            keepPlaceholder(EndpointSlice(for: service, family: family, ports: []))
        }
        reuseDeletions(foreign: Set(foreign.map(\.metadata.name)))
    }

    private mutating func merge(_ other: SlicePlan) {
        creations += other.creations
        updates += other.updates
        deletions += other.deletions
    }

    /// A Service without endpoints has one empty slice, which tells it from a Service that nobody has looked at.
    private mutating func keepPlaceholder(_ placeholder: EndpointSlice) {
        let isThere =
            deletions.count == 1
            && deletions.allSatisfy {
                $0.endpoints.isEmpty && $0.ports.isEmpty && $0.metadata.labels == placeholder.metadata.labels
                    && $0.metadata.ownerReferences == placeholder.metadata.ownerReferences
            }
        if isThere { deletions = [] } else { creations = [placeholder] }
    }

    /// A slice to be made takes the place of one to be removed: one write instead of two.
    private mutating func reuseDeletions(foreign: Set<String>) {
        var kept: [EndpointSlice] = []
        for old in deletions {
            guard !creations.isEmpty, !foreign.contains(old.metadata.name) else {
                kept.append(old)
                continue
            }
            let new = creations.removeFirst()
            var slice = old
            slice.endpoints = new.endpoints
            slice.ports = new.ports
            slice.metadata.labels = new.metadata.labels
            updates.append(slice)
        }
        deletions = kept
    }
}

extension KubeAPI.Service {
    /// The families that the Service has slices of: its own, else that of its ClusterIP, else both.
    var sliceFamilies: [IPFamily] {
        let families = spec.ipFamilies.compactMap { IPFamily(kubernetesName: $0) }
        if !families.isEmpty { return families }
        if let address = IPAddress(parsing: spec.clusterIP) { return [address.family] }
        return IPFamily.allCases
    }
}

extension EndpointSlice {
    fileprivate func isOwned(by service: KubeAPI.Service) -> Bool {
        metadata.ownerReferences.contains {
            $0.uid == service.metadata.uid && $0.kind == "Service" && $0.apiVersion == "v1"
        }
    }
}
