import KubeAPI
import Net

/// `ValidateEndpointSlice` (pkg/apis/discovery/validation).
extension EndpointSliceRules {
    private static let endpointLimit = 1000
    private static let addressLimit = 100
    private static let portLimit = 20_000
    private static let hintLimit = 8
    private static let topologyLimit = 16

    /// Endpoints that were there before are not judged again.
    static func failures(_ slice: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.creationFailures(slice.metadata, isNamespaced: true, NameSyntax.dns1123Subdomain)
        let type = slice.tree.text("addressType")
        if type.isEmpty {
            failures.append(.required("addressType"))
        } else {
            failures.check("addressType", type, isOneOf: ["FQDN", "IPv4", "IPv6"])
        }
        failures += portFailures(slice.tree.list("ports"))
        let endpoints = endpointFailures(slice.tree.list("endpoints"), type)
        if !endpoints.isEmpty, old.map({ (slice["endpoints"] ?? .null).says(theSameAs: $0["endpoints"]) }) != true {
            failures += endpoints
        }
        if let old { failures.checkUnchanged("addressType", slice["addressType"], old["addressType"]) }
        return failures
    }

    private static func portFailures(_ ports: [JSONValue]) -> [FieldFailure] {
        if ports.count > portLimit { return [.tooMany("ports", ports.count, limit: portLimit)] }
        var failures: [FieldFailure] = []
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = "ports[\(index)]"
            let name = port.text("name")
            if !name.isEmpty { failures.check("\(path).name", name, NameSyntax.dns1123Label) }
            if !names.insert(name).inserted { failures.append(.duplicate("\(path).name", .string(name))) }
            if let text = port.field("protocol")?.string {
                failures.check("\(path).protocol", text, isOneOf: ServiceRules.protocols)
            } else {
                failures.append(.required("\(path).protocol"))
            }
            if let name = port.field("appProtocol")?.string {
                failures.check("\(path).appProtocol", name, NameSyntax.qualifiedName)
            }
        }
        return failures
    }

    private static func endpointFailures(_ endpoints: [JSONValue], _ type: String) -> [FieldFailure] {
        if endpoints.count > endpointLimit { return [.tooMany("endpoints", endpoints.count, limit: endpointLimit)] }
        var failures: [FieldFailure] = []
        for (index, endpoint) in endpoints.enumerated() {
            let path = "endpoints[\(index)]"
            let addresses = endpoint.texts("addresses")
            if addresses.isEmpty {
                failures.append(.required("\(path).addresses", "must contain at least 1 address"))
            } else if addresses.count > addressLimit {
                failures.append(.tooMany("\(path).addresses", addresses.count, limit: addressLimit))
            }
            for (index, address) in addresses.enumerated() {
                failures += addressFailures(address, type, "\(path).addresses", index)
            }
            if let name = endpoint.field("nodeName")?.string {
                failures.check("\(path).nodeName", name, NameSyntax.dns1123Subdomain)
            }
            let topology = endpoint.pairs("deprecatedTopology")
            if topology.count > topologyLimit {
                failures.append(.tooMany("\(path).deprecatedTopology", topology.count, limit: topologyLimit))
            }
            failures += MetadataRules.labelFailures(topology, "\(path).deprecatedTopology")
            if let name = endpoint.field("hostname")?.string {
                failures.check("\(path).hostname", name, NameSyntax.dns1123Label)
            }
            failures += hintFailures(endpoint.part("hints"), "\(path).hints")
        }
        return failures
    }

    private static func addressFailures(
        _ text: String, _ type: String, _ path: String, _ index: Int
    ) -> [FieldFailure] {
        let place = "\(path)[\(index)]"
        var failures: [FieldFailure] = []
        switch type {
        case "IPv4", "IPv6":
            failures.check(place, text, type == "IPv4" ? AddressSyntax.address : AddressSyntax.canonicalAddress)
            guard failures.isEmpty else { return failures }
            if IPAddress(parsing: text)?.family.description != type {
                failures.append(.invalid(path, .string(text), "must be an \(type) address"))
            }
            failures.check(place, text, AddressSyntax.endpoint)
        case "FQDN": if let failure = AddressSyntax.domainFailure(place, text) { failures.append(failure) }
        default: break
        }
        return failures
    }

    private static func hintFailures(_ hints: JSONValue, _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for (key, rule) in [("forZones", NameSyntax.labelValue), ("forNodes", NameSyntax.dns1123Subdomain)] {
            let names = hints.list(key).map { $0.text("name") }
            if names.count > hintLimit {
                failures.append(.tooMany("\(path).\(key)", names.count, limit: hintLimit))
                return failures
            }
            for (index, name) in names.enumerated() {
                let path = "\(path).\(key)[\(index)].name"
                if names[..<index].contains(name) { failures.append(.duplicate(path, .string(name))) }
                failures.check(path, name, rule)
            }
        }
        return failures
    }
}
