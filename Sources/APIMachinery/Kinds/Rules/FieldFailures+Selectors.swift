import KubeAPI

/// The rules for label selectors (k8s.io/apimachinery meta/v1/validation `ValidateLabelSelector`).
extension [FieldFailure] {
    mutating func checkSelector(_ selector: JSONValue?, _ path: String) {
        guard let selector else { return }
        self += MetadataRules.labelFailures(selector.pairs("matchLabels"), "\(path).matchLabels")
        for (index, condition) in selector.list("matchExpressions").enumerated() {
            let path = "\(path).matchExpressions[\(index)]"
            let values = condition.texts("values")
            checkOperator(condition.text("operator"), values, path)
            check("\(path).key", condition.text("key"), NameSyntax.qualifiedName)
            for (place, value) in values.enumerated() {
                check("\(path).values[\(place)]", value, NameSyntax.labelValue)
            }
        }
    }

    mutating func checkOperator(_ word: String, _ values: [String], _ path: String) {
        switch word {
        case "In", "NotIn":
            if values.isEmpty {
                append(.required("\(path).values", "must be specified when `operator` is 'In' or 'NotIn'"))
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                append(
                    .forbidden(
                        "\(path).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
            }
        default: append(.invalid("\(path).operator", .string(word), "not a valid selector operator"))
        }
    }

    mutating func checkPositive(_ path: String, _ number: Int) {
        if number <= 0 { append(.invalid(path, JSONValue(number), "must be greater than zero")) }
    }
}

extension LabelQuery {
    /// The selector of an object as it is matched; nil where it is none.
    init?(tree: JSONValue) {
        var requirements: [LabelRequirement] = []
        for (key, value) in tree.pairs("matchLabels") {
            guard let requirement = try? LabelRequirement(key: key, condition: .isIn([value])) else { return nil }
            requirements.append(requirement)
        }
        for expression in tree.list("matchExpressions") {
            let values = Set(expression.texts("values"))
            let condition: LabelRequirement.Condition
            switch expression.text("operator") {
            case "In": condition = .isIn(values)
            case "NotIn": condition = .isNotIn(values)
            case "Exists": condition = .exists
            case "DoesNotExist": condition = .doesNotExist
            default: return nil
            }
            guard let requirement = try? LabelRequirement(key: expression.text("key"), condition: condition) else {
                return nil
            }
            requirements.append(requirement)
        }
        self.init(requirements)
    }
}
