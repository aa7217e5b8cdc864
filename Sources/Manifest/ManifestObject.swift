import KubeAPI

/// An object of a manifest as it is written there, and where it stands. Of what it is no more is known than that it is an
/// object with an `apiVersion` and a `kind`.
package struct ManifestObject: Sendable, Equatable {
    package var object: Unstructured
    package let file: String
    /// Counted from 1, as `---` lines part the documents of a file.
    package let document: Int
    /// The object's first line in the file, from 1.
    package let line: Int

    /// What is wrong with a field of it, seen from the object.
    package func error(at path: FieldPath = FieldPath(), _ problem: String) -> ManifestError {
        ManifestError(
            file: file, document: document, line: line, column: nil, object: object.tree.reference,
            problem: path.isEmpty ? problem : "\(path): \(problem)")
    }
}

extension JSONValue {
    /// "Service shop/web", as far as it is known; nil where nothing is.
    var reference: String? {
        let metadata = self["metadata"]
        let namespace = metadata?["namespace"]?.string ?? ""
        let name = metadata?["name"]?.string ?? ""
        let words = [self["kind"]?.string ?? "", name.isEmpty || namespace.isEmpty ? name : "\(namespace)/\(name)"]
            .filter { !$0.isEmpty }
        return words.isEmpty ? nil : words.joined(separator: " ").quotable
    }

    /// The value for an error message: `'eighty'`, `1.5`, `a list`.
    package var found: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .string(let text): "'\(text.quotable)'"
        case .array: "a list"
        case .object: "an object"
        case .integer, .number: String(decoding: json, as: UTF8.self)
        }
    }
}
