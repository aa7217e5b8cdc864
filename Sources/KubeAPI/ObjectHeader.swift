/// What of an object can be told even where the rest of it is wrong: enough to find its type and to name it.
struct ObjectHeader: Sendable {
    var apiVersion = ""
    var kind = ""
    var namespace = ""
    private(set) var name = ""

    private enum MetadataKey: CodingKey {
        case name, namespace
    }

    /// Never fails: what cannot be read is empty.
    init(from decoder: any Decoder) {
        guard let fields = try? decoder.container(keyedBy: ObjectKey.self) else { return }
        apiVersion = (try? fields.value(.apiVersion)) ?? ""
        kind = (try? fields.value(.kind)) ?? ""
        guard let metadata = try? fields.nestedContainer(keyedBy: MetadataKey.self, forKey: .metadata) else { return }
        name = (try? metadata.value(.name)) ?? ""
        namespace = (try? metadata.value(.namespace)) ?? ""
    }

    /// Throws `FieldError` where `apiVersion` or `kind` is missing.
    func check(at codingPath: [any CodingKey]) throws {
        for (key, value) in [(ObjectKey.apiVersion, apiVersion), (.kind, kind)] where value.isEmpty {
            throw FieldError(path: FieldPath(codingPath + [key]), problem: "is required, as text")
        }
    }

    /// The kind that this is, if it is known.
    var resource: Resource? {
        AnyKubernetesObject.resources.first { $0.kind == kind && $0.apiVersion == apiVersion }
    }

    /// "Service default/web", as far as it is known; nil where nothing is.
    var reference: String? {
        let object = namespace.isEmpty ? name : "\(namespace)/\(name)"
        let words = [kind, name.isEmpty ? "" : object].filter { !$0.isEmpty }
        return words.isEmpty ? nil : words.joined(separator: " ").quotable
    }
}
