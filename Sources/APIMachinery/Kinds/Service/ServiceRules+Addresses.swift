import KubeAPI
import Net

/// The rules for `clusterIPs`, `ipFamilies` and `ipFamilyPolicy`, and for what of them may change.
extension ServiceRules {
    /// `ValidateServiceClusterIPsRelatedFields`.
    static func addressFailures(_ spec: JSONValue, _ old: JSONValue?) -> [FieldFailure] {
        guard spec.text("type") != "ExternalName" else { return [] }
        let path = "spec.clusterIPs"
        let (address, addresses, families) = (
            spec.text("clusterIP"), spec.texts("clusterIPs"), spec.texts("ipFamilies")
        )
        let all = JSONValue(addresses)
        var failures: [FieldFailure] = []
        if address.isEmpty {
            if !addresses.isEmpty {
                failures.append(.invalid(path, all, "must be empty when `clusterIP` is not specified"))
            }
        } else if addresses.isEmpty {
            failures.append(.required(path))
        } else if addresses[0] != address {
            failures.append(.invalid(path, all, "first value must match `clusterIP`"))
        }
        for (index, family) in families.enumerated() {
            failures.check("spec.ipFamilies[\(index)]", family, isOneOf: ["IPv4", "IPv6"])
            if families[..<index].contains(family) {
                failures.append(.duplicate("spec.ipFamilies[\(index)]", .string(family)))
            }
        }
        if let policy = spec.field("ipFamilyPolicy") {
            failures.check(
                "spec.ipFamilyPolicy", policy.string ?? "",
                isOneOf: ["PreferDualStack", "RequireDualStack", "SingleStack"])
        }
        let wrong = textFailures(addresses, known: old?.texts("clusterIPs") ?? [])
        failures += wrong
        if addresses.count > 2 { failures.append(.invalid(path, all, "may only hold up to 2 values")) }
        guard wrong.isEmpty else { return failures }
        if addresses.count > 1, !AddressSyntax.isOnePerFamily(addresses) {
            failures.append(.invalid(path, all, "may specify no more than one IP for each IP family"))
        }
        if address != "None" {
            for (index, (text, family)) in zip(addresses, families).enumerated() {
                let isOther = IPAddress(parsing: text).map { $0.family.description != family } ?? false
                guard isOther, family == "IPv4" || family == "IPv6" else { continue }
                failures.append(
                    .invalid(
                        "\(path)[\(index)]", .string(text),
                        "expected an \(family) value as indicated by `ipFamilies[\(index)]`"))
            }
        }
        return failures
    }

    private static func textFailures(_ addresses: [String], known: [String]) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for (index, text) in addresses.enumerated() {
            if index == 0, text == "None" {
                if addresses.count > 1 {
                    failures.append(
                        .invalid("spec.clusterIPs", JSONValue(addresses), "'None' must be the first and only value"))
                }
            } else if !known.contains(text) {
                failures.check("spec.clusterIPs[\(index)]", text, AddressSyntax.address)
            }
        }
        return failures
    }

    /// What of a Service may not change.
    static func changeFailures(_ spec: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if spec.text("type") != "ExternalName", old.text("type") != "ExternalName" {
            failures += clusterAddressChanges(spec, old)
            failures += familyChanges(spec, old)
        }
        failures += classFailures(spec, old)
        let (now, before) = (ServiceTraits(spec), ServiceTraits(old))
        if now.wantsHealthCheckNodePort, before.wantsHealthCheckNodePort,
            spec.number("healthCheckNodePort") != old.number("healthCheckNodePort")
        {
            failures.append(.forbidden("spec.healthCheckNodePort", "field is immutable"))
        }
        return failures
    }

    /// `validateUpgradeDowngradeClusterIPs`: a second address may come and go, the first one stays.
    private static func clusterAddressChanges(_ spec: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        if ServiceTraits(spec).isHeadless, ServiceTraits(old).isHeadless { return [] }
        let (now, before) = (spec.texts("clusterIPs"), old.texts("clusterIPs"))
        let all = JSONValue(now)
        if now.count == before.count {
            return zip(now, before).enumerated().filter { $1.0 != $1.1 }.map { index, _ in
                .invalid("spec.clusterIPs[\(index)]", all, "may not change once set")
            }
        }
        var failures: [FieldFailure] = []
        if now.isEmpty {
            failures.append(.invalid("spec.clusterIPs[0]", all, "primary clusterIP can not be unset"))
        } else if let first = before.first, now[0] != first {
            failures.append(.invalid("spec.clusterIPs[0]", all, "may not change once set"))
        }
        if before.count > now.count, now.count == 1, spec.text("ipFamilyPolicy") != "SingleStack" {
            failures.append(
                .invalid(
                    "spec.ipFamilyPolicy", spec["ipFamilyPolicy"] ?? .null,
                    "must be set to 'SingleStack' when releasing the secondary clusterIP"))
        }
        return failures
    }

    /// `validateUpgradeDowngradeIPFamilies`.
    private static func familyChanges(_ spec: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        guard !ServiceTraits(spec).isHeadless, !ServiceTraits(old).isHeadless else { return [] }
        let (now, before) = (spec.texts("ipFamilies"), old.texts("ipFamilies"))
        let path = "spec.ipFamilies[0]"
        if now.count == before.count {
            return zip(now, before).filter { $0 != $1 }.map { _ in
                .invalid(path, JSONValue(now), "may not change once set")
            }
        }
        var failures: [FieldFailure] = []
        if before.count > now.count, spec.list("clusterIPs").isEmpty {
            failures.append(.invalid(path, JSONValue(now), "primary ipFamily can not be unset"))
        }
        if let first = before.first, let next = now.first, first != next {
            failures.append(.invalid(path, JSONValue(spec.texts("clusterIPs")), "may not change once set"))
        }
        if before.count > now.count, now.count == 1, spec.text("ipFamilyPolicy") != "SingleStack" {
            failures.append(
                .invalid(
                    "spec.ipFamilyPolicy", spec["ipFamilyPolicy"] ?? .null,
                    "must be set to 'SingleStack' when releasing the secondary ipFamily"))
        }
        return failures
    }

    /// `ValidateLoadBalancerStatus`.
    static func balancerFailures(_ service: Unstructured, _ old: Unstructured) -> [FieldFailure] {
        let path = "status.loadBalancer.ingress"
        let ingress = service.status.part("loadBalancer").list("ingress")
        guard service.spec.text("type") == "LoadBalancer" else {
            return ingress.isEmpty ? [] : [.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")]
        }
        let known = old.status.part("loadBalancer").list("ingress").map { $0.text("ip") }
        var failures: [FieldFailure] = []
        for (index, entry) in ingress.enumerated() {
            let path = "\(path)[\(index)]"
            let address = entry.text("ip")
            if !address.isEmpty, !known.contains(address) {
                failures.check("\(path).ip", address, AddressSyntax.address)
            }
            switch (entry.field("ipMode"), address.isEmpty) {
            case (nil, false): failures.append(.required("\(path).ipMode", "must be specified when `ip` is set"))
            case (nil, true): break
            case (_?, true):
                failures.append(.forbidden("\(path).ipMode", "may not be specified when `ip` is not set"))
            case (let mode?, false): failures.check("\(path).ipMode", mode.string ?? "", isOneOf: ["Proxy", "VIP"])
            }
            let name = entry.text("hostname")
            guard !name.isEmpty else { continue }
            failures.check("\(path).hostname", name, NameSyntax.dns1123Subdomain)
            if IPAddress(parsing: name) != nil {
                failures.append(.invalid("\(path).hostname", .string(name), "must be a DNS name, not an IP address"))
            }
        }
        return failures
    }
}
