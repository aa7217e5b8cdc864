import KubeAPI

/// The rules for `metadata`, which every kind has (k8s.io/apimachinery api/validation/objectmeta.go).
enum MetadataRules {
    static let annotationsLimitBytes = 256 << 10

    /// The rules of a new object, and of one that replaces `old` beside those of a new one.
    static func failures(
        _ object: Unstructured, _ old: Unstructured?, isNamespaced: Bool = true, _ rule: @escaping NameSyntax.Rule
    ) -> [FieldFailure] {
        let metadata = object.metadata
        guard let old else { return creationFailures(metadata, isNamespaced: isNamespaced, rule) }
        return updateFailures(metadata, old.metadata)
    }

    /// `ValidateObjectMeta`.
    static func creationFailures(
        _ metadata: JSONValue, isNamespaced: Bool, _ rule: @escaping NameSyntax.Rule
    ) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        let (name, namespace) = (metadata.text("name"), metadata.text("namespace"))
        let beginning = metadata.text("generateName")
        if !beginning.isEmpty { failures.check("metadata.generateName", beginning, NameSyntax.beginning(rule)) }
        if name.isEmpty {
            failures.append(.required("metadata.name", "name or generateName is required"))
        } else {
            failures.check("metadata.name", name, rule)
        }
        if !isNamespaced {
            if !namespace.isEmpty { failures.append(.forbidden("metadata.namespace", "not allowed on this type")) }
        } else if namespace.isEmpty {
            failures.append(.required("metadata.namespace"))
        } else {
            failures.check("metadata.namespace", namespace, NameSyntax.dns1123Label)
        }
        failures.checkNotNegative("metadata.generation", metadata.number("generation"))
        failures += commonFailures(metadata)
        failures += finalizerFailures(metadata.texts("finalizers"))
        for (index, name) in metadata.texts("finalizers").enumerated() {
            failures.check("metadata.finalizers[\(index)]", name, finalizer)
        }
        return failures
    }

    /// A finalizer is one of Kubernetes' own, or named after a domain.
    static let finalizer: NameSyntax.Rule = { name in
        name.contains("/") || ["kubernetes", "orphan", "foregroundDeletion"].contains(name)
            ? [] : ["name is neither a standard finalizer name nor is it fully qualified"]
    }

    /// `ValidateObjectMetaUpdate`. Whether a `resourceVersion` must be there is the registry's to say.
    private static func updateFailures(_ metadata: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if old.has("deletionTimestamp") {
            let new = Set(metadata.texts("finalizers")).subtracting(old.texts("finalizers")).sorted()
            if !new.isEmpty {
                let list = new.map { "\"\($0)\"" }.joined(separator: ", ")
                failures.append(
                    .forbidden(
                        "metadata.finalizers",
                        "no new finalizers can be added if the object is being deleted, found new finalizers "
                            + "[]string{\(list)}"))
            }
        }
        if metadata.number("generation") < old.number("generation") {
            failures.append(
                .invalid("metadata.generation", JSONValue(metadata.number("generation")), "must not be decremented"))
        }
        let fixed = [
            "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        ]
        for key in fixed { failures.checkUnchanged("metadata.\(key)", metadata.field(key), old.field(key)) }
        return failures + commonFailures(metadata)
    }

    private static func commonFailures(_ metadata: JSONValue) -> [FieldFailure] {
        var failures = labelFailures(metadata.pairs("labels"), "metadata.labels")
        failures += annotationFailures(metadata, "metadata.annotations")
        return failures + ownerFailures(metadata.list("ownerReferences"))
    }

    /// `ValidateAnnotations`: keys in any case, and not too much of them.
    static func annotationFailures(_ metadata: JSONValue, _ path: String) -> [FieldFailure] {
        let annotations = metadata.pairs("annotations")
        var failures: [FieldFailure] = []
        for (key, _) in annotations { failures.check(path, .string(key), NameSyntax.qualifiedName(key.lowercased())) }
        if annotations.reduce(0, { $0 + $1.key.utf8.count + $1.value.utf8.count }) > annotationsLimitBytes {
            failures.append(.tooLong(path, limit: annotationsLimitBytes))
        }
        return failures
    }

    static func labelFailures(_ labels: [(key: String, value: String)], _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for (key, value) in labels {
            failures.check(path, key, NameSyntax.qualifiedName)
            failures.check(path, value, NameSyntax.labelValue)
        }
        return failures
    }

    private static func ownerFailures(_ owners: [JSONValue]) -> [FieldFailure] {
        let path = "metadata.ownerReferences"
        var failures: [FieldFailure] = []
        var controller = ""
        for owner in owners {
            let version = owner.text("apiVersion")
            if version.isEmpty || version.hasSuffix("/") {
                failures.append(.invalid("\(path).apiVersion", .string(version), "version must not be empty"))
            }
            for key in ["kind", "name", "uid"] where owner.text(key).isEmpty {
                failures.append(.invalid("\(path).\(key)", "", "must not be empty"))
            }
            if version == "v1", owner.text("kind") == "Event" {
                failures.append(.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"))
            }
            guard owner.flag("controller") else { continue }
            let name = "\(owner.text("kind"))/\(owner.text("name"))"
            if controller.isEmpty {
                controller = name
            } else {
                failures.append(
                    .invalid(
                        path, .array(owners),
                        "Only one reference can have Controller set to true. Found \"true\" in references for "
                            + "\(controller) and \(name)"))
            }
        }
        return failures
    }

    private static func finalizerFailures(_ finalizers: [String]) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for finalizer in finalizers { failures.check("metadata.finalizers", finalizer, NameSyntax.qualifiedName) }
        if finalizers.contains("orphan"), finalizers.contains("foregroundDeletion") {
            failures.append(
                .invalid(
                    "metadata.finalizers", JSONValue(finalizers),
                    "finalizer orphan and foregroundDeletion cannot be both set"))
        }
        return failures
    }
}
