import KubeAPI

extension NamespaceRules {
    static func failures(_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        MetadataRules.failures(object, old, isNamespaced: false, NameSyntax.dns1123Label)
    }

    static func statusFailures(_ object: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        MetadataRules.failures(object, old, isNamespaced: false, NameSyntax.dns1123Label)
    }
}
