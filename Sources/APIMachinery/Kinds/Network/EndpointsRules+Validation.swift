import KubeAPI

/// `ValidateEndpoints` (pkg/apis/core/validation).
extension EndpointsRules {
    /// Subsets that were there before are not judged again.
    static func failures(_ endpoints: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = old.map { MetadataRules.failures(endpoints, $0, NameSyntax.dns1123Subdomain) } ?? []
        failures += MetadataRules.creationFailures(
            endpoints.metadata, isNamespaced: true, NameSyntax.dns1123Subdomain)
        let wrong = subsetFailures(endpoints.tree.list("subsets"))
        let isKept = old.map { (endpoints["subsets"] ?? .null).says(theSameAs: $0["subsets"]) } ?? false
        return failures + (isKept ? [] : wrong)
    }

    private static func subsetFailures(_ subsets: [JSONValue]) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for (index, subset) in subsets.enumerated() {
            let path = "subsets[\(index)]"
            if subset.list("addresses").isEmpty, subset.list("notReadyAddresses").isEmpty {
                failures.append(.required(path, "must specify `addresses` or `notReadyAddresses`"))
            }
            for key in ["addresses", "notReadyAddresses"] {
                for (place, address) in subset.list(key).enumerated() {
                    failures += addressFailures(address, "\(path).\(key)[\(place)]")
                }
            }
            let ports = subset.list("ports")
            for (place, port) in ports.enumerated() {
                failures += portFailures(port, isNamed: ports.count > 1, "\(path).ports[\(place)]")
            }
        }
        return failures
    }

    private static func addressFailures(_ address: JSONValue, _ path: String) -> [FieldFailure] {
        let text = address.text("ip")
        var failures: [FieldFailure] = []
        let causes = AddressSyntax.address(text)
        failures.check("\(path).ip", .string(text), causes.isEmpty ? AddressSyntax.endpoint(text) : causes)
        if !address.text("hostname").isEmpty {
            failures.check("\(path).hostname", address.text("hostname"), NameSyntax.dns1123Label)
        }
        if let node = address.field("nodeName")?.string {
            failures.check("\(path).nodeName", node, NameSyntax.dns1123Subdomain)
        }
        return failures
    }

    private static func portFailures(_ port: JSONValue, isNamed: Bool, _ path: String) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        let name = port.text("name")
        if isNamed, name.isEmpty {
            failures.append(.required("\(path).name"))
        } else if !name.isEmpty {
            failures.check("\(path).name", name, NameSyntax.dns1123Label)
        }
        failures.checkPort("\(path).port", port.number("port"))
        if port.text("protocol").isEmpty {
            failures.append(.required("\(path).protocol"))
        } else {
            failures.check("\(path).protocol", port.text("protocol"), isOneOf: ServiceRules.protocols)
        }
        if let name = port.field("appProtocol")?.string {
            failures.check("\(path).appProtocol", name, NameSyntax.qualifiedName)
        }
        return failures
    }
}
