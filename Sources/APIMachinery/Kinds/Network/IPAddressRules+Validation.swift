import KubeAPI

/// `ValidateIPAddress`, `ValidateIPAddressUpdate` (pkg/apis/networking/validation).
extension IPAddressRules {
    static func failures(_ address: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(address, old, isNamespaced: false, AddressSyntax.canonicalAddress)
        let path = "spec.parentRef"
        if let old {
            failures.checkUnchanged(path, address.spec["parentRef"], old.spec["parentRef"])
            return failures
        }
        guard let parent = address.spec.field("parentRef") else { return failures + [.required(path)] }
        if !parent.text("group").isEmpty {
            failures.check("\(path).group", parent.text("group"), NameSyntax.dns1123Subdomain)
        }
        for key in ["resource", "name"] {
            failures.require("\(path).\(key)", parent.text(key))
            failures.check("\(path).\(key)", parent.text(key), NameSyntax.pathSegment)
        }
        failures.check("\(path).namespace", parent.text("namespace"), NameSyntax.pathSegment)
        return failures
    }
}
