import KubeAPI

/// `ValidateServiceCreate`, `ValidateServiceUpdate` and `ValidateServiceStatusUpdate`
/// (pkg/apis/core/validation/validation.go). Addresses and ports must have been allocated.
extension ServiceRules {
    static let protocols = ["SCTP", "TCP", "UDP"]

    static func failures(_ service: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(service, old, NameSyntax.dns1123Label)
        if let old { failures += changeFailures(service.spec, old.spec) }
        return failures + specFailures(service, old)
    }

    static func statusFailures(_ service: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        MetadataRules.failures(service, old, NameSyntax.dns1123Label) + balancerFailures(service, old)
    }

    private static func specFailures(_ service: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        let spec = service.spec
        let traits = ServiceTraits(spec)
        var failures = topologyFailures(service.annotations)
        if spec.list("ports").isEmpty, !traits.isHeadless, traits.type != "ExternalName" {
            failures.append(.required("spec.ports"))
        }
        failures += typeFailures(traits)
        failures += portFailures(spec)
        failures += MetadataRules.labelFailures(spec.pairs("selector"), "spec.selector")
        failures += affinityFailures(spec)
        failures += addressFailures(spec, old?.spec)
        failures += externalAddressFailures(spec, old?.spec)
        if traits.type.isEmpty {
            failures.append(.required("spec.type"))
        } else {
            failures.check(
                "spec.type", traits.type, isOneOf: ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])
        }
        failures += nodePortFailures(spec)
        failures += sourceRangeFailures(service, old)
        failures += balancerFieldFailures(spec)
        failures += classFailures(spec, nil)
        failures += trafficFailures(spec)
        return failures
    }

    private static func topologyFailures(_ annotations: [String: String]) -> [FieldFailure] {
        let (older, newer) = ("service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode")
        guard let hints = annotations[older], let mode = annotations[newer], hints != mode else { return [] }
        return [
            .invalid(
                "metadata.annotations[\(newer)]", .string(mode),
                "must match annotations[\(older)] when both are specified")
        ]
    }

    private static func typeFailures(_ traits: ServiceTraits) -> [FieldFailure] {
        let spec = traits.spec
        if traits.mayHaveNodePorts {
            return traits.isHeadless
                ? [.invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for \(traits.type) services")] : []
        }
        guard traits.type == "ExternalName" else { return [] }
        var failures: [FieldFailure] = []
        for key in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] where spec.field(key)?.isEmpty == false {
            failures.append(.forbidden("spec.\(key)", "may not be set for ExternalName services"))
        }
        let name = spec.text("externalName")
        let host = name.hasSuffix(".") ? String(name.dropLast()) : name
        if host.isEmpty {
            failures.append(.required("spec.externalName"))
        } else {
            failures.check("spec.externalName", host, NameSyntax.dns1123Subdomain)
        }
        return failures
    }

    private static func affinityFailures(_ spec: JSONValue) -> [FieldFailure] {
        let affinity = spec.text("sessionAffinity")
        let path = "spec.sessionAffinityConfig"
        var failures: [FieldFailure] = []
        if affinity.isEmpty {
            failures.append(.required("spec.sessionAffinity"))
        } else {
            failures.check("spec.sessionAffinity", affinity, isOneOf: ["ClientIP", "None"])
        }
        if affinity == "None", spec.has("sessionAffinityConfig") {
            failures.append(.forbidden(path, "must not be set when session affinity is None"))
        }
        guard affinity == "ClientIP" else { return failures }
        let detail = "when session affinity type is ClientIP"
        guard let config = spec.field("sessionAffinityConfig") else { return failures + [.required(path, detail)] }
        guard let client = config.field("clientIP") else { return failures + [.required("\(path).clientIP", detail)] }
        guard let seconds = client.field("timeoutSeconds")?.integer else {
            return failures + [.required("\(path).clientIP.timeoutSeconds", detail)]
        }
        if seconds <= 0 || seconds > 86400 {
            failures.append(
                .invalid(
                    "\(path).clientIP.timeoutSeconds", JSONValue(seconds), "must be greater than 0 and less than 86400"
                ))
        }
        return failures
    }

    /// Addresses that were there before are not judged again.
    private static func externalAddressFailures(_ spec: JSONValue, _ old: JSONValue?) -> [FieldFailure] {
        let known = old?.texts("externalIPs") ?? []
        var failures: [FieldFailure] = []
        for (index, text) in spec.texts("externalIPs").enumerated() {
            let causes = known.contains(text) ? [] : AddressSyntax.address(text)
            let path = "spec.externalIPs[\(index)]"
            failures.check(path, .string(text), causes.isEmpty ? AddressSyntax.endpoint(text) : causes)
        }
        return failures
    }

    private static func sourceRangeFailures(_ service: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        let detail = "may only be used when `type` is 'LoadBalancer'"
        let isBalanced = service.spec.text("type") == "LoadBalancer"
        let ranges = service.spec.texts("loadBalancerSourceRanges")
        var failures: [FieldFailure] = []
        if !ranges.isEmpty {
            // Upstream spells the field so, here alone.
            let path = "spec.LoadBalancerSourceRanges"
            let known = (old?.spec.texts("loadBalancerSourceRanges") ?? []).map(trimmed)
            if !isBalanced { failures.append(.forbidden(path, detail)) }
            for (index, range) in ranges.map(trimmed).enumerated() where !known.contains(range) {
                failures.check("\(path)[\(index)]", range, AddressSyntax.network)
            }
            return failures
        }
        let key = "service.beta.kubernetes.io/load-balancer-source-ranges"
        guard let text = service.annotations[key] else { return [] }
        let path = "metadata.annotations[\(key)]"
        if !isBalanced { failures.append(.forbidden(path, detail)) }
        if old?.annotations[key] != text, !trimmed(text).isEmpty {
            for range in text.split(separator: ",", omittingEmptySubsequences: false) {
                failures.check(path, trimmed(String(range)), AddressSyntax.network)
            }
        }
        return failures
    }

    private static func balancerFieldFailures(_ spec: JSONValue) -> [FieldFailure] {
        let isBalanced = spec.text("type") == "LoadBalancer"
        switch (spec.has("allocateLoadBalancerNodePorts"), isBalanced) {
        case (true, false):
            return [
                .forbidden(
                    "spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'")
            ]
        case (false, true): return [.required("allocateLoadBalancerNodePorts")]
        default: return []
        }
    }

    /// `validateLoadBalancerClassField`.
    static func classFailures(_ spec: JSONValue, _ old: JSONValue?) -> [FieldFailure] {
        let path = "spec.loadBalancerClass"
        let name = spec.field("loadBalancerClass")
        guard spec.text("type") == "LoadBalancer" else {
            return name == nil ? [] : [.forbidden(path, "may only be used when `type` is 'LoadBalancer'")]
        }
        var failures: [FieldFailure] = []
        if let old, old.text("type") == "LoadBalancer", old.field("loadBalancerClass") != name {
            failures.append(.invalid(path, name ?? .null, "may not change once set"))
        }
        if let name { failures.check(path, name.string ?? "", NameSyntax.qualifiedName) }
        return failures
    }

    private static func trafficFailures(_ spec: JSONValue) -> [FieldFailure] {
        let traits = ServiceTraits(spec)
        let outer = spec.text("externalTrafficPolicy")
        var failures: [FieldFailure] = []
        if !traits.isExternallyAccessible {
            if !outer.isEmpty {
                failures.append(
                    .invalid(
                        "spec.externalTrafficPolicy", .string(outer),
                        "may only be set for externally-accessible services"
                    ))
            }
        } else if outer.isEmpty {
            failures.append(.required("spec.externalTrafficPolicy"))
        } else {
            failures.check("spec.externalTrafficPolicy", outer, isOneOf: ["Cluster", "Local"])
        }
        let health = spec.number("healthCheckNodePort")
        if !traits.wantsHealthCheckNodePort {
            if health != 0 {
                failures.append(
                    .invalid(
                        "spec.healthCheckNodePort", JSONValue(health),
                        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"))
            }
        } else if health == 0 {
            failures.append(.required("spec.healthCheckNodePort"))
        } else {
            failures.checkPort("spec.healthCheckNodePort", health)
        }
        if let inner = spec.field("internalTrafficPolicy") {
            failures.check("spec.internalTrafficPolicy", inner.string ?? "", isOneOf: ["Cluster", "Local"])
        } else if traits.mayHaveNodePorts || traits.type == "ClusterIP" {
            failures.append(.required("spec.internalTrafficPolicy"))
        }
        if let distribution = spec.field("trafficDistribution") {
            failures.check(
                "spec.trafficDistribution", distribution.string ?? "",
                isOneOf: ["PreferClose", "PreferSameZone", "PreferSameNode"])
        }
        return failures
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
