import KubeAPI

extension JobRules {
    static func failures(_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        MetadataRules.failures(object, old, NameSyntax.dns1123Subdomain)
    }

    static func statusFailures(_ object: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        MetadataRules.failures(object, old, NameSyntax.dns1123Subdomain)
    }
}
