import KubeAPI

extension Node: APIObject {
    package mutating func setDefaults() {
        if spec.podCIDRs.isEmpty, let prefix = spec.podCIDR { spec.podCIDRs = [prefix] }
        if spec.podCIDR == nil { spec.podCIDR = spec.podCIDRs.first }
    }

    package func failures(replacing old: Node?) -> [FieldFailure] {
        var failures = nameFailures(NameRules.dns1123Subdomain)
        for (index, prefix) in spec.podCIDRs.enumerated() {
            failures.check("spec.podCIDRs[\(index)]", prefix, AddressRules.prefix(prefix))
        }
        if let prefix = spec.podCIDR, let first = spec.podCIDRs.first, prefix != first {
            failures.append(.invalid("spec.podCIDR", prefix, "must be the first of spec.podCIDRs"))
        }
        for (index, address) in status.addresses.enumerated() where address.type.hasSuffix("IP") {
            failures.check("status.addresses[\(index)].address", address.address, AddressRules.address(address.address))
        }
        return failures
    }

    package func hasDesiredState(of other: Node) -> Bool { spec == other.spec }
}
