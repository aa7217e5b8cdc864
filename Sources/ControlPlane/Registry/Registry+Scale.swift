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
            let scale = try change(object.scale)
            let replicas = scale[["spec", "replicas"]]?.integer ?? 0
            guard replicas >= 0 else {
                throw .invalid(
                    Self.scale, name: name.name,
                    [
                        .invalid(
                            "spec.replicas", JSONValue(replicas), "must be greater than or equal to 0")
                    ])
            }
            if !scale.resourceVersion.isEmpty { object.resourceVersion = scale.resourceVersion }
            if !scale.uid.isEmpty, scale.uid != object.uid {
                throw .conflict(
                    kind.resource, name: name.name,
                    cause: "Precondition failed: UID in precondition: \(scale.uid), UID in object meta: \(object.uid)")
            }
            object[["spec", "replicas"]] = JSONValue(replicas)
            return object
        }
        return try kind.decode(result.record).scale
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
