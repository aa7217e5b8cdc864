import KubeAPI
import Net

extension KubeAPI.Service: APIObject {
    /// The rules of `ValidateService` and `ValidateServiceUpdate` upstream that the data plane depends on
    /// (pkg/apis/core/validation/validation.go).
    package func failures(replacing old: KubeAPI.Service?) -> [FieldFailure] {
        var failures = nameFailures(NameRules.dns1035Label)
        failures.check(
            "spec.type", spec.type, isOneOf: ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])
        failures += spec.type == "ExternalName" ? externalNameFailures() : addressFailures()
        failures += portListFailures()
        failures += policyFailures()
        failures += externalFailures()
        if let old { failures += immutabilityFailures(old) }
        return failures
    }

    package func hasDesiredState(of other: KubeAPI.Service) -> Bool { spec == other.spec }

    private func externalNameFailures() -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if !spec.clusterIPs.isEmpty || !spec.clusterIP.isEmpty {
            failures.append(.forbidden("spec.clusterIPs", "may not be set for ExternalName services"))
        }
        let name = spec.externalName ?? ""
        if name.isEmpty {
            failures.append(.required("spec.externalName"))
        } else {
            let absolute = name.hasSuffix(".") ? String(name.dropLast()) : name
            failures.check("spec.externalName", name, NameRules.dns1123Subdomain(absolute))
        }
        return failures
    }

    private func addressFailures() -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if let policy = spec.ipFamilyPolicy {
            failures.check(
                "spec.ipFamilyPolicy", policy, isOneOf: ["PreferDualStack", "RequireDualStack", "SingleStack"])
        }
        for (index, family) in spec.ipFamilies.enumerated() {
            failures.check("spec.ipFamilies[\(index)]", family, isOneOf: AddressRules.families)
            if spec.ipFamilies[..<index].contains(family) {
                failures.append(.duplicate("spec.ipFamilies[\(index)]", family))
            }
        }
        guard let first = spec.clusterIPs.first else { return failures }
        if first != spec.clusterIP {
            failures.append(.invalid("spec.clusterIPs[0]", first, "must match `clusterIP`"))
        }
        if first == "None" {
            if spec.clusterIPs.count > 1 {
                failures.append(.invalid("spec.clusterIPs[0]", first, "'None' must be the first and only value"))
            }
            if usesNodePorts {
                failures.append(
                    .invalid("spec.clusterIPs[0]", first, "may not be set to 'None' for \(spec.type) services"))
            }
            return failures
        }
        failures += AddressRules.failures(atMostOnePerFamily: spec.clusterIPs, path: "spec.clusterIPs")
        for (index, text) in spec.clusterIPs.enumerated() where index < spec.ipFamilies.count {
            guard let family = IPAddress(parsing: text)?.family, family.description != spec.ipFamilies[index] else {
                continue
            }
            failures.append(
                .invalid(
                    "spec.clusterIPs[\(index)]", text,
                    "expected an \(spec.ipFamilies[index]) value as indicated by `ipFamilies[\(index)]`"))
        }
        return failures
    }

    private func policyFailures() -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if let affinity = spec.sessionAffinity {
            failures.check("spec.sessionAffinity", affinity, isOneOf: ["ClientIP", "None"])
        }
        if let distribution = spec.trafficDistribution {
            failures.check(
                "spec.trafficDistribution", distribution,
                isOneOf: ["PreferClose", "PreferSameNode", "PreferSameZone"])
        }
        if let seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds, !(1...86400).contains(seconds) {
            failures.append(
                .invalid(
                    "spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds,
                    "must be greater than 0 and less than 86400"))
        }
        if let policy = spec.internalTrafficPolicy {
            failures.check("spec.internalTrafficPolicy", policy, isOneOf: ["Cluster", "Local"])
        }
        if let policy = spec.externalTrafficPolicy {
            failures.check("spec.externalTrafficPolicy", policy, isOneOf: ["Cluster", "Local"])
            if !isExternallyAccessible {
                failures.append(
                    .invalid(
                        "spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services"))
            }
        }
        if let port = spec.healthCheckNodePort, port != 0 {
            failures.checkPort("spec.healthCheckNodePort", port)
            if !wantsHealthCheckNodePort {
                failures.append(
                    .invalid(
                        "spec.healthCheckNodePort", port,
                        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"))
            }
        }
        return failures
    }

    private func immutabilityFailures(_ old: KubeAPI.Service) -> [FieldFailure] {
        guard spec.type != "ExternalName", old.spec.type != "ExternalName" else { return [] }
        var failures: [FieldFailure] = []
        if let before = old.spec.clusterIPs.first, let after = spec.clusterIPs.first, before != after {
            failures.append(.invalid("spec.clusterIP", after, "field is immutable: it was \(before)"))
        }
        if let before = old.spec.ipFamilies.first, let after = spec.ipFamilies.first, before != after {
            failures.append(.invalid("spec.ipFamilies[0]", after, "field is immutable: it was \(before)"))
        }
        return failures
    }
}
