import KubeAPI

/// A kind that the API serves: a row of the resource table.
struct ServedResource: Sendable {
    let type: any KubernetesObject.Type
    let shortNames: [String]
    /// `all`, …: words that stand for several kinds.
    let categories: [String]
    /// The fields that a field selector may name, with what they hold.
    let fields: [String: @Sendable (any KubernetesObject) -> String]
    /// Whether the kind has fields beside its metadata to select by: upstream has other words for those that have none.
    let hasOwnFields: Bool
    /// What watches of this kind share.
    let lines = WatchLines()

    /// `fields` are those beside `metadata.name` and `metadata.namespace`.
    init<Object: KubernetesObject>(
        _ type: Object.Type, shortNames: [String] = [], categories: [String] = [],
        fields: [String: @Sendable (Object) -> String]? = nil
    ) {
        self.type = type
        self.shortNames = shortNames
        self.categories = categories
        hasOwnFields = fields != nil
        var readers: [String: @Sendable (any KubernetesObject) -> String] = [
            "metadata.name": { $0.metadata.name }
        ]
        // Upstream leaves the namespace out for the cluster-scoped kinds that list their fields.
        if Object.resource.isNamespaced || fields == nil { readers["metadata.namespace"] = { $0.metadata.namespace } }
        for (path, read) in fields ?? [:] { readers[path] = { ($0 as? Object).map(read) ?? "" } }
        self.fields = readers
    }

    var resource: Resource { type.resource }

    /// Why a field selector may not name this field, in upstream's words (core/v1 conversion.go, runtime/conversion.go).
    func unsupportedField(_ path: String) -> Status {
        .badRequest(
            hasOwnFields
                ? "field label not supported: \(path)"
                : "\"\(path)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
    }
}
