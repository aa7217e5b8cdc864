import KubeAPI

/// A term of a node selector (core/v1 `NodeSelectorTerm`): all of its requirements must be met. One without any meets
/// nothing.
struct NodeTerm: Sendable, Hashable {
    private struct Requirement: Sendable, Hashable {
        let key: String
        let relation: String
        let values: [String]

        init(_ tree: JSONValue) {
            key = tree.text(at: "key")
            relation = tree.text(at: "operator")
            values = tree.texts(at: "values")
        }

        func isMet(by value: String?) -> Bool {
            switch relation {
            case "In": return value.map { values.contains($0) } ?? false
            case "NotIn": return !(value.map { values.contains($0) } ?? false)
            case "Exists": return value != nil
            case "DoesNotExist": return value == nil
            case "Gt", "Lt":
                guard let value, let number = Int(value), let bound = values.first.flatMap({ Int($0) }) else {
                    return false
                }
                return relation == "Gt" ? number > bound : number < bound
            default: return false
            }
        }
    }

    private let expressions: [Requirement]
    private let fields: [Requirement]

    init(_ tree: JSONValue) {
        expressions = tree.list(at: "matchExpressions").map { Requirement($0) }
        fields = tree.list(at: "matchFields").map { Requirement($0) }
    }

    /// `metadata.name` is the one field that may be named.
    func matches(name: String, labels: [String: String]) -> Bool {
        if expressions.isEmpty, fields.isEmpty { return false }
        return expressions.allSatisfy { $0.isMet(by: labels[$0.key]) }
            && fields.allSatisfy { $0.key == "metadata.name" && $0.isMet(by: name) }
    }

    /// The nodes that the term names; nil where it does not name any.
    var nodeNames: Set<String>? {
        let sets = fields.filter { $0.key == "metadata.name" && $0.relation == "In" }.map { Set($0.values) }
        return sets.dropFirst().reduce(sets.first) { $0?.intersection($1) }
    }
}

/// The nodes that a Pod must be on: `spec.nodeSelector` and the required node affinity.
struct NodeRequirement: Sendable {
    private let selector: [String: String]
    /// Nil where there is no affinity; one term must be met.
    private let terms: [NodeTerm]?

    init(_ pod: JSONValue) {
        selector = pod.map(at: "spec", "nodeSelector")
        let required = pod[["spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]]
        terms = required.flatMap { $0.isNull ? nil : $0.list(at: "nodeSelectorTerms").map { NodeTerm($0) } }
    }

    func matches(name: String, labels: [String: String]) -> Bool {
        selector.allSatisfy { labels[$0.key] == $0.value }
            && (terms?.contains { $0.matches(name: name, labels: labels) } ?? true)
    }

    /// The only nodes that are in question, where every term names some.
    var nodeNames: Set<String>? {
        guard let terms, !terms.isEmpty else { return nil }
        var names: Set<String> = []
        for term in terms {
            guard let own = term.nodeNames else { return nil }
            names.formUnion(own)
        }
        return names
    }
}
