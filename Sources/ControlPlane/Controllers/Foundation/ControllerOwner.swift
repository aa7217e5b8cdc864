import KubeAPI

/// The owner whose controller acts for an object.
struct ControllerOwner: Sendable, Hashable {
    let apiVersion: String
    let kind: String
    let name: String
    let uid: String

    init?(_ reference: JSONValue?) {
        guard let reference else { return nil }
        apiVersion = reference.text(at: "apiVersion")
        kind = reference.text(at: "kind")
        name = reference.text(at: "name")
        uid = reference.text(at: "uid")
    }

    /// The name, where the owner is of this kind.
    func name(of resource: Resource, in namespace: String) -> ObjectName? {
        kind == resource.kind && apiVersion == resource.apiVersion
            ? ObjectName(namespace: namespace, name: name) : nil
    }
}

extension Unstructured {
    var controllerOwner: ControllerOwner? { ControllerOwner(controllerReference) }

    /// The reference of an object that this one controls.
    var asController: JSONValue {
        [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
            "controller": true, "blockOwnerDeletion": true,
        ]
    }
}
