/// What the path of a request names (k8s.io/apiserver endpoints/request/requestinfo.go).
enum RequestTarget: Equatable {
    /// `/`: the paths that there are.
    case index
    /// `/api`: the versions of the core group.
    case coreVersions
    /// `/apis`: the other groups.
    case groups
    /// `/apis/GROUP`.
    case group(String)
    /// `/api/v1` and `/apis/GROUP/VERSION`: the resources of a version.
    case resources(group: String, version: String)
    case collection(ResourcePath)
    case object(ResourcePath, name: String)
    /// `/version`.
    case version
    /// `/healthz`, `/livez`.
    case liveness
    /// `/readyz`.
    case readiness
    case unknown

    /// Reads the path as it is sent. Nothing in it is decoded: no name of a namespace, a kind or an object of the kinds
    /// that are served has a character that must be encoded.
    init(path: String) {
        let parts = path.split(separator: "/").map(String.init)
        switch parts.first {
        case nil: self = .index
        case "api": self = Self.target(group: "", parts.dropFirst()) ?? .coreVersions
        case "apis": self = Self.target(groupParts: parts.dropFirst())
        case "version" where parts.count == 1: self = .version
        case "healthz" where parts.count == 1, "livez" where parts.count == 1: self = .liveness
        case "readyz" where parts.count == 1: self = .readiness
        default: self = .unknown
        }
    }

    private static func target(groupParts parts: ArraySlice<String>) -> RequestTarget {
        guard let group = parts.first else { return .groups }
        return target(group: group, parts.dropFirst()) ?? .group(group)
    }

    /// `parts` begin with the version; nil where there is none.
    private static func target(group: String, _ parts: ArraySlice<String>) -> RequestTarget? {
        guard let version = parts.first else { return nil }
        var rest = parts.dropFirst()
        guard !rest.isEmpty else { return .resources(group: group, version: version) }
        var namespace: String?
        // `namespaces/NAME` alone is the object of that name.
        if rest.first == "namespaces", rest.count > 2 {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.first else { return .unknown }
        let path = ResourcePath(group: group, version: version, plural: plural, namespace: namespace)
        switch rest.count {
        case 1: return .collection(path)
        case 2: return .object(path, name: rest[rest.startIndex + 1])
        // A subresource: none is served.
        default: return .unknown
        }
    }
}

/// A kind in a path, with the namespace that the path names.
struct ResourcePath: Equatable {
    /// Empty for the core group.
    let group: String
    let version: String
    let plural: String
    /// Nil for all namespaces, and for kinds that have none.
    let namespace: String?
}
