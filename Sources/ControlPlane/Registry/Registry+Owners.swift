import APIMachinery
import KubeAPI

/// Who wrote which fields of an object (`metadata.managedFields`).
extension ServedKind {
    /// Who writes in this process without a name of its own. Its objects have no owners, as long as no client with a name
    /// writes them.
    private static let ownManager = "fairlead"

    /// - Parameter subresource: empty for the object itself.
    func ownership(of subresource: String) -> FieldOwnership? {
        FieldOwnership(
            of: GroupVersionKind(group: resource.group, version: resource.version, kind: resource.kind),
            subresource: subresource, hasStatus: rules.subresources.contains("status"))
    }

    /// To be called by every write that makes or replaces an object, once its defaults are set, and before the server adds
    /// what nobody owns.
    func recordOwner(
        _ object: inout Unstructured, replacing old: Unstructured?, _ subresource: String, _ options: WriteOptions
    ) {
        guard !options.isApply else { return }
        let isNamed = !options.fieldManager.isEmpty
        guard isNamed || old?.managedFields != nil, let ownership = ownership(of: subresource) else {
            object.managedFields = nil
            return
        }
        ownership.update(
            &object, replacing: old, manager: isNamed ? options.fieldManager : Self.ownManager, time: .now)
    }
}

extension Registry {
    /// Server-side apply: makes of an object, or of its status, what the configuration says, or makes it.
    ///
    /// - Parameter force: takes the fields that others own.
    /// - Returns: what is stored then, and whether it is new.
    /// - Throws: 409 Conflict, 404 NotFound for the status of what is not there, and what a write throws.
    package func apply(
        _ configuration: JSONValue, to kind: ServedKind, _ name: ObjectName, _ part: WrittenPart, force: Bool,
        _ options: WriteOptions
    ) async throws(Status) -> (record: ObjectRecord, isNew: Bool) {
        guard let ownership = kind.ownership(of: part == .object ? "" : "status") else {
            throw Status(code: 404, reason: "NotFound", message: "the server could not find the requested resource")
        }
        var options = options
        options.isApply = true
        let manager = options.fieldManager
        return try await update(kind, name, part, options) { (old) throws(Status) in
            var object = try ownership.apply(configuration, to: old, manager: manager, force: force, time: .now)
            if old == nil, !object.uid.isEmpty {
                throw .conflict(
                    kind.resource, name: name.name,
                    cause:
                        "uid mismatch: the provided object specified uid \(object.uid), and no existing object was found"
                )
            }
            if kind.resource.isNamespaced {
                guard object.namespace.isEmpty || object.namespace == name.namespace else {
                    throw .badRequest(
                        "the namespace of the provided object does not match the namespace sent on the request")
                }
                object.namespace = name.namespace
            }
            guard object.name == name.name else { throw WriteHandler.nameDiffers(object, name) }
            return object
        }
    }
}
