import APIMachinery
import KubeAPI

/// What discovery says of a resource, or of a part of one.
struct ResourceDescription {
    /// `pods`.
    let plural: String
    /// `status`; empty for the resource itself.
    let subresource: String
    let singular: String
    let isNamespaced: Bool
    /// Of the objects that are sent and answered.
    let group: String
    let version: String
    let kind: String
    let verbs: [String]
    let shortNames: [String]
    let categories: [String]

    /// A kind, and its parts behind it.
    static func all(of rules: KindRules) -> [ResourceDescription] {
        let resource = rules.resource
        let main = ResourceDescription(
            plural: resource.plural, subresource: "", singular: rules.singular, isNamespaced: resource.isNamespaced,
            group: resource.group, version: resource.version, kind: resource.kind,
            verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
                // A Namespace is deleted one at a time.
                .filter { $0 != "deletecollection" || resource != .namespaces },
            shortNames: rules.shortNames, categories: rules.categories)
        return [main] + rules.subresources.sorted().map { part(of: resource, $0) }
    }

    private static func part(of resource: Resource, _ subresource: String) -> ResourceDescription {
        let (group, version, kind, verbs): (String, String, String, [String]) =
            switch subresource {
            case "scale": ("autoscaling", "v1", "Scale", ["get", "patch", "update"])
            case "binding": ("", "v1", "Binding", ["create"])
            case "eviction": ("policy", "v1", "Eviction", ["create"])
            case "token": ("authentication.k8s.io", "v1", "TokenRequest", ["create"])
            case "finalize": (resource.group, resource.version, resource.kind, ["update"])
            default: (resource.group, resource.version, resource.kind, ["get", "patch", "update"])
            }
        return ResourceDescription(
            plural: resource.plural, subresource: subresource, singular: "", isNamespaced: resource.isNamespaced,
            group: group, version: version, kind: kind, verbs: verbs, shortNames: [], categories: [])
    }

    static func of(_ review: Review) -> ResourceDescription {
        ResourceDescription(
            plural: review.rawValue, subresource: "", singular: review.kind.lowercased(),
            isNamespaced: review.isNamespaced,
            group: review.group, version: "v1", kind: review.kind, verbs: ["create"], shortNames: [], categories: [])
    }

    /// meta/v1 `APIResource`, in the list of a group and version.
    func listed(in group: String, _ version: String) -> JSONValue {
        var json: JSONValue = [
            "name": .string(subresource.isEmpty ? plural : "\(plural)/\(subresource)"),
            "singularName": .string(singular), "namespaced": JSONValue(isNamespaced), "kind": .string(kind),
            "verbs": JSONValue(verbs),
        ]
        if self.group != group || self.version != version {
            json["group"] = .string(self.group)
            json["version"] = .string(self.version)
        }
        if !shortNames.isEmpty { json["shortNames"] = JSONValue(shortNames) }
        if !categories.isEmpty { json["categories"] = JSONValue(categories) }
        return json
    }

    /// apidiscovery.k8s.io `APIResourceDiscovery`, or `APISubresourceDiscovery`.
    func aggregated(_ parts: [ResourceDescription]) -> JSONValue {
        var json: JSONValue = [
            "responseKind": ["group": .string(group), "version": .string(version), "kind": .string(kind)],
            "verbs": JSONValue(verbs),
        ]
        guard subresource.isEmpty else {
            json["subresource"] = .string(subresource)
            return json
        }
        json["resource"] = .string(plural)
        json["scope"] = isNamespaced ? "Namespaced" : "Cluster"
        json["singularResource"] = .string(singular)
        if !shortNames.isEmpty { json["shortNames"] = JSONValue(shortNames) }
        if !categories.isEmpty { json["categories"] = JSONValue(categories) }
        if !parts.isEmpty { json["subresources"] = .array(parts.map { $0.aggregated([]) }) }
        return json
    }
}
