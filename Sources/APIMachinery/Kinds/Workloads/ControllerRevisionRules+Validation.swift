import KubeAPI

/// `ValidateControllerRevisionCreate`, `ValidateControllerRevisionUpdate` (pkg/apis/apps/validation).
extension ControllerRevisionRules {
    static func failures(_ revision: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(revision, old, NameSyntax.dns1123Subdomain)
        failures.checkNotNegative("revision", revision["revision"]?.integer)
        if let old {
            failures.checkUnchanged("data", revision["data"], old["data"])
        } else if revision.tree.field("data") == nil {
            failures.append(.required("data", "data is mandatory"))
        } else if revision["data"]?.object == nil {
            failures.append(.required("data", "data must be a valid JSON object"))
        }
        return failures
    }
}
