import KubeAPI

/// The rules for where a pod may run (`ValidateTolerations`, `validateAffinity`, `validateTopologySpreadConstraints`).
extension PodSpecRules {
    static let taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

    mutating func checkTolerations() {
        for (index, toleration) in spec.list("tolerations").enumerated() {
            let path = "\(path).tolerations[\(index)]"
            let (key, word) = (toleration.text("key"), toleration.text("operator"))
            let (value, effect) = (toleration.text("value"), toleration.text("effect"))
            if !key.isEmpty { failures.check("\(path).key", key, NameSyntax.qualifiedName) }
            if key.isEmpty, word != "Exists" {
                failures.append(
                    .invalid(
                        "\(path).operator", .string(word),
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\""))
            }
            if toleration.has("tolerationSeconds"), effect != "NoExecute" {
                failures.append(
                    .invalid(
                        "\(path).effect", .string(effect), "effect must be 'NoExecute' when `tolerationSeconds` is set")
                )
            }
            switch word {
            case "Equal", "":
                let causes = NameSyntax.labelValue(value)
                if !causes.isEmpty {
                    failures.append(.invalid("\(path).operator", .string(value), causes.joined(separator: ";")))
                }
            case "Exists":
                if !value.isEmpty {
                    failures.append(
                        .invalid(
                            "\(path).operator", .string(value), "value must be empty when `operator` is 'Exists'"))
                }
            default: failures.append(.unsupported("\(path).operator", .string(word), ["Equal", "Exists"]))
            }
            if !effect.isEmpty { failures.check("\(path).effect", effect, isOneOf: Self.taintEffects) }
        }
    }

    mutating func checkSchedulingGates() {
        var names: Set<String> = []
        for (index, gate) in spec.list("schedulingGates").enumerated() {
            let path = "\(path).schedulingGates[\(index)]"
            failures.check(path, gate.text("name"), NameSyntax.qualifiedName)
            if !names.insert(gate.text("name")).inserted {
                failures.append(.duplicate(path, .string(gate.text("name"))))
            }
        }
    }

    mutating func checkAffinity() {
        let affinity = spec.part("affinity")
        let path = "\(path).affinity"
        let (required, preferred) = (
            "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
        )
        let node = affinity.part("nodeAffinity")
        if let selector = node.field(required) { checkNodeSelector(selector, "\(path).nodeAffinity.\(required)") }
        for (index, term) in node.list(preferred).enumerated() {
            let path = "\(path).nodeAffinity.\(preferred)[\(index)]"
            checkWeight(term, path)
            checkNodeTerm(term.part("preference"), allowsAnyValue: true, "\(path).preference")
        }
        for kind in ["podAffinity", "podAntiAffinity"] {
            let pods = affinity.part(kind)
            for (index, term) in pods.list(required).enumerated() {
                checkPodTerm(term, "\(path).\(kind).\(required)[\(index)]")
            }
            for (index, term) in pods.list(preferred).enumerated() {
                let path = "\(path).\(kind).\(preferred)[\(index)]"
                checkWeight(term, path)
                checkPodTerm(term.part("podAffinityTerm"), "\(path).podAffinityTerm")
            }
        }
    }

    private mutating func checkWeight(_ term: JSONValue, _ path: String) {
        let weight = term.number("weight")
        if !(1...100).contains(weight) {
            failures.append(.invalid("\(path).weight", JSONValue(weight), "must be in the range 1-100"))
        }
    }

    private mutating func checkNodeSelector(_ selector: JSONValue, _ path: String) {
        let terms = selector.list("nodeSelectorTerms")
        if terms.isEmpty {
            failures.append(.required("\(path).nodeSelectorTerms", "must have at least one node selector term"))
        }
        for (index, term) in terms.enumerated() {
            checkNodeTerm(term, allowsAnyValue: false, "\(path).nodeSelectorTerms[\(index)]")
        }
    }

    private mutating func checkNodeTerm(_ term: JSONValue, allowsAnyValue: Bool, _ path: String) {
        for (index, condition) in term.list("matchExpressions").enumerated() {
            let path = "\(path).matchExpressions[\(index)]"
            let values = condition.texts("values")
            switch condition.text("operator") {
            case "Gt", "Lt":
                if values.count != 1 {
                    failures.append(
                        .required(
                            "\(path).values", "must be specified single value when `operator` is 'Lt' or 'Gt'"))
                }
            case let word: failures.checkOperator(word, values, path)
            }
            failures.check("\(path).key", condition.text("key"), NameSyntax.qualifiedName)
            guard !allowsAnyValue else { continue }
            for (place, value) in values.enumerated() {
                failures.check("\(path).values[\(place)]", value, NameSyntax.labelValue)
            }
        }
        for (index, condition) in term.list("matchFields").enumerated() {
            let path = "\(path).matchFields[\(index)]"
            let (word, values) = (condition.text("operator"), condition.texts("values"))
            if word != "In", word != "NotIn" {
                failures.append(.invalid("\(path).operator", .string(word), "not a valid selector operator"))
            } else if values.count != 1 {
                failures.append(
                    .required(
                        "\(path).values",
                        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"))
            }
            guard condition.text("key") == "metadata.name" else {
                failures.append(
                    .invalid("\(path).key", .string(condition.text("key")), "not a valid field selector key"))
                continue
            }
            for (place, value) in values.enumerated() {
                failures.check("\(path).values[\(place)]", value, NameSyntax.dns1123Subdomain)
            }
        }
    }

    private mutating func checkPodTerm(_ term: JSONValue, _ path: String) {
        failures.checkSelector(term.field("labelSelector"), "\(path).labelSelector")
        failures.checkSelector(term.field("namespaceSelector"), "\(path).namespaceSelector")
        for name in term.texts("namespaces") { failures.check("\(path).namespace", name, NameSyntax.dns1123Label) }
        let key = term.text("topologyKey")
        if key.isEmpty { failures.append(.required("\(path).topologyKey", "can not be empty")) }
        failures.check("\(path).topologyKey", key, NameSyntax.qualifiedName)
    }

    mutating func checkSpread() {
        let constraints = spec.list("topologySpreadConstraints")
        for (index, constraint) in constraints.enumerated() {
            let path = "\(path).topologySpreadConstraints[\(index)]"
            let (key, action) = (constraint.text("topologyKey"), constraint.text("whenUnsatisfiable"))
            failures.checkPositive("\(path).maxSkew", constraint.number("maxSkew"))
            failures.require("\(path).topologyKey", key, "can not be empty")
            failures.check("\(path).whenUnsatisfiable", action, isOneOf: ["DoNotSchedule", "ScheduleAnyway"])
            let isRepeated = constraints[(index + 1)...].contains {
                $0.text("topologyKey") == key && $0.text("whenUnsatisfiable") == action
            }
            if isRepeated {
                failures.append(
                    .duplicate("\(path).{topologyKey, whenUnsatisfiable}", .string("{\(key), \(action)}")))
            }
            if let domains = constraint.field("minDomains")?.integer {
                failures.checkPositive("\(path).minDomains", domains)
                if action != "DoNotSchedule" {
                    failures.append(
                        .invalid(
                            "\(path).minDomains", JSONValue(domains),
                            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action)"))
                }
            }
            for policy in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
                guard let word = constraint.field(policy)?.string else { continue }
                failures.check("\(path).\(policy)", word, isOneOf: ["Honor", "Ignore"])
            }
            failures.checkSelector(constraint.field("labelSelector"), "\(path).labelSelector")
        }
    }
}
