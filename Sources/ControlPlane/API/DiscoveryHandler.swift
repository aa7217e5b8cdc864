import Hummingbird
import KubeAPI

/// Answers which groups, versions and resources there are: what the resource table says.
struct DiscoveryHandler: Sendable {
    let table: ResourceTable

    /// - Throws: 404 for what is no path of discovery.
    func answer(_ target: RequestTarget) throws -> Response {
        switch target {
        case .index: return try .json(Discovery.Paths(paths: paths))
        case .coreVersions: return try .json(Discovery.Versions(versions: ["v1"]))
        case .groups:
            return try .json(Discovery.GroupList(groups: table.groups.compactMap(group)))
        case .group(let name):
            guard let found = table.groups.first(where: { $0.name == name }).flatMap(group) else {
                throw Status.unknownPath
            }
            return try .json(found)
        case .resources(let group, let version):
            let rows = table.resources(group: group, version: version)
            guard !rows.isEmpty else { throw Status.unknownPath }
            let groupVersion = group.isEmpty ? version : "\(group)/\(version)"
            return try .json(Discovery.ResourceList(groupVersion: groupVersion, resources: rows.map(entry)))
        case .version: return try .json(Discovery.Version(platform: Self.platform))
        default: throw Status.unknownPath
        }
    }

    private func group(_ group: (name: String, versions: [String])) -> Discovery.Group? {
        let versions = group.versions.map {
            Discovery.Group.Version(groupVersion: "\(group.name)/\($0)", version: $0)
        }
        return versions.first.map {
            Discovery.Group(name: group.name, versions: versions, preferredVersion: $0)
        }
    }

    private func entry(_ row: ServedResource) -> Discovery.ResourceList.Entry {
        Discovery.ResourceList.Entry(
            name: row.resource.plural, singularName: row.resource.kind.lowercased(),
            namespaced: row.resource.isNamespaced, kind: row.resource.kind, verbs: ["get", "list", "watch"],
            shortNames: row.shortNames.isEmpty ? nil : row.shortNames,
            categories: row.categories.isEmpty ? nil : row.categories)
    }

    private var paths: [String] {
        var paths = ["/api", "/api/v1", "/apis"]
        for group in table.groups {
            paths.append("/apis/\(group.name)")
            paths += group.versions.map { "/apis/\(group.name)/\($0)" }
        }
        return paths + ["/healthz", "/livez", "/readyz", "/version"]
    }

    private static var platform: String {
        #if arch(x86_64)
            "linux/amd64"
        #elseif arch(arm64)
            "linux/arm64"
        #else
            "linux"
        #endif
    }
}
