import KubeAPI

extension NodeRules {
    static func failures(_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        MetadataRules.failures(object, old, isNamespaced: false, NameSyntax.dns1123Subdomain)
    }
}
