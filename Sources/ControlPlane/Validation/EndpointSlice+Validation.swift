import KubeAPI
import Net

extension EndpointSlice: APIObject {
    /// As upstream (pkg/apis/discovery/validation).
    private static let endpointLimit = 1000
    private static let addressLimit = 100

    package mutating func setDefaults() {
        for index in ports.indices {
            if ports[index].name == nil { ports[index].name = "" }
            if ports[index].protocol == nil { ports[index].protocol = "TCP" }
        }
    }

    package func failures(replacing old: EndpointSlice?) -> [FieldFailure] {
        var failures = nameFailures(NameRules.dns1123Subdomain)
        failures.check("addressType", addressType, isOneOf: AddressRules.families + ["FQDN"])
        if let old, old.addressType != addressType {
            failures.append(.invalid("addressType", addressType, "field is immutable"))
        }
        if endpoints.count > Self.endpointLimit {
            failures.append(.tooMany("endpoints", endpoints.count, limit: Self.endpointLimit))
        }
        failures += endpoints.enumerated().flatMap { self.failures(of: $1, "endpoints[\($0)]") }
        failures += portFailures()
        return failures
    }

    private func failures(of endpoint: EndpointSpec, _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        if endpoint.addresses.isEmpty {
            failures.append(.required("\(path).addresses", "must contain at least 1 address"))
        } else if endpoint.addresses.count > Self.addressLimit {
            failures.append(.tooMany("\(path).addresses", endpoint.addresses.count, limit: Self.addressLimit))
        }
        for (index, text) in endpoint.addresses.enumerated() {
            failures.check("\(path).addresses[\(index)]", text, addressCause(text))
        }
        if let name = endpoint.nodeName {
            failures.check("\(path).nodeName", name, NameRules.dns1123Subdomain(name))
        }
        if let name = endpoint.hostname { failures.check("\(path).hostname", name, NameRules.dns1123Label(name)) }
        return failures
    }

    private func addressCause(_ text: String) -> String? {
        guard let family = AddressRules.family(addressType) else {
            return addressType == "FQDN" ? NameRules.dns1123Subdomain(text) : nil
        }
        guard let address = IPAddress(parsing: text), address.family == family else {
            return "must be a valid \(family) address"
        }
        return AddressRules.reachable(address)
    }

    private func portFailures() -> [FieldFailure] {
        var failures: [FieldFailure] = []
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = "ports[\(index)]"
            let name = port.name ?? ""
            if !name.isEmpty { failures.check("\(path).name", name, NameRules.dns1123Label(name)) }
            if !names.insert(name).inserted { failures.append(.duplicate("\(path).name", name)) }
            failures.check("\(path).protocol", port.protocol ?? "TCP", isOneOf: ["SCTP", "TCP", "UDP"])
            if let number = port.port { failures.checkPort("\(path).port", number) }
        }
        return failures
    }

    package func hasDesiredState(of other: EndpointSlice) -> Bool {
        endpoints == other.endpoints && ports == other.ports && metadata.labels == other.metadata.labels
    }
}
