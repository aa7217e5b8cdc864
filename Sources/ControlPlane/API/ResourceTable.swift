import KubeAPI

/// The kinds that are served, in the order in which discovery names them. What is added here is served everywhere:
/// paths, discovery, selectors.
struct ResourceTable: Sendable {
    let resources: [ServedResource] = [
        ServedResource(Namespace.self, shortNames: ["ns"], fields: ["status.phase": { $0.status?.phase ?? "" }]),
        ServedResource(
            Node.self, shortNames: ["no"],
            fields: ["spec.unschedulable": { String($0.spec.unschedulable ?? false) }]),
        ServedResource(
            Pod.self, shortNames: ["po"], categories: ["all"],
            fields: [
                "spec.nodeName": { $0.spec.nodeName ?? "" },
                "spec.hostNetwork": { String($0.spec.hostNetwork ?? false) },
                "status.phase": { $0.status.phase ?? "" },
                "status.podIP": { $0.status.podIPs.first?.ip ?? $0.status.podIP ?? "" },
            ]),
        ServedResource(
            Service.self, shortNames: ["svc"], categories: ["all"],
            fields: ["spec.clusterIP": { $0.spec.clusterIP }, "spec.type": { $0.spec.type }]),
        ServedResource(EndpointSlice.self),
        ServedResource(ServiceCIDR.self),
    ]

    /// The kind that a path names, with the namespace where its scope wants one.
    ///
    /// - Parameter isObject: the path goes on with a name, which needs a namespace where the kind has them.
    func find(_ path: ResourcePath, isObject: Bool) -> ServedResource? {
        resources.first { row in
            let resource = row.resource
            guard resource.group == path.group, resource.version == path.version, resource.plural == path.plural
            else { return false }
            if !resource.isNamespaced { return path.namespace == nil }
            return !isObject || path.namespace != nil
        }
    }

    /// Those of one group and version.
    func resources(group: String, version: String) -> [ServedResource] {
        resources.filter { $0.resource.group == group && $0.resource.version == version }
    }

    /// The groups beside the core group with their versions, without repetition.
    var groups: [(name: String, versions: [String])] {
        var groups: [(name: String, versions: [String])] = []
        for row in resources where !row.resource.group.isEmpty {
            let (group, version) = (row.resource.group, row.resource.version)
            if let index = groups.firstIndex(where: { $0.name == group }) {
                if !groups[index].versions.contains(version) { groups[index].versions.append(version) }
            } else {
                groups.append((group, [version]))
            }
        }
        return groups
    }
}
