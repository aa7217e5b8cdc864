import KubeAPI

/// What a manifest can declare once: an object of a kind.
struct ManifestKey: Hashable, Sendable, CustomStringConvertible {
    let resource: Resource
    let name: ObjectName

    /// "Service default/web".
    var description: String { name.reference(kind: resource.kind) }

    /// The order in which objects are applied: what others refer to first, then by name.
    static func isAppliedBefore(_ left: ManifestKey, _ right: ManifestKey) -> Bool {
        left.rank == right.rank ? left.name < right.name : left.rank < right.rank
    }

    /// No Service comes before it.
    static let firstService = ManifestKey(resource: .services, name: ObjectName(namespace: "", name: ""))

    private static let order = [
        "Namespace", "ServiceCIDR", "Node", "ServiceAccount", "ConfigMap", "Secret", "Service",
    ]

    private var rank: Int { Self.order.firstIndex(of: resource.kind) ?? Self.order.count }
}
