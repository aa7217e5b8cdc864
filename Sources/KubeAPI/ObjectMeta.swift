/// `metadata` of every object (k8s.io/apimachinery meta/v1 `ObjectMeta`).
package struct ObjectMeta: Codable, Sendable, Equatable {
    package var name: String
    /// Empty for cluster-scoped objects.
    package var namespace: String
    package var generateName: String?
    package var uid: String?
    /// Opaque to clients; the store's revision as decimal text.
    package var resourceVersion: String?
    package var generation: Int64?
    package var creationTimestamp: Timestamp?
    package var deletionTimestamp: Timestamp?
    package var deletionGracePeriodSeconds: Int64?
    package var labels: [String: String]
    package var annotations: [String: String]
    package var ownerReferences: [OwnerReference]
    package var finalizers: [String]

    package init(name: String, namespace: String = "", labels: [String: String] = [:]) {
        self.name = name
        self.namespace = namespace
        self.labels = labels
        annotations = [:]
        ownerReferences = []
        finalizers = []
    }
}

/// An entry of `metadata.ownerReferences`.
package struct OwnerReference: Codable, Sendable, Equatable {
    package var apiVersion: String
    package var kind: String
    package var name: String
    package var uid: String
    package var controller: Bool?
    package var blockOwnerDeletion: Bool?

    package init(apiVersion: String, kind: String, name: String, uid: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
    }
}
