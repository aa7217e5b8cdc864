import KubeAPI

/// A label selector of an object, ready to be matched. One that is absent, empty or not valid selects nothing.
struct Selector: Sendable, Hashable {
    private let query: LabelQuery?
    let isEmpty: Bool

    /// - Parameter matchesAllIfEmpty: an empty selector, `{}`, selects everything.
    init(_ tree: JSONValue?, matchesAllIfEmpty: Bool = false) {
        guard let tree, tree.object != nil else {
            query = nil
            isEmpty = true
            return
        }
        let selector = LabelSelector(
            matchLabels: tree.map(at: "matchLabels"),
            matchExpressions: tree.list(at: "matchExpressions").map {
                LabelSelector.Expression(
                    key: $0.text(at: "key"), operator: $0.text(at: "operator"), values: $0.texts(at: "values"))
            })
        let parsed = try? LabelQuery(selector)
        isEmpty = parsed?.requirements.isEmpty ?? true
        query = isEmpty && !matchesAllIfEmpty ? nil : parsed
    }

    init(labels: [String: String]) {
        query = labels.isEmpty ? nil : try? LabelQuery(LabelSelector(matchLabels: labels))
        isEmpty = labels.isEmpty
    }

    func matches(_ labels: [String: String]) -> Bool { query?.matches(labels) ?? false }
}
