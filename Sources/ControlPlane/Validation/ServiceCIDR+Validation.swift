import KubeAPI

extension ServiceCIDR: APIObject {
    package mutating func setDefaults() {}

    /// As `ValidateServiceCIDR` and `ValidateServiceCIDRUpdate` upstream (pkg/apis/networking/validation).
    package func failures(replacing old: ServiceCIDR?) -> [FieldFailure] {
        var failures = nameFailures(NameRules.dns1123Subdomain)
        if spec.cidrs.isEmpty { failures.append(.required("spec.cidrs", "at least one CIDR required")) }
        if spec.cidrs.count > 2 {
            failures.append(.tooMany("spec.cidrs", spec.cidrs.count, limit: 2))
        }
        for (index, text) in spec.cidrs.enumerated() {
            failures.check("spec.cidrs[\(index)]", text, AddressRules.prefix(text))
        }
        let families = spec.cidrs.map { $0.contains(":") }
        if families.count == 2, families[0] == families[1] {
            failures.append(.invalid("spec.cidrs", spec.cidrs[1], "may specify no more than one IP for each IP family"))
        }
        if let old, !spec.cidrs.starts(with: old.spec.cidrs) {
            failures.append(
                .invalid(
                    "spec.cidrs", spec.cidrs.joined(separator: ","), "field is immutable: only a second may be added"))
        }
        return failures
    }

    package func hasDesiredState(of other: ServiceCIDR) -> Bool { spec == other.spec }
}
