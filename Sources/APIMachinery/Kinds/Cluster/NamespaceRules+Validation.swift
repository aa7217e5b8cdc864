import KubeAPI

/// `ValidateNamespace`, `ValidateNamespaceStatusUpdate` (pkg/apis/core/validation).
extension NamespaceRules {
    static func failures(_ namespace: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.creationFailures(namespace.metadata, isNamespaced: false, NameSyntax.dns1123Label)
        for finalizer in namespace.spec.texts("finalizers") {
            failures.check("spec.finalizers", finalizer, NameSyntax.qualifiedName)
            failures.check("spec.finalizers", finalizer, MetadataRules.finalizer)
        }
        if let old {
            failures += MetadataRules.failures(namespace, old, isNamespaced: false, NameSyntax.dns1123Label)
        }
        return failures
    }

    static func statusFailures(_ namespace: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        var failures = MetadataRules.failures(namespace, old, isNamespaced: false, NameSyntax.dns1123Label)
        let phase = namespace.status.text("phase")
        let isEnding = namespace.metadata.has("deletionTimestamp")
        let (word, state) = isEnding ? ("Terminating", "not empty") : ("Active", "empty")
        if phase != word {
            failures.append(
                .invalid("status.Phase", .string(phase), "may only be '\(word)' if `deletionTimestamp` is \(state)"))
        }
        return failures
    }
}
