import KubeAPI

extension EventRules {
    static func failures(_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        MetadataRules.failures(object, old, NameSyntax.dns1123Subdomain)
    }

    static func newFailures(_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure] { failures(object, old) }
}
