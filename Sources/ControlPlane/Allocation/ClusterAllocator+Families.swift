import APIMachinery
import KubeAPI
import Net

extension ClusterAllocator {
    /// Fills in `ipFamilyPolicy` and `ipFamilies` as upstream (pkg/registry/core/service/storage/alloc.go,
    /// `initIPFamilyFields`).
    ///
    /// - Throws: 422 Invalid where that is impossible.
    func resolveFamilies(
        _ service: inout Unstructured, replacing old: Unstructured?, _ resource: Resource
    ) throws(Status) {
        var spec = service["spec"] ?? .object(JSONObject())
        guard ServiceDemand(spec).type != "ExternalName" else { return }
        if let before = old?["spec"], Self.keepsPreferredFamilies(spec, before) { return }
        let failures = resolve(&spec, old?["spec"])
        guard failures.isEmpty else { throw .invalid(resource, name: service.name, failures) }
        service["spec"] = spec
    }

    /// A Service that prefers two families is neither given a second one nor deprived of it without being asked.
    private static func keepsPreferredFamilies(_ spec: JSONValue, _ old: JSONValue) -> Bool {
        guard ServiceDemand(old).type != "ExternalName" else { return false }
        return ["ipFamilyPolicy", "ipFamilies", "clusterIPs"].allSatisfy { spec[$0] == old[$0] }
            && spec["ipFamilyPolicy"] == "PreferDualStack"
    }

    private func resolve(_ spec: inout JSONValue, _ old: JSONValue?) -> [FieldFailure] {
        let isSelectorlessHeadless = ServiceDemand(spec).isHeadless && !ServiceDemand(spec).hasSelector
        let policy =
            spec["ipFamilyPolicy"]?.string ?? old?["ipFamilyPolicy"]?.string
            ?? (isSelectorlessHeadless ? "RequireDualStack" : "SingleStack")
        spec["ipFamilyPolicy"] = .string(policy)
        var failures: [FieldFailure] = []
        if let old { failures += Self.reduce(&spec, old, policy) }
        if policy == "SingleStack" { failures += Self.singleStackFailures(spec) }
        failures += inferFamilies(&spec)
        guard failures.isEmpty else { return failures }
        var families = ServiceDemand(spec).ipFamilies
        if !isSelectorlessHeadless { failures += clusterFailures(families, policy) }
        guard failures.isEmpty else { return failures }
        if families.isEmpty { families = ["\(defaultFamily)"] }
        if policy != "SingleStack", families.count == 1, pools.count == 2 || isSelectorlessHeadless {
            families.append(families[0] == "IPv4" ? "IPv6" : "IPv4")
        }
        spec["ipFamilies"] = JSONValue(families)
        return []
    }

    /// The second family goes only where that is said.
    private static func reduce(
        _ spec: inout JSONValue, _ old: JSONValue, _ policy: String
    ) -> [FieldFailure] {
        let (now, before) = (ServiceDemand(spec), ServiceDemand(old))
        if policy == "SingleStack" {
            if now.clusterIPs == before.clusterIPs, now.clusterIPs.count > 1 {
                spec["clusterIPs"] = JSONValue([now.clusterIPs[0]])
            }
            if now.ipFamilies == before.ipFamilies, now.ipFamilies.count > 1 {
                spec["ipFamilies"] = JSONValue([now.ipFamilies[0]])
            }
            return []
        }
        var failures: [FieldFailure] = []
        if before.clusterIPs.count > now.clusterIPs.count, now.clusterIPs.count == 1 {
            failures.append(
                .invalid(
                    "spec.ipFamilyPolicy", .string(policy), "must be 'SingleStack' to release the secondary cluster IP")
            )
        }
        if before.ipFamilies.count > now.ipFamilies.count, now.ipFamilies.count == 1 {
            failures.append(
                .invalid(
                    "spec.ipFamilyPolicy", .string(policy), "must be 'SingleStack' to release the secondary IP family"))
        }
        return failures
    }

    private static func singleStackFailures(_ spec: JSONValue) -> [FieldFailure] {
        let demand = ServiceDemand(spec)
        var failures: [FieldFailure] = []
        if demand.clusterIPs.count == 2 {
            failures.append(
                .invalid(
                    "spec.ipFamilyPolicy", "SingleStack",
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified"))
        }
        if demand.ipFamilies.count == 2 {
            failures.append(
                .invalid(
                    "spec.ipFamilyPolicy", "SingleStack",
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified"))
        }
        return failures
    }

    /// The families of the addresses that are given.
    private func inferFamilies(_ spec: inout JSONValue) -> [FieldFailure] {
        let demand = ServiceDemand(spec)
        var families = demand.ipFamilies
        for (index, text) in demand.clusterIPs.enumerated() where index >= families.count {
            guard let family = IPAddress(parsing: text)?.family else { break }
            guard pools[family] != nil else {
                return [
                    .invalid(
                        "spec.clusterIPs[\(index)]", JSONValue(demand.clusterIPs),
                        "\(family) is not configured on this cluster")
                ]
            }
            families.append("\(family)")
        }
        if !families.isEmpty { spec["ipFamilies"] = JSONValue(families) }
        return []
    }

    private func clusterFailures(_ families: [String], _ policy: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if policy == "RequireDualStack", pools.count < 2 {
            failures.append(
                .invalid(
                    "spec.ipFamilyPolicy", .string(policy), "this cluster is not configured for dual-stack services"))
        }
        for (index, family) in families.enumerated()
        where IPFamily(kubernetesName: family).flatMap({ pools[$0] }) == nil {
            failures.append(
                .invalid("spec.ipFamilies[\(index)]", .string(family), "not configured on this cluster"))
        }
        return failures
    }
}
