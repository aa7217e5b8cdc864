import KubeAPI

/// Columns that many kinds have. Words and orders of cells are those of upstream's pkg/printers/internalversion/printers.go,
/// which the API server asks with `Wide`.
extension TableColumn {
    static let name = TableColumn(
        "Name", format: "name", documentation: "The name of the object, unique in its namespace."
    ) { object, _ in .string(object.name) }

    static let age = TableColumn(
        "Age", documentation: "How long ago the API server made the object."
    ) { object, now in .string(HumanDuration.text(since: object.creationTimestamp, now: now)) }

    static func text(
        _ name: String, priority: Int = 0, _ documentation: String, _ cell: @escaping @Sendable (Unstructured) -> String
    ) -> TableColumn {
        TableColumn(name, priority: priority, documentation: documentation) { object, _ in .string(cell(object)) }
    }

    static func count(
        _ name: String, type: String = "integer", priority: Int = 0, _ documentation: String,
        _ cell: @escaping @Sendable (Unstructured) -> Int
    ) -> TableColumn {
        TableColumn(name, type: type, priority: priority, documentation: documentation) { object, _ in
            JSONValue(cell(object))
        }
    }

    /// The names and images of the containers of a pod template at a path of fields.
    static func containers(_ template: String...) -> [TableColumn] {
        let path = template + ["spec", "containers"]
        func joined(_ key: String) -> @Sendable (Unstructured) -> String {
            { object in (object[path]?.array ?? []).map { $0.text(key) }.joined(separator: ",") }
        }
        return [
            text("Containers", priority: 1, "Names of each container in the template.", joined("name")),
            text("Images", priority: 1, "Images referenced by each container in the template.", joined("image")),
        ]
    }

    static func selector(_ path: String...) -> TableColumn {
        text("Selector", priority: 1, "What selects the pods.") { SelectorText.orNone(of: $0[path]) }
    }

    /// What `containers` and `selector` read.
    static func templateFields(_ spec: String = "spec") -> [String] {
        ["\(spec).template.spec.containers.name", "\(spec).template.spec.containers.image", "\(spec).selector"]
    }
}

/// Selectors as text (k8s.io/apimachinery `labels.Selector.String`, meta/v1 `FormatLabelSelector`).
enum SelectorText {
    /// `a=b,c in (d,e)`; `<none>` for one without conditions, `<error>` for one that is none.
    static func orNone(of selector: JSONValue?) -> String {
        guard let text = text(of: selector) else { return "<error>" }
        return text.isEmpty ? "<none>" : text
    }

    /// Labels as `a=b,c=d`, in the order of their keys; `<none>` for none.
    static func labels(_ labels: [(key: String, value: String)]) -> String {
        labels.isEmpty ? "<none>" : labels.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// Nil for an unknown operator.
    static func text(of selector: JSONValue?) -> String? {
        guard let selector else { return "" }
        var conditions = selector.pairs("matchLabels").map { (key: $0.key, text: "\($0.key)=\($0.value)") }
        for expression in selector.list("matchExpressions") {
            let key = expression.text("key")
            let values = expression.texts("values").sorted().joined(separator: ",")
            switch expression.text("operator") {
            case "In": conditions.append((key, "\(key) in (\(values))"))
            case "NotIn": conditions.append((key, "\(key) notin (\(values))"))
            case "Exists": conditions.append((key, key))
            case "DoesNotExist": conditions.append((key, "!\(key)"))
            default: return nil
            }
        }
        return conditions.sorted { $0.key < $1.key }.map(\.text).joined(separator: ",")
    }
}
