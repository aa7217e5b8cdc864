/// A selector as objects carry it (meta/v1 `LabelSelector`). Empty, it selects everything.
package struct LabelSelector: Codable, Sendable, Equatable {
    /// An entry of `matchExpressions`.
    package struct Expression: Codable, Sendable, Equatable {
        @OmitEmpty package var key: String
        /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
        @OmitEmpty package var `operator`: String
        @OmitEmpty package var values: [String]

        package init(key: String, operator: String, values: [String] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    @OmitEmpty package var matchLabels: [String: String]
    @OmitEmpty package var matchExpressions: [Expression]

    package init(matchLabels: [String: String] = [:], matchExpressions: [Expression] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }
}

/// One condition on an object's labels.
package struct LabelRequirement: Sendable, Hashable {
    package enum Condition: Sendable, Hashable {
        case isIn(Set<String>)
        /// Also met where the label is absent.
        case isNotIn(Set<String>)
        case exists
        case doesNotExist
    }

    package let key: String
    package let condition: Condition

    /// Throws where the key is not a qualified name, a value is no label value, or a set is empty.
    package init(key: String, condition: Condition) throws(SelectorError) {
        guard LabelSyntax.isKey(key) else { throw .invalidKey(key) }
        if case .isIn(let values) = condition { try Self.check(values, of: key) }
        if case .isNotIn(let values) = condition { try Self.check(values, of: key) }
        self.key = key
        self.condition = condition
    }

    private static func check(_ values: Set<String>, of key: String) throws(SelectorError) {
        if values.isEmpty { throw .valuesMissing(key: key) }
        for value in values.sorted() where !LabelSyntax.isValue(value) {
            throw .invalidValue(value, key: key)
        }
    }

    package func matches(_ labels: [String: String]) -> Bool {
        switch condition {
        case .isIn(let values): labels[key].map(values.contains) ?? false
        case .isNotIn(let values): !(labels[key].map(values.contains) ?? false)
        case .exists: labels[key] != nil
        case .doesNotExist: labels[key] == nil
        }
    }
}

/// A selector ready to be matched: all of its requirements must be met.
package struct LabelQuery: Sendable, Hashable {
    package let requirements: [LabelRequirement]

    package init(_ requirements: [LabelRequirement] = []) { self.requirements = requirements }

    /// Throws `SelectorError` where a key, value or operator is not valid.
    package init(_ selector: LabelSelector) throws(SelectorError) {
        var requirements: [LabelRequirement] = []
        for (key, value) in selector.matchLabels.sorted(by: { $0.key < $1.key }) {
            requirements.append(try LabelRequirement(key: key, condition: .isIn([value])))
        }
        for expression in selector.matchExpressions {
            requirements.append(try LabelRequirement(key: expression.key, condition: expression.condition()))
        }
        self.requirements = requirements
    }

    package func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { $0.matches(labels) }
    }
}

extension LabelSelector.Expression {
    fileprivate func condition() throws(SelectorError) -> LabelRequirement.Condition {
        switch self.operator {
        case "In": return .isIn(Set(values))
        case "NotIn": return .isNotIn(Set(values))
        case "Exists", "DoesNotExist":
            guard values.isEmpty else { throw .valuesNotAllowed(key: key, operator: self.operator) }
            return self.operator == "Exists" ? .exists : .doesNotExist
        default: throw .unknownOperator(self.operator, key: key)
        }
    }
}
