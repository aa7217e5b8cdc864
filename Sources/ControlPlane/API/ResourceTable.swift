import APIMachinery
import KubeAPI

/// A kind that is served over HTTP, with what its watches share.
final class ServedResource: Sendable {
    let kind: ServedKind
    let lines: WatchLines

    init(_ kind: ServedKind) {
        self.kind = kind
        lines = WatchLines(kind)
    }

    var resource: Resource { kind.resource }
    var rules: KindRules { kind.rules }
}

/// The kinds that are served, by their paths.
struct ResourceTable: Sendable {
    /// In the order in which discovery names them.
    let resources: [ServedResource]
    private let places: [ResourcePath: ServedResource]

    init(_ kinds: [ServedKind]) {
        resources = kinds.map { ServedResource($0) }
        places = Dictionary(
            resources.map { row in
                (
                    ResourcePath(
                        group: row.resource.group, version: row.resource.version, plural: row.resource.plural,
                        namespace: nil), row
                )
            }
        ) { first, _ in first }
    }

    /// The kind that a path names, with the namespace where its scope wants one.
    ///
    /// - Parameter isObject: the path goes on with a name, which needs a namespace where the kind has them.
    /// - Throws: 404.
    func find(_ path: ResourcePath, isObject: Bool) throws(Status) -> ServedResource {
        let place = ResourcePath(group: path.group, version: path.version, plural: path.plural, namespace: nil)
        guard let row = places[place] else { throw .unknownPath }
        let isRight = row.resource.isNamespaced ? !isObject || path.namespace != nil : path.namespace == nil
        guard isRight else { throw .unknownPath }
        return row
    }

    /// Those of one group and version.
    func resources(group: String, version: String) -> [ServedResource] {
        resources.filter { $0.resource.group == group && $0.resource.version == version }
    }

    /// The groups beside the core group with their versions, without repetition, those of reviews with them.
    var groups: [(name: String, versions: [String])] {
        var groups: [(name: String, versions: [String])] = []
        let pairs = resources.map { ($0.resource.group, $0.resource.version) } + Review.groupVersions
        for (group, version) in pairs where !group.isEmpty {
            if let index = groups.firstIndex(where: { $0.name == group }) {
                if !groups[index].versions.contains(version) { groups[index].versions.append(version) }
            } else {
                groups.append((group, [version]))
            }
        }
        return groups
    }
}
