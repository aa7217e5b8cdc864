import KubeAPI

extension EndpointSliceRules {
    static func failures(_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        MetadataRules.failures(object, old, NameSyntax.dns1123Subdomain)
    }
}
