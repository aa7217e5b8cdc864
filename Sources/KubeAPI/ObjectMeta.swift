/// `metadata` of every object (k8s.io/apimachinery meta/v1 `ObjectMeta`).
package struct ObjectMeta: Codable, Sendable, Equatable {
    /// Empty only where `generateName` is set and no name was given out yet.
    @OmitEmpty package var name: String
    /// Empty for cluster-scoped objects.
    @OmitEmpty package var namespace: String
    package var generateName: String?
    package var uid: String?
    /// Opaque to clients; the store's revision as decimal text.
    package var resourceVersion: String?
    @OmitEmpty package var generation: Int64?
    package var creationTimestamp: Timestamp?
    package var deletionTimestamp: Timestamp?
    @OmitEmpty package var deletionGracePeriodSeconds: Int64?
    @OmitEmpty package var labels: [String: String]
    @OmitEmpty package var annotations: [String: String]
    @OmitEmpty package var ownerReferences: [OwnerReference]
    @OmitEmpty package var finalizers: [String]

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
    @OmitEmpty package var apiVersion: String
    @OmitEmpty package var kind: String
    @OmitEmpty package var name: String
    @OmitEmpty package var uid: String
    package var controller: Bool?
    package var blockOwnerDeletion: Bool?

    package init(apiVersion: String, kind: String, name: String, uid: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
    }
}

extension ObjectMeta {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = try fields.value(.name)
        namespace = try fields.value(.namespace)
        generateName = try fields.value(.generateName)
        uid = try fields.value(.uid)
        resourceVersion = try fields.value(.resourceVersion)
        generation = try fields.value(.generation)
        creationTimestamp = try fields.value(.creationTimestamp)
        deletionTimestamp = try fields.value(.deletionTimestamp)
        deletionGracePeriodSeconds = try fields.value(.deletionGracePeriodSeconds)
        labels = try fields.value(.labels)
        annotations = try fields.value(.annotations)
        ownerReferences = try fields.value(.ownerReferences)
        finalizers = try fields.value(.finalizers)
        if name.isEmpty && (generateName ?? "").isEmpty {
            throw FieldError(path: FieldPath(fields.codingPath + [CodingKeys.name]), problem: "is required")
        }
    }
}
