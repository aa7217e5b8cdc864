import KubeAPI

/// `ValidateLease`, `ValidateLeaseUpdate` (pkg/apis/coordination/validation).
extension LeaseRules {
    static func failures(_ lease: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(lease, old, NameSyntax.dns1123Subdomain)
        let spec = lease.spec
        if let seconds = spec.field("leaseDurationSeconds")?.integer, seconds <= 0 {
            failures.append(.invalid("spec.leaseDurationSeconds", JSONValue(seconds), "must be greater than 0"))
        }
        failures.checkNotNegative("spec.leaseTransitions", spec.field("leaseTransitions")?.integer)
        if !spec.text("preferredHolder").isEmpty, spec.text("strategy").isEmpty {
            failures.append(.forbidden("spec.preferredHolder", "may only be specified if `strategy` is defined"))
        }
        return failures
    }
}
