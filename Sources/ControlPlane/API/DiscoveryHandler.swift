import APIMachinery
import Hummingbird
import KubeAPI

/// Answers which groups, versions and resources there are: what the resource table says.
struct DiscoveryHandler: Sendable {
    let table: ResourceTable

    /// - Throws: 404 for what is no path of discovery.
    func answer(_ target: RequestTarget, accept: String?) throws -> Response {
        switch target {
        case .index: return .json(["paths": JSONValue(paths)])
        case .coreVersions:
            if let version = Representation.aggregatedDiscoveryVersion(accept: accept) {
                return Self.aggregated(version, [group("", ["v1"])])
            }
            return .json([
                "kind": "APIVersions", "versions": ["v1"],
                // No client is told of another address.
                "serverAddressByClientCIDRs": [],
            ])
        case .groups:
            if let version = Representation.aggregatedDiscoveryVersion(accept: accept) {
                return Self.aggregated(version, table.groups.map { group($0.name, $0.versions) })
            }
            return .json([
                "kind": "APIGroupList", "apiVersion": "v1",
                "groups": .array(table.groups.map { Self.group($0, isAlone: false) }),
            ])
        case .group(let name):
            guard let found = table.groups.first(where: { $0.name == name }) else { throw Status.unknownPath }
            return .json(Self.group(found, isAlone: true))
        case .resources(let group, let version):
            let rows = descriptions(group: group, version: version)
            guard !rows.isEmpty else { throw Status.unknownPath }
            return .json([
                "kind": "APIResourceList", "apiVersion": "v1",
                "groupVersion": .string(group.isEmpty ? version : "\(group)/\(version)"),
                "resources": .array(rows.map { $0.listed(in: group, version) }),
            ])
        case .version: return try .json(ServerVersion())
        default: throw Status.unknownPath
        }
    }

    /// meta/v1 `APIGroup`.
    private static func group(_ group: (name: String, versions: [String]), isAlone: Bool) -> JSONValue {
        let versions = group.versions.map { version -> JSONValue in
            ["groupVersion": .string("\(group.name)/\(version)"), "version": .string(version)]
        }
        var json: JSONValue = [
            "name": .string(group.name), "versions": .array(versions), "preferredVersion": versions.first ?? .null,
        ]
        guard isAlone else { return json }
        json["kind"] = "APIGroup"
        json["apiVersion"] = "v1"
        return json
    }

    /// apidiscovery.k8s.io `APIGroupDiscovery`.
    private func group(_ name: String, _ versions: [String]) -> JSONValue {
        let described = versions.map { version -> JSONValue in
            let rows = descriptions(group: name, version: version)
            let resources = rows.filter(\.subresource.isEmpty).map { row in
                row.aggregated(rows.filter { $0.plural == row.plural && !$0.subresource.isEmpty })
            }
            return ["version": .string(version), "resources": .array(resources), "freshness": "Current"]
        }
        var metadata = JSONObject()
        if !name.isEmpty { metadata["name"] = .string(name) }
        return ["metadata": .object(metadata), "versions": .array(described)]
    }

    private static func aggregated(_ version: String, _ items: [JSONValue]) -> Response {
        var response = Response.json([
            "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version)"),
            "metadata": .object(JSONObject()), "items": .array(items),
        ])
        response.headers[.contentType] =
            "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
        return response
    }

    private func descriptions(group: String, version: String) -> [ResourceDescription] {
        let reviews = Review.allCases.filter { $0.group == group && version == "v1" }
        return table.resources(group: group, version: version).flatMap { ResourceDescription.all(of: $0.rules) }
            + reviews.map { ResourceDescription.of($0) }
    }

    private var paths: [String] {
        var paths = ["/api", "/api/v1", "/apis"]
        for group in table.groups {
            paths.append("/apis/\(group.name)")
            paths += group.versions.map { "/apis/\(group.name)/\($0)" }
        }
        return paths + ["/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]
    }
}
