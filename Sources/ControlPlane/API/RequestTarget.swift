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
    case subresource(ResourcePath, name: String, subresource: String)
    /// `/version`.
    case version
    /// `/healthz`, `/livez`, `/readyz` with the check that follows; empty for all of them.
    case health(endpoint: String, check: String)
    /// `/metrics`.
    case metrics
    /// `/openapi/v2`.
    case swagger
    /// `/openapi/v3` and what follows.
    case openAPI(String)
    case unknown

    /// Reads the path as it is sent; names are decoded.
    init(path: String) {
        let parts = path.split(separator: "/").map(String.init)
        switch parts.first {
        case nil: self = .index
        case "api": self = Self.target(group: "", parts.dropFirst()) ?? .coreVersions
        case "apis": self = Self.target(groupParts: parts.dropFirst())
        case "version" where parts.count == 1: self = .version
        case "metrics" where parts.count == 1: self = .metrics
        case "healthz" where parts.count <= 2, "livez" where parts.count <= 2, "readyz" where parts.count <= 2:
            self = .health(endpoint: parts[0], check: parts.count > 1 ? parts[1] : "")
        case "openapi" where parts.dropFirst().first == "v2" && parts.count == 2: self = .swagger
        case "openapi" where parts.dropFirst().first == "v3":
            self = .openAPI(parts.dropFirst(2).joined(separator: "/"))
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
        // `namespaces/NAME` alone is the object of that name, and `namespaces/NAME/status` a part of it.
        let isPartOfNamespace = rest.count == 3 && ["status", "finalize"].contains(rest.last ?? "")
        if rest.first == "namespaces", rest.count > 2, !isPartOfNamespace {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.first else { return .unknown }
        let path = ResourcePath(group: group, version: version, plural: plural, namespace: namespace)
        if rest.count == 1 { return .collection(path) }
        guard let name = decoded(rest[rest.startIndex + 1]) else { return .unknown }
        switch rest.count {
        case 2: return .object(path, name: name)
        case 3: return .subresource(path, name: name, subresource: rest[rest.startIndex + 2])
        default: return .unknown
        }
    }

    /// A name without percent signs; nil for what no name can be, such as one with a slash.
    static func decoded(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(Substring(digits), radix: 16), value != UInt8(ascii: "/") else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// A kind in a path, with the namespace that the path names.
struct ResourcePath: Hashable {
    /// Empty for the core group.
    let group: String
    let version: String
    let plural: String
    /// Nil for all namespaces, and for kinds that have none.
    let namespace: String?
}
