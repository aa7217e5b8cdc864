import KubeAPI
import Net

/// The rules for what reaches a Service from outside of the cluster.
extension KubeAPI.Service {
    func externalFailures() -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for (index, text) in spec.externalIPs.enumerated() {
            let cause = IPAddress(parsing: text).map(AddressRules.reachable) ?? AddressRules.address(text)
            failures.check("spec.externalIPs[\(index)]", text, cause)
        }
        if !spec.loadBalancerSourceRanges.isEmpty, spec.type != "LoadBalancer" {
            failures.append(
                .forbidden("spec.loadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'"))
        }
        for (index, text) in spec.loadBalancerSourceRanges.enumerated() {
            let trimmed = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            failures.check("spec.loadBalancerSourceRanges[\(index)]", text, AddressRules.prefix(trimmed))
        }
        return failures + ingressFailures()
    }

    /// As `ValidateLoadBalancerStatus` upstream.
    private func ingressFailures() -> [FieldFailure] {
        let ingress = status?.loadBalancer?.ingress ?? []
        let path = "status.loadBalancer.ingress"
        guard !ingress.isEmpty else { return [] }
        guard spec.type == "LoadBalancer" else {
            return [.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")]
        }
        var failures: [FieldFailure] = []
        for (index, entry) in ingress.enumerated() {
            let path = "\(path)[\(index)]"
            let address = entry.ip ?? ""
            if !address.isEmpty { failures.check("\(path).ip", address, AddressRules.address(address)) }
            if let mode = entry.ipMode {
                if address.isEmpty {
                    failures.append(.forbidden("\(path).ipMode", "may not be specified when `ip` is not set"))
                }
                failures.check("\(path).ipMode", mode, isOneOf: ["Proxy", "VIP"])
            }
            if let name = entry.hostname, !name.isEmpty {
                let isAddress = IPAddress(parsing: name) != nil
                failures.check(
                    "\(path).hostname", name,
                    isAddress ? "must be a DNS name, not an IP address" : NameRules.dns1123Subdomain(name))
            }
        }
        return failures
    }
}
