import KubeAPI

extension ServiceRules {
    static func failures(_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        MetadataRules.failures(object, old, NameSyntax.dns1123Label)
    }

    static func statusFailures(_ object: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        MetadataRules.failures(object, old, NameSyntax.dns1123Label)
    }
}
