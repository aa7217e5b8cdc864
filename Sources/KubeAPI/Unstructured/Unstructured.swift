/// An object of any kind as the tree of its fields (upstream's `unstructured.Unstructured`): all that it has stays.
package struct Unstructured: Sendable, Hashable {
    /// Always a JSON object.
    package private(set) var tree: JSONValue

    /// - Throws: `DecodeError` where the value is no JSON object.
    package init(_ tree: JSONValue) throws(DecodeError) {
        guard tree.object != nil else {
            throw .field(FieldError(path: FieldPath(), problem: "expected an object"))
        }
        self.tree = tree
    }

    /// - Throws: `DecodeError` where the text is not JSON, or no JSON object.
    package init(json bytes: [UInt8]) throws(DecodeError) { try self.init(JSONValue(json: bytes)) }

    /// An object of a kind with nothing but a name.
    package init(_ resource: Resource, namespace: String = "", name: String) {
        tree = ["apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind)]
        self.name = name
        self.namespace = namespace
    }

    /// A first-level field.
    package subscript(key: String) -> JSONValue? {
        get { tree[key] }
        set { tree[key] = newValue }
    }

    /// The value at the end of a path of fields: `object[["spec", "replicas"]]`.
    package subscript(path: [String]) -> JSONValue? {
        get { tree[path] }
        set { if !path.isEmpty { tree[path] = newValue } }
    }

    package var apiVersion: String { tree["apiVersion"]?.string ?? "" }
    package var kind: String { tree["kind"]?.string ?? "" }
}

/// `metadata` (k8s.io/apimachinery meta/v1 `ObjectMeta`). Empty and absent are the same.
extension Unstructured {
    package var name: String {
        get { metadataText("name") }
        set { setMetadata("name", newValue) }
    }

    /// Empty for cluster-scoped objects.
    package var namespace: String {
        get { metadataText("namespace") }
        set { setMetadata("namespace", newValue) }
    }

    package var objectName: ObjectName { ObjectName(namespace: namespace, name: name) }

    package var uid: String {
        get { metadataText("uid") }
        set { setMetadata("uid", newValue) }
    }

    package var generateName: String { metadataText("generateName") }

    /// The store's revision as decimal text; empty in what the store keeps.
    package var resourceVersion: String {
        get { metadataText("resourceVersion") }
        set { setMetadata("resourceVersion", newValue) }
    }

    package var generation: Int {
        get { tree["metadata"]?["generation"]?.integer ?? 0 }
        set { tree[["metadata", "generation"]] = newValue == 0 ? nil : JSONValue(newValue) }
    }

    package var creationTimestamp: Timestamp? {
        get { tree["metadata"]?["creationTimestamp"]?.string.flatMap { Timestamp($0) } }
        set { tree[["metadata", "creationTimestamp"]] = newValue.map { .string($0.wholeSeconds.text) } }
    }

    package var deletionTimestamp: Timestamp? {
        get { tree["metadata"]?["deletionTimestamp"]?.string.flatMap { Timestamp($0) } }
        set { tree[["metadata", "deletionTimestamp"]] = newValue.map { .string($0.wholeSeconds.text) } }
    }

    package var labels: [String: String] {
        get { texts("labels") }
        set { tree[["metadata", "labels"]] = newValue.isEmpty ? nil : JSONValue(newValue) }
    }

    package var annotations: [String: String] {
        get { texts("annotations") }
        set { tree[["metadata", "annotations"]] = newValue.isEmpty ? nil : JSONValue(newValue) }
    }

    package var finalizers: [String] {
        get { tree["metadata"]?["finalizers"]?.array?.compactMap(\.string) ?? [] }
        set { tree[["metadata", "finalizers"]] = newValue.isEmpty ? nil : JSONValue(newValue) }
    }

    package var ownerReferences: [JSONValue] {
        get { tree["metadata"]?["ownerReferences"]?.array ?? [] }
        set { tree[["metadata", "ownerReferences"]] = newValue.isEmpty ? nil : .array(newValue) }
    }

    /// The owner whose controller acts for this object; nil where there is none.
    package var controllerReference: JSONValue? { ownerReferences.first { $0["controller"]?.bool == true } }

    private func metadataText(_ key: String) -> String { tree["metadata"]?[key]?.string ?? "" }

    private mutating func setMetadata(_ key: String, _ value: String) {
        tree[["metadata", key]] = value.isEmpty ? nil : .string(value)
    }

    private func texts(_ key: String) -> [String: String] {
        guard let object = tree["metadata"]?[key]?.object else { return [:] }
        return Dictionary(object.fields.compactMap { field in field.value.string.map { (field.key, $0) } }) { $1 }
    }
}

extension Unstructured: CustomStringConvertible {
    /// "Service default/web", for people.
    package var description: String { objectName.reference(kind: kind) }
}
