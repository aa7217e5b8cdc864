import KubeAPI

/// `ValidateNode`, `ValidateNodeUpdate` (pkg/apis/core/validation), which apply to writes of the status as well.
extension NodeRules {
    static func failures(_ node: Unstructured, _ old: Unstructured?) -> [FieldFailure] {
        var failures = MetadataRules.failures(node, old, isNamespaced: false, NameSyntax.dns1123Subdomain)
        guard let old else {
            failures += taintFailures(node.spec.list("taints"))
            failures += amountFailures(node.status)
            failures += swapFailures(node.status)
            failures += featureFailures(node.status.texts("declaredFeatures"))
            return failures + prefixFailures(node.spec.texts("podCIDRs"))
        }
        failures += amountFailures(node.status)
        failures += featureFailures(node.status.texts("declaredFeatures"))
        let addresses = node.status.list("addresses")
        for (index, address) in addresses.enumerated()
        where addresses[..<index].contains(where: { $0.says(theSameAs: address) }) {
            failures.append(
                .duplicate(
                    "status.addresses[\(index)]",
                    written: #"{"Type":"\#(address.text("type"))","Address":"\#(address.text("address"))"}"#))
        }
        failures += changeFailures(node.spec, old.spec)
        failures += taintFailures(node.spec.list("taints"))
        if node.spec.text("externalID") != old.spec.text("externalID") {
            failures.append(.forbidden("spec.externalID", "may not be updated"))
        }
        return failures
    }

    /// `validateNodeSwapStatus`; upstream places it in the metadata.
    private static func swapFailures(_ status: JSONValue) -> [FieldFailure] {
        guard let capacity = status.part("nodeInfo").part("swap").field("capacity")?.integer, capacity <= 0 else {
            return []
        }
        return [
            .invalid("metadata.nodeSwapStatus.capacity", JSONValue(capacity), "must be greater than zero")
        ]
    }

    /// `validateNodeDeclaredFeatures`: each once, in their order.
    private static func featureFailures(_ names: [String]) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for (index, name) in names.enumerated() {
            let path = "status.declaredFeatures[\(index)]"
            if name.utf8.count > 253 {
                failures.append(
                    .invalid(
                        path, .string(name), "invalid feature name \"\(name)\": must be no more than 253 characters"))
            } else if !isFeature(name) {
                failures.append(
                    .invalid(
                        path, .string(name),
                        "invalid feature name \"\(name)\": must start with an UpperCamelCase segment, with subsequent "
                            + "segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only "
                            + "alphanumeric characters and slashes"))
            }
            guard index > 0 else { continue }
            if name == names[index - 1] {
                failures.append(.duplicate(path, .string(name)))
            } else if name < names[index - 1] {
                failures.append(.invalid(path, .string(name), "list must be sorted alphabetically"))
            }
        }
        return failures
    }

    private static func isFeature(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.enumerated().allSatisfy { index, part in
            guard let first = part.first else { return false }
            let isUpper = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= first
            let isLower = UInt8(ascii: "a")...UInt8(ascii: "z") ~= first
            guard isUpper || index > 0 && isLower else { return false }
            return part.allSatisfy { byte in
                UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            }
        }
    }

    /// What is given to a node stays its own.
    private static func changeFailures(_ spec: JSONValue, _ old: JSONValue) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        let (now, before) = (spec.texts("podCIDRs"), old.texts("podCIDRs"))
        if !before.isEmpty, now != before {
            failures.append(
                .forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid"))
        }
        if !old.text("providerID").isEmpty, old.text("providerID") != spec.text("providerID") {
            failures.append(
                .forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid"))
        }
        return failures
    }

    private static func amountFailures(_ status: JSONValue) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for key in ["capacity", "allocatable"] {
            for field in status.part(key).object?.fields ?? [] {
                failures.checkAmount(field.value, of: field.key, "status.\(key).\(field.key)")
            }
        }
        return failures
    }

    private static func prefixFailures(_ prefixes: [String]) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        for (index, prefix) in prefixes.enumerated() {
            failures.check("spec.podCIDRs[\(index)]", prefix, AddressSyntax.network)
        }
        guard prefixes.count > 1 else { return failures }
        let families = Set(prefixes.map { $0.contains(":") })
        if prefixes.count > 2 || families.count != 2 {
            failures.append(
                .invalid(
                    "spec.podCIDRs", JSONValue(prefixes), "may specify no more than one CIDR for each IP family"))
        }
        return failures
    }

    /// `validateNodeTaints`; upstream places them in the metadata.
    private static func taintFailures(_ taints: [JSONValue]) -> [FieldFailure] {
        var failures: [FieldFailure] = []
        var seen: Set<String> = []
        for (index, taint) in taints.enumerated() {
            let path = "metadata.taints[\(index)]"
            let (key, value, effect) = (taint.text("key"), taint.text("value"), taint.text("effect"))
            failures.check("\(path).key", key, NameSyntax.qualifiedName)
            let causes = NameSyntax.labelValue(value)
            if !causes.isEmpty {
                failures.append(.invalid("\(path).value", .string(value), causes.joined(separator: ";")))
            }
            if effect.isEmpty {
                failures.append(.required("\(path).effect"))
            } else {
                failures.check("\(path).effect", effect, isOneOf: PodSpecRules.taintEffects)
            }
            if !seen.insert("\(key):\(effect)").inserted {
                failures.append(
                    .duplicate(
                        path,
                        written: """
                            {"Key":"\(key)","Value":"\(value)","Effect":"\(effect)","TimeAdded":null}: \
                            taints must be unique by key and effect pair
                            """))
            }
        }
        return failures
    }
}
