import KubeAPI

/// The rules for a pod's spec, in a pod or in a template (`ValidatePodSpec` in pkg/apis/core/validation/validation.go). Left
/// out are those for what is in vendors' volumes, which no part of this control plane acts upon.
struct PodSpecRules {
    let spec: JSONValue
    /// `spec` or `spec.template.spec`.
    let path: String
    /// Whether the spec is a pod's own, not a template's.
    let isPod: Bool
    var failures: [FieldFailure] = []

    static func failures(_ spec: JSONValue, _ path: String, isPod: Bool) -> [FieldFailure] {
        var rules = PodSpecRules(spec: spec, path: path, isPod: isPod)
        rules.checkAll()
        return rules.failures
    }

    private mutating func checkAll() {
        if !spec.has("terminationGracePeriodSeconds") {
            failures.append(.required("\(path).terminationGracePeriodSeconds"))
        }
        checkVolumes()
        checkClaims()
        checkContainers()
        checkInitContainers()
        checkEphemeralContainers()
        checkHostPorts()
        check("restartPolicy", isOneOf: ["Always", "OnFailure", "Never"])
        check("dnsPolicy", isOneOf: ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"])
        failures += MetadataRules.labelFailures(spec.pairs("nodeSelector"), "\(path).nodeSelector")
        checkSecurity()
        checkAffinity()
        checkDNS()
        for (index, gate) in spec.list("readinessGates").enumerated() {
            failures.check(
                "\(path).readinessGates[\(index)].conditionType", gate.text("conditionType"), NameSyntax.qualifiedName)
        }
        checkSchedulingGates()
        checkSpread()
        checkHostProcesses()
        checkHostUsers()
        checkHostnameOverride()
        checkNames()
        checkTolerations()
        checkAliases()
        if !spec.text("priorityClassName").isEmpty {
            failures.check("\(path).priorityClassName", spec.text("priorityClassName"), NameSyntax.dns1123Subdomain)
        }
        if let name = spec.field("runtimeClassName")?.string {
            failures.check("\(path).runtimeClassName", name, NameSyntax.dns1123Subdomain)
        }
        if spec.has("preemptionPolicy") { check("preemptionPolicy", isOneOf: ["PreemptLowerPriority", "Never"]) }
        if let overhead = spec.field("overhead") {
            checkResources(["limits": overhead], "\(path).overhead")
        }
        checkOperatingSystem()
    }

    /// A field that must be there and be one of a few words.
    private mutating func check(_ key: String, isOneOf words: [String]) {
        let text = spec.text(key)
        if text.isEmpty {
            failures.append(.required("\(path).\(key)"))
        } else {
            failures.check("\(path).\(key)", text, isOneOf: words)
        }
    }

    /// On the host's network a container's port is the host's.
    private mutating func checkHostPorts() {
        guard spec.flag("hostNetwork") else { return }
        for (index, container) in spec.list("containers").enumerated() {
            for (place, port) in container.list("ports").enumerated() {
                let (host, own) = (port.number("hostPort"), port.number("containerPort"))
                guard isPod || host != 0, host != own else { continue }
                failures.append(
                    .invalid(
                        "\(path).containers[\(index)].ports[\(place)].hostPort", JSONValue(host),
                        "must match `containerPort` when `hostNetwork` is true"))
            }
        }
    }

    private mutating func checkNames() {
        let account = spec.text("serviceAccountName")
        if !account.isEmpty { failures.check("\(path).serviceAccountName", account, NameSyntax.dns1123Subdomain) }
        let node = spec.text("nodeName")
        if !node.isEmpty { failures.check("\(path).nodeName", node, NameSyntax.dns1123Subdomain) }
        if let seconds = spec.field("activeDeadlineSeconds")?.integer {
            failures.check("\(path).activeDeadlineSeconds", seconds, in: 1...Int(Int32.max))
        }
        for key in ["hostname", "subdomain"] where !spec.text(key).isEmpty {
            failures.check("\(path).\(key)", spec.text(key), NameSyntax.dns1123Label)
        }
    }

    /// `validatePodHostName`.
    private mutating func checkHostnameOverride() {
        guard let name = spec.field("hostnameOverride")?.string else { return }
        let path = "\(path).hostnameOverride"
        if spec.flag("setHostnameAsFQDN") {
            failures.append(.forbidden(path, "may not be specified when setHostnameAsFQDN is true"))
        }
        if spec.flag("hostNetwork") {
            failures.append(.forbidden(path, "may not be specified when hostNetwork is true"))
        }
        if name.utf8.count > 64 { failures.append(.tooLong(path, limit: 64)) }
        failures.check(path, name, NameSyntax.dns1123Subdomain)
    }

    private mutating func checkDNS() {
        let path = "\(path).dnsConfig"
        let config = spec.field("dnsConfig")
        if spec.text("dnsPolicy") == "None" {
            guard let config else {
                failures.append(.required(path, "must provide `dnsConfig` when `dnsPolicy` is None"))
                return
            }
            if config.list("nameservers").isEmpty {
                failures.append(
                    .required(
                        "\(path).nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None"))
                return
            }
        }
        guard let config else { return }
        let (servers, searches) = (config.texts("nameservers"), config.texts("searches"))
        if servers.count > 3 {
            failures.append(
                .invalid("\(path).nameservers", JSONValue(servers), "must not have more than 3 nameservers"))
        }
        for (index, server) in servers.enumerated() {
            failures.check("\(path).nameservers[\(index)]", server, AddressSyntax.address)
        }
        if searches.count > 32 {
            failures.append(
                .invalid("\(path).searches", JSONValue(searches), "must not have more than 32 search paths"))
        }
        if searches.joined(separator: " ").utf8.count > 2048 {
            failures.append(
                .invalid(
                    "\(path).searches", JSONValue(searches),
                    "must not have more than 2048 characters (including spaces) in the search list"))
        }
        for (index, search) in searches.enumerated() where search != "." {
            let name = search.hasSuffix(".") ? String(search.dropLast()) : search
            failures.check("\(path).searches[\(index)]", name, NameSyntax.underscoredSubdomain)
        }
        for (index, option) in config.list("options").enumerated() where option.text("name").isEmpty {
            failures.append(.required("\(path).options[\(index)]", "must not be empty"))
        }
    }

    private mutating func checkAliases() {
        for (index, alias) in spec.list("hostAliases").enumerated() {
            let path = "\(path).hostAliases[\(index)]"
            failures.check("\(path).ip", alias.text("ip"), AddressSyntax.address)
            for (place, name) in alias.texts("hostnames").enumerated() {
                failures.check("\(path).hostnames[\(place)]", name, NameSyntax.dns1123Subdomain)
            }
        }
    }
}
