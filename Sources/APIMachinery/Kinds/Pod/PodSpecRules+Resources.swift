import KubeAPI

/// The rules for requests and limits (`validateResourceRequirements`).
extension PodSpecRules {
    mutating func checkResources(_ resources: JSONValue, _ path: String) {
        let (limits, requests) = (resources.part("limits"), resources.part("requests"))
        var hasHugePages = false
        for (key, list) in [("limits", limits), ("requests", requests)] {
            for field in list.object?.fields ?? [] {
                let place = "\(path).\(key)[\(field.key)]"
                failures.check(amount: field.value, of: field.key, place)
                if field.key.hasPrefix("hugepages-") { hasHugePages = true }
                if key == "requests" { checkRequest(field.value, of: field.key, limits, path) }
            }
        }
        let hasBasics = ["cpu", "memory"].contains { limits.has($0) || requests.has($0) }
        if hasHugePages, !hasBasics { failures.append(.forbidden(path, "HugePages require cpu or memory")) }
    }

    /// A request is at most the limit, or the limit itself where no more may be promised than there is.
    private mutating func checkRequest(_ request: JSONValue, of name: String, _ limits: JSONValue, _ path: String) {
        let isShared = ResourceNames.isNative(name) && !name.hasPrefix("hugepages-")
        guard let limit = limits.field(name) else {
            if !isShared {
                failures.append(.required("\(path).limits", "Limit must be set for non overcommitable resources"))
            }
            return
        }
        guard let wanted = ResourceAmount(request), let most = ResourceAmount(limit), wanted != most else { return }
        let words = isShared ? "less than or equal to" : "equal to"
        guard !isShared || wanted > most else { return }
        failures.append(
            .invalid(
                "\(path).requests", .string(request.quantityText),
                "must be \(words) \(name) limit of \(limit.quantityText)"))
    }
}

/// The names of resources (pkg/apis/core/helper).
enum ResourceNames {
    /// Kubernetes' own; others are whole things of extensions.
    static func isNative(_ name: String) -> Bool { !name.contains("/") || name.contains("kubernetes.io/") }

    /// `validateContainerResourceName`.
    static let ofContainer: NameSyntax.Rule = { name in
        let causes = NameSyntax.qualifiedName(name)
        guard causes.isEmpty else { return causes }
        if name.contains("/") {
            return isNative(name) || NameSyntax.qualifiedName("requests.\(name)").isEmpty
                ? [] : ["doesn't follow extended resource name standard"]
        }
        let isStandard = ["cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("hugepages-")
        if isStandard { return [] }
        // A name that is none at all is told twice, as upstream does.
        let isKnown = knownElsewhere.contains(name) || name.hasPrefix("requests.hugepages-")
        return (isKnown ? [] : ["must be a standard resource type or fully qualified"])
            + ["must be a standard resource for containers"]
    }

    private static let knownElsewhere: Set<String> = [
        "configmaps", "limits.cpu", "limits.ephemeral-storage", "limits.memory", "persistentvolumeclaims", "pods",
        "replicationcontrollers", "requests.cpu", "requests.ephemeral-storage", "requests.memory", "requests.storage",
        "resourcequotas", "secrets", "services", "services.loadbalancers", "services.nodeports", "storage",
    ]
}

extension [FieldFailure] {
    /// The name and the amount of a container's resource.
    fileprivate mutating func check(amount: JSONValue, of name: String, _ path: String) {
        check(path, name, ResourceNames.ofContainer)
        checkAmount(amount, of: name, path)
    }

    /// `ValidateResourceQuantityValue`.
    mutating func checkAmount(_ value: JSONValue, of name: String, _ path: String) {
        // What is no quantity is for the schema to refuse.
        guard let amount = ResourceAmount(value) else { return }
        if amount.isNegative {
            append(.invalid(path, .string(value.quantityText), "must be greater than or equal to 0"))
        }
        if name == "pods" || !ResourceNames.isNative(name), !amount.isWhole {
            append(.invalid(path, .string(value.quantityText), "must be an integer"))
        }
    }
}

extension JSONValue {
    /// A quantity as it was written.
    var quantityText: String { string ?? String(decoding: json, as: UTF8.self) }
}
