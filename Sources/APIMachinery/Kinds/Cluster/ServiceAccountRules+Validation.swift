import KubeAPI

/// `ValidateServiceAccount`, `ValidateServiceAccountUpdate` (pkg/apis/core/validation).
extension ServiceAccountRules {
    static func failures(_ account: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        let change = old.map { MetadataRules.failures(account, $0, NameSyntax.dns1123Subdomain) } ?? []
        return change
            + MetadataRules.creationFailures(account.metadata, isNamespaced: true, NameSyntax.dns1123Subdomain)
    }
}
