import Net

/// The rules for addresses in objects (k8s.io/kubernetes pkg/apis/core/validation).
enum AddressRules {
    static let families = IPFamily.allCases.map(\.description)

    /// The family that Kubernetes spells so.
    static func family(_ text: String) -> IPFamily? { IPFamily.allCases.first { $0.description == text } }

    static func address(_ text: String) -> String? {
        IPAddress(parsing: text) == nil ? "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)" : nil
    }

    static func prefix(_ text: String) -> String? {
        (try? IPPrefix(text)) == nil ? "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)" : nil
    }

    /// An address that traffic may be sent to: endpoints and external IPs.
    static func reachable(_ address: IPAddress) -> String? {
        if address.isUnspecified { return "may not be unspecified (\(address))" }
        if address.isLoopback { return "may not be in the loopback range (127.0.0.0/8, ::1/128)" }
        if address.isLinkLocal { return "may not be in the link-local range (169.254.0.0/16, fe80::/10)" }
        if address.isMulticast { return "may not be in the multicast range (224.0.0.0/4, ff00::/8)" }
        return nil
    }

    /// At most one address of each family, all of them valid.
    static func failures(atMostOnePerFamily addresses: [String], path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        var seen: Set<IPFamily> = []
        for (index, text) in addresses.enumerated() {
            failures.check("\(path)[\(index)]", text, address(text))
            guard let family = IPAddress(parsing: text)?.family else { continue }
            if !seen.insert(family).inserted {
                failures.append(
                    .invalid("\(path)[\(index)]", text, "may specify no more than one IP for each IP family"))
            }
        }
        return failures
    }
}
