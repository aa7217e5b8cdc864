import KubeAPI
import Net

/// `ValidateServiceCIDR`, `ValidateServiceCIDRUpdate` (pkg/apis/networking/validation).
extension ServiceCIDRRules {
    static func failures(_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(object, old, isNamespaced: false, NameSyntax.dns1123Subdomain)
        let networks = object.spec.texts("cidrs")
        guard let old else { return failures + networkFailures(object.spec) }
        let before = old.spec.texts("cidrs")
        let detail = "field is immutable"
        for (index, (now, known)) in zip(networks, before).enumerated() where now != known {
            failures.append(.invalid("spec.cidrs[\(index)]", .string(now), detail))
        }
        if networks.count == before.count { return failures }
        // A second family may be added; nothing else changes.
        if before.count == 1, networks.count == 2 { return failures + networkFailures(object.spec) }
        return MetadataRules.failures(object, old, isNamespaced: false, NameSyntax.dns1123Subdomain) + [
            .invalid("spec.cidrs", JSONValue(networks), detail)
        ]
    }

    private static func networkFailures(_ spec: JSONValue) -> [FieldFailure] {
        let networks = spec.texts("cidrs")
        if networks.isEmpty { return [.required("spec.cidrs", "at least one CIDR required")] }
        if networks.count > 2 {
            let list = String(decoding: JSONValue(networks).json, as: UTF8.self)
            return [.invalid("spec.cidrs", written: #"{"CIDRs":\#(list)}"#, "may only hold up to 2 values")]
        }
        var failures: [FieldFailure] = []
        for (index, network) in networks.enumerated() {
            failures.check("spec.cidrs[\(index)]", network, AddressSyntax.canonicalNetwork)
        }
        let families = networks.compactMap { IPAddress(parsing: String($0.prefix { $0 != "/" }))?.family }
        if families.count == 2, families[0] == families[1] {
            failures.append(
                .invalid(
                    "spec.cidrs", JSONValue(networks),
                    "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"))
        }
        return failures
    }
}
