import Net

/// The forms of addresses that the API takes, with upstream's words for those that it does not
/// (k8s.io/apimachinery util/validation/ip.go, with `StrictIPCIDRValidation`, which 1.36 has switched on).
enum AddressSyntax {
    private static let noAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
    private static let noNetwork = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"

    /// `IsValidIPForLegacyField`: any way to write an IPv6 address will do.
    static let address: NameSyntax.Rule = { text in
        guard let address = sloppyAddress(text) else { return [noAddress] }
        if IPAddress(parsing: text) == nil { return ["must not have leading 0s"] }
        return isMapped(address) ? ["must not be an IPv4-mapped IPv6 address"] : []
    }

    /// `IsValidIP`: only the canonical way will do.
    static let canonicalAddress: NameSyntax.Rule = { text in
        let causes = address(text)
        guard causes.isEmpty, let address = IPAddress(parsing: text) else { return causes }
        return address.description == text ? [] : ["must be in canonical form (\"\(address)\")"]
    }

    /// `IsValidCIDRForLegacyField`.
    static let network: NameSyntax.Rule = { text in
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 2, let address = sloppyAddress(parts[0]), !parts[1].isEmpty,
            parts[1].utf8.allSatisfy(\.isDigit), let length = Int(parts[1]),
            let prefix = IPPrefix(containing: address, length: length)
        else { return [noNetwork] }
        if IPAddress(parsing: parts[0]) == nil || parts[1].hasPrefix("0") && parts[1].utf8.count > 1 {
            return ["must not have leading 0s in IP or prefix length"]
        }
        if isMapped(address) { return ["must not have an IPv4-mapped IPv6 address"] }
        return prefix.address == address ? [] : ["must not have bits set beyond the prefix length"]
    }

    /// `IsValidCIDR`.
    static let canonicalNetwork: NameSyntax.Rule = { text in
        let causes = network(text)
        guard causes.isEmpty, let prefix = try? IPPrefix(text) else { return causes }
        return prefix.description == text ? [] : ["must be in canonical form (\"\(prefix)\")"]
    }

    /// `ValidateEndpointIP`: an address that traffic may be sent to.
    static let endpoint: NameSyntax.Rule = { text in
        guard let address = IPAddress(parsing: text) else { return ["must be a valid IP address"] }
        var causes: [String] = []
        if address.isUnspecified { causes.append("may not be unspecified (\(text))") }
        if address.isLoopback { causes.append("may not be in the loopback range (127.0.0.0/8, ::1/128)") }
        if address.isLinkLocal { causes.append("may not be in the link-local range (169.254.0.0/16, fe80::/10)") }
        if isLinkLocalMulticast(address) {
            causes.append("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
        }
        return causes
    }

    /// Fully qualified names: `IsFullyQualifiedDomainName`. Nil for a good one.
    static func domainFailure(_ path: String, _ name: String) -> FieldFailure? {
        if name.isEmpty { return .required(path) }
        let absolute = name.hasSuffix(".") ? String(name.dropLast()) : name
        let causes = NameSyntax.dns1123Subdomain(absolute)
        if !causes.isEmpty { return .invalid(path, .string(absolute), causes.joined(separator: ",")) }
        let labels = absolute.split(separator: ".").map { String($0) }
        if labels.count < 2 {
            return .invalid(
                path, .string(absolute), "should be a domain with at least two segments separated by dots")
        }
        for label in labels {
            let causes = NameSyntax.dns1123Label(label)
            if !causes.isEmpty { return .invalid(path, .string(label), causes.joined(separator: ",")) }
        }
        return nil
    }

    /// At most one address of each family.
    static func isOnePerFamily(_ texts: [String]) -> Bool {
        let families = texts.compactMap { IPAddress(parsing: $0)?.family }
        return Set(families).count == families.count
    }

    /// An address whose IPv4 numbers may begin with zeros, as old objects have them.
    private static func sloppyAddress(_ text: String) -> IPAddress? {
        if let address = IPAddress(parsing: text) { return address }
        guard !text.contains(":") else { return nil }
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { number in
            let rest = number.drop { $0 == "0" }
            return rest.isEmpty && !number.isEmpty ? "0" : String(rest)
        }
        return IPAddress(parsing: numbers.joined(separator: "."))
    }

    private static func isMapped(_ address: IPAddress) -> Bool {
        address.family == .ipv6 && address.highBits == 0 && address.lowBits >> 32 == 0xFFFF
    }

    private static func isLinkLocalMulticast(_ address: IPAddress) -> Bool {
        address.family == .ipv4 ? address.v4Bits >> 8 == 0xE00000 : address.highBits >> 48 & 0xFF0F == 0xFF02
    }
}
