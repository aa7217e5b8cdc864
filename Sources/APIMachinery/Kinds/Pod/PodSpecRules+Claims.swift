import KubeAPI

/// The rules for what a pod claims of devices (`validatePodResourceClaims`, `validateResourceClaimNames`). The kinds that are
/// claimed are not served here: what is checked is the pod alone.
extension PodSpecRules {
    mutating func checkClaims() {
        var names: Set<String> = []
        for (index, claim) in spec.list("resourceClaims").enumerated() {
            let path = "\(path).resourceClaims[\(index)]"
            let name = claim.text("name")
            if name.isEmpty {
                failures.append(.required("\(path).name"))
            } else if !names.insert(name).inserted {
                failures.append(.duplicate("\(path).name", .string(name)))
            } else {
                failures.check("\(path).name", name, NameSyntax.dns1123Label)
            }
            let sources = ["resourceClaimName", "resourceClaimTemplateName"].filter { claim.has($0) }
            if sources.count > 1 {
                failures.append(
                    .invalid(
                        path, claim,
                        "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"))
            }
            if sources.isEmpty {
                failures.append(
                    .invalid(path, claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"))
            }
            for key in sources { failures.check("\(path).\(key)", claim.text(key), NameSyntax.dns1123Subdomain) }
        }
    }

    /// What of the pod's claims a container uses.
    mutating func checkClaims(_ claims: [JSONValue], _ path: String) {
        let known = Set(spec.list("resourceClaims").map { $0.text("name") }.filter { !$0.isEmpty })
        var used: Set<String> = []
        for (index, claim) in claims.enumerated() {
            let path = "\(path).claims[\(index)]"
            let (name, request) = (claim.text("name"), claim.text("request"))
            guard !name.isEmpty else {
                failures.append(.required(path))
                continue
            }
            let key = request.isEmpty ? name : "\(name)/\(request)"
            if !used.contains(name) {
                if !request.isEmpty { failures.check("\(path).request", request, NameSyntax.dns1123Label) }
                let overlaps = request.isEmpty && used.contains { $0.hasPrefix("\(name)/") }
                let isNew = used.insert(key).inserted
                if !isNew || overlaps { failures.append(.duplicate(path, .string(overlaps ? name : key))) }
            } else {
                failures.append(.duplicate(path, .string(name)))
            }
            guard !known.contains(name) else { continue }
            let names = known.isEmpty ? " which is empty" : ": \(known.sorted().joined(separator: ", "))"
            failures.append(
                .notFound(path, .string(name), "must be one of the names in pod.spec.resourceClaims\(names)"))
        }
    }
}
