import APIMachinery
import KubeAPI

/// The `scale` subresource of Deployments, ReplicaSets and StatefulSets (autoscaling/v1 `Scale`).
extension Registry {
    static let scale = Resource(
        group: "autoscaling", version: "v1", kind: "Scale", plural: "scales", isNamespaced: true)

    package func scale(_ kind: ServedKind, _ name: ObjectName) async throws(Status) -> Unstructured {
        try kind.decode(try await record(kind, name)).scale
    }

    /// Replaces the number of replicas by what `change` makes of the scale.
    ///
    /// - Throws: 404 NotFound, 409 Conflict, 422 Invalid.
    package func updateScale(
        _ kind: ServedKind, _ name: ObjectName, _ options: WriteOptions,
        change: (Unstructured) throws(Status) -> Unstructured
    ) async throws(Status) -> Unstructured {
        var options = options
        options.subresource = "scale"
        let result = try await update(kind, name, .object, options) { (old) throws(Status) in
            guard var object = old else { throw .notFound(kind.resource, name: name.name) }
            try object.take(try change(object.scale), of: kind)
            return object
        }
        return try kind.decode(result.record).scale
    }

    /// Server-side apply of a scale: as `apply`, for the number of replicas alone.
    ///
    /// - Throws: 404 NotFound, 409 Conflict, 422 Invalid.
    package func applyScale(
        _ configuration: JSONValue, to kind: ServedKind, _ name: ObjectName, force: Bool, _ options: WriteOptions
    ) async throws(Status) -> Unstructured {
        let type = GroupVersionKind(group: Self.scale.group, version: Self.scale.version, kind: Self.scale.kind)
        guard let ownership = FieldOwnership(of: type, subresource: "scale", hasStatus: true) else {
            throw Status(code: 404, reason: "NotFound", message: "the server could not find the requested resource")
        }
        var options = options
        options.isApply = true
        let manager = options.fieldManager
        let result = try await update(kind, name, .object, options) { (old) throws(Status) in
            guard var object = old else { throw .notFound(kind.resource, name: name.name) }
            var owners = (try? ManagedFields(object.managedFields)) ?? ManagedFields()
            var scale = object.scale
            scale.managedFields = owners.ofScale(type.apiVersion).json
            let applied = try ownership.apply(configuration, to: scale, manager: manager, force: force, time: .now)
            guard applied.name == name.name else { throw WriteHandler.nameDiffers(applied, name) }
            try object.take(applied, of: kind)
            owners.take(
                (try? ManagedFields(applied.managedFields)) ?? ManagedFields(), version: kind.resource.apiVersion,
                scaleVersion: type.apiVersion)
            object.managedFields = owners.json
            return object
        }
        return try kind.decode(result.record).scale
    }
}

extension Unstructured {
    /// Takes the number of replicas from a scale, which may name the object's version and uid.
    ///
    /// - Throws: 409 Conflict, 422 Invalid.
    fileprivate mutating func take(_ scale: Unstructured, of kind: ServedKind) throws(Status) {
        let replicas = scale[["spec", "replicas"]]?.integer ?? 0
        guard replicas >= 0 else {
            throw .invalid(
                Registry.scale, name: name,
                [.invalid("spec.replicas", JSONValue(replicas), "must be greater than or equal to 0")])
        }
        if !scale.resourceVersion.isEmpty { resourceVersion = scale.resourceVersion }
        if !scale.uid.isEmpty, scale.uid != uid {
            throw .conflict(
                kind.resource, name: name,
                cause: "Precondition failed: UID in precondition: \(scale.uid), UID in object meta: \(uid)")
        }
        self[["spec", "replicas"]] = JSONValue(replicas)
    }
}

extension Unstructured {
    /// The scale of a workload.
    fileprivate var scale: Unstructured {
        var scale = Unstructured(Registry.scale, namespace: namespace, name: name)
        for key in ["uid", "resourceVersion", "creationTimestamp"] {
            scale[["metadata", key]] = self["metadata"]?[key]
        }
        scale["spec"] = .object(JSONObject())
        if let replicas = self[["spec", "replicas"]]?.integer, replicas != 0 {
            scale[["spec", "replicas"]] = JSONValue(replicas)
        }
        scale["status"] = ["replicas": JSONValue(self[["status", "replicas"]]?.integer ?? 0)]
        if let selector = self[["spec", "selector"]], let text = selector.selectorText {
            scale[["status", "selector"]] = .string(text)
        }
        return scale
    }
}

extension JSONValue {
    /// A `LabelSelector` in the form that queries have; nil where it selects everything or is none.
    fileprivate var selectorText: String? {
        var terms = (self["matchLabels"]?.object?.fields ?? []).map {
            (key: $0.key, text: "\($0.key)=\($0.value.string ?? "")")
        }
        for expression in self["matchExpressions"]?.array ?? [] {
            let key = expression["key"]?.string ?? ""
            let values = (expression["values"]?.array ?? []).compactMap(\.string).sorted().joined(separator: ",")
            switch expression["operator"]?.string {
            case "In": terms.append((key, "\(key) in (\(values))"))
            case "NotIn": terms.append((key, "\(key) notin (\(values))"))
            case "Exists": terms.append((key, key))
            case "DoesNotExist": terms.append((key, "!\(key)"))
            default: return nil
            }
        }
        return terms.isEmpty ? nil : terms.sorted { $0.key < $1.key }.map(\.text).joined(separator: ",")
    }
}
