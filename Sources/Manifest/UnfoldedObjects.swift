import KubeAPI

/// The objects of a document: one, or those of a list (`v1 List`, or the list of a kind such as `ServiceList`), whose
/// items may be lists. One that is wrong does not hide the others.
struct UnfoldedObjects {
    struct Entry {
        /// Where the object stands in the document: empty, or `items[3]`.
        let path: FieldPath
        let tree: JSONValue
        let object: Result<Unstructured, FieldError>
    }

    private(set) var entries: [Entry] = []

    init(_ document: JSONValue) { add(document, at: FieldPath()) }

    private mutating func add(_ tree: JSONValue, at path: FieldPath) {
        guard let items = tree.items else {
            entries.append(
                Entry(path: path, tree: tree, object: Result { () throws(FieldError) in try Self.object(tree) }))
            return
        }
        for (index, item) in items.enumerated() {
            var item = item
            if let kind = tree.itemKind, item.object != nil {
                // Items of a typed list do not say what they are.
                if (item["kind"]?.string ?? "").isEmpty { item["kind"] = .string(kind) }
                if (item["apiVersion"]?.string ?? "").isEmpty { item["apiVersion"] = tree["apiVersion"] }
            }
            add(item, at: path + FieldPath([.field("items"), .index(index)]))
        }
    }

    private static func object(_ tree: JSONValue) throws(FieldError) -> Unstructured {
        guard let object = try? Unstructured(tree) else {
            throw FieldError(path: FieldPath(), problem: "expected an object, found \(tree.found)")
        }
        for key in ["apiVersion", "kind"] where (object[key]?.string ?? "").isEmpty {
            throw FieldError(path: FieldPath([.field(key)]), problem: "is required, as text")
        }
        return object
    }
}

extension JSONValue {
    /// Nil where this is no list.
    fileprivate var items: [JSONValue]? {
        guard let kind = self["kind"]?.string, kind.hasSuffix("List") else { return nil }
        switch self["items"] {
        case .array(let items)?: return items
        case .null?, nil: return []
        default: return nil
        }
    }

    /// The kind of a list's items; nil where each names its own.
    fileprivate var itemKind: String? {
        guard let kind = self["kind"]?.string, kind != "List" else { return nil }
        return String(kind.dropLast("List".count))
    }
}
