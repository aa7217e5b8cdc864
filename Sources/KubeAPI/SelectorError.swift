/// Why a selector is none.
package enum SelectorError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text does not follow the grammar.
    case syntax(selector: String, problem: String)
    case invalidKey(String)
    case invalidValue(String, key: String)
    case valuesMissing(key: String)
    case valuesNotAllowed(key: String, operator: String)
    case unknownOperator(String, key: String)

    package var description: String {
        switch self {
        case .syntax(let selector, let problem): "selector '\(selector.quotable)': \(problem)"
        case .invalidKey(let key): "selector: '\(key.quotable)' is not a label key"
        case .invalidValue(let value, let key):
            "selector: '\(value.quotable)' is not a label value (key \(key.quotable))"
        case .valuesMissing(let key): "selector: key \(key.quotable) needs at least one value"
        case .valuesNotAllowed(let key, let name): "selector: \(name.quotable) takes no values (key \(key.quotable))"
        case .unknownOperator(let name, let key):
            "selector: '\(name.quotable)' is none of In, NotIn, Exists, DoesNotExist (key \(key.quotable))"
        }
    }
}
