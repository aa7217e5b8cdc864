import APIMachinery
import KubeAPI
import Metrics

/// A kind that is served over HTTP, with what its watches share.
final class ServedResource: Sendable {
    let kind: ServedKind
    let lines: WatchLines

    /// Counts the events that its watches are sent.
    let watchEvents: Counter

    init(_ kind: ServedKind, _ metrics: APIMetrics) {
        self.kind = kind
        lines = WatchLines(kind)
        watchEvents = metrics.watchEvents(of: kind.resource)
    }

    var resource: Resource { kind.resource }
    var rules: KindRules { kind.rules }
}

/// The kinds that are served, by their paths.
struct ResourceTable: Sendable {
    /// In the order in which discovery names them.
    let resources: [ServedResource]
    private let places: [ResourcePath: ServedResource]

    init(_ kinds: [ServedKind], _ metrics: APIMetrics) {
        resources = kinds.map { ServedResource($0, metrics) }
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

    /// What a request counts as. What there is not counts as one, so that nobody makes numbers without end.
    func labels(of request: RequestAttributes, _ target: RequestTarget, isApply: Bool, dryRun: String) -> RequestLabels
    {
        let verb = isApply && request.verb == "patch" ? "apply" : request.verb
        var labels = RequestLabels(verb: Self.metricVerbs[verb] ?? "unknown")
        labels.dryRun = dryRun == "All" ? dryRun : ""
        guard request.isResource else {
            labels.subresource = target.metricPath
            return labels
        }
        let place = ResourcePath(
            group: request.group, version: request.version, plural: request.resource, namespace: nil)
        guard let row = places[place] else { return labels }
        (labels.group, labels.version, labels.resource) = (request.group, request.version, request.resource)
        if row.rules.subresources.contains(request.subresource) { labels.subresource = request.subresource }
        labels.scope =
            !request.name.isEmpty || request.verb == "create"
            ? "resource" : request.namespace.isEmpty ? "cluster" : "namespace"
        return labels
    }

    private static let metricVerbs = [
        "get": "GET", "head": "GET", "list": "LIST", "watch": "WATCH", "create": "POST", "post": "POST",
        "update": "PUT",
        "patch": "PATCH", "apply": "APPLY", "delete": "DELETE", "deletecollection": "DELETECOLLECTION",
    ]

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

extension RequestTarget {
    /// What is no resource, as the metrics call it.
    fileprivate var metricPath: String {
        switch self {
        case .health(let endpoint, _): "/\(endpoint)"
        case .version: "/version"
        case .metrics: "/metrics"
        case .swagger: "/openapi/v2"
        case .openAPI: "/openapi/v3"
        case .coreVersions: "/api"
        case .groups, .group, .resources: "/apis"
        default: ""
        }
    }
}
