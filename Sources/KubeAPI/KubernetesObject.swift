/// A kind of object that the API has, with what its REST path and its store key are made of.
package struct Resource: Hashable, Sendable {
    /// Empty for the core group.
    package let group: String
    package let version: String
    package let kind: String
    /// The plural, lower-case name in paths: `endpointslices`.
    package let plural: String
    package let isNamespaced: Bool

    package init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// `v1` or `discovery.k8s.io/v1`.
    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
}

/// An object of the API: typed, decoded from JSON, unknown fields tolerated.
package protocol KubernetesObject: Codable, Sendable, Equatable {
    static var resource: Resource { get }
    var metadata: ObjectMeta { get set }
}

extension KubernetesObject {
    /// "Service default/web", for people.
    package var reference: String { Self.reference(namespace: metadata.namespace, name: metadata.name) }

    package static func reference(namespace: String, name: String) -> String {
        "\(resource.kind) \(namespace.isEmpty ? name : "\(namespace)/\(name)")"
    }
}
