import KubeAPI
import Net

extension KubeAPI.Service {
    /// Fills in `ipFamilyPolicy` and `ipFamilies` as upstream (pkg/registry/core/service/storage/alloc.go,
    /// `initIPFamilyFields`).
    ///
    /// - Returns: what makes that impossible.
    mutating func resolveFamilies(
        available: Set<IPFamily>, defaultFamily: IPFamily, replacing old: KubeAPI.Service?
    ) -> [FieldFailure] {
        guard spec.type != "ExternalName" else {
            spec.ipFamilies = []
            spec.ipFamilyPolicy = nil
            return []
        }
        let isSelectorlessHeadless = isHeadless && spec.selector.isEmpty
        let policy =
            spec.ipFamilyPolicy ?? old?.spec.ipFamilyPolicy
            ?? (isSelectorlessHeadless ? "RequireDualStack" : "SingleStack")
        spec.ipFamilyPolicy = policy
        if let old, policy == "SingleStack" { dropSecondFamily(of: old) }
        if spec.ipFamilies.isEmpty, let old, isHeadless { spec.ipFamilies = old.spec.ipFamilies }
        if policy == "SingleStack", spec.clusterIPs.count > 1 || spec.ipFamilies.count > 1 {
            return [
                .invalid(
                    "spec.ipFamilyPolicy", policy,
                    "must be 'RequireDualStack' or 'PreferDualStack' when two IP families or cluster IPs are given")
            ]
        }
        var failures = inferFamiliesFromAddresses(available)
        if !isSelectorlessHeadless {
            if policy == "RequireDualStack", available.count < 2 {
                failures.append(
                    .invalid(
                        "spec.ipFamilyPolicy", policy, "this cluster is not configured for dual-stack services"))
            }
            for (index, family) in spec.ipFamilies.enumerated()
            where !available.contains(where: { $0.description == family }) {
                failures.append(.invalid("spec.ipFamilies[\(index)]", family, "not configured on this cluster"))
            }
        }
        guard failures.isEmpty else { return failures }
        if spec.ipFamilies.isEmpty { spec.ipFamilies = ["\(defaultFamily)"] }
        if policy != "SingleStack", spec.ipFamilies.count == 1, available.count == 2 || isSelectorlessHeadless {
            spec.ipFamilies.append(spec.ipFamilies[0] == "\(IPFamily.ipv4)" ? "\(IPFamily.ipv6)" : "\(IPFamily.ipv4)")
        }
        return []
    }

    /// A Service that had two families and now says SingleStack keeps its first.
    private mutating func dropSecondFamily(of old: KubeAPI.Service) {
        if spec.clusterIPs == old.spec.clusterIPs { spec.clusterIPs = Array(spec.clusterIPs.prefix(1)) }
        if spec.ipFamilies == old.spec.ipFamilies { spec.ipFamilies = Array(spec.ipFamilies.prefix(1)) }
    }

    private mutating func inferFamiliesFromAddresses(_ available: Set<IPFamily>) -> [FieldFailure] {
        for (index, text) in spec.clusterIPs.enumerated() where index >= spec.ipFamilies.count {
            guard let family = IPAddress(parsing: text)?.family else { break }
            guard available.contains(family) else {
                return [.invalid("spec.clusterIPs[\(index)]", text, "\(family) is not configured on this cluster")]
            }
            spec.ipFamilies.append("\(family)")
        }
        return []
    }
}
