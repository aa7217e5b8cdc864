import KubeAPI

/// The objects of a kind that a list or a watch wants: a label selector and a field selector.
struct Selection: Sendable {
    private let labels: LabelQuery
    private let fields: FieldQuery
    private let readers: [String: @Sendable (any KubernetesObject) -> String]

    /// Reads `labelSelector` and `fieldSelector`.
    ///
    /// - Throws: 400 BadRequest for what is no selector, and for fields that the kind has not.
    init(_ query: RequestQuery, of resource: ServedResource) throws(Status) {
        do {
            labels = try LabelQuery(parsing: query["labelSelector"])
            fields = try FieldQuery(parsing: query["fieldSelector"])
        } catch {
            throw .badRequest(error.description)
        }
        readers = resource.fields
        for requirement in fields.requirements where readers[requirement.path] == nil {
            throw resource.unsupportedField(requirement.path)
        }
    }

    /// Whether every object is wanted.
    var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

    func matches(_ object: any KubernetesObject) -> Bool {
        labels.matches(object.metadata.labels) && fields.matches { readers[$0]?(object) ?? "" }
    }
}
