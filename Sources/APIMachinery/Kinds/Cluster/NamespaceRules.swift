import KubeAPI

/// Namespaces (upstream's pkg/registry/core/namespace).
enum NamespaceRules {
    static let rules = KindRules(
        resource: Resource(core: "Namespace", "namespaces", isNamespaced: false), singular: "namespace",
        shortNames: ["ns"], subresources: ["finalize", "status"], setDefaults: setDefaults, prepare: prepare,
        failures: failures, statusFailures: statusFailures,
        selectableFields: ["status.phase": { $0.status.text("phase") }], columns: ClusterColumns.namespace,
        columnFields: FieldMask(["status.phase"]))

    /// The label tells a namespace's name to selectors.
    static func setDefaults(_ namespace: inout Unstructured) {
        if !namespace.name.isEmpty {
            namespace[["metadata", "labels", "kubernetes.io/metadata.name"]] = .string(namespace.name)
        }
        namespace.edit("status") { $0.setIfZero("phase", "Active") }
    }

    /// The finalizer lets the namespace go only once it is empty.
    static func prepare(_ namespace: inout Unstructured, _ old: Unstructured?) {
        Preparation.write(&namespace, old, first: ["phase": "Active"])
        namespace[["metadata", "labels", "kubernetes.io/metadata.name"]] = .string(namespace.name)
        namespace.edit("spec") { spec in
            if let old {
                spec["finalizers"] = old.spec["finalizers"]
            } else if !spec.texts("finalizers").contains("kubernetes") {
                spec["finalizers"] = .array(spec.list("finalizers") + ["kubernetes"])
            }
        }
    }
}
