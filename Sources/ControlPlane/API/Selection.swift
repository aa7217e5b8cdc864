import APIMachinery
import KubeAPI

/// The objects of a kind that a list or a watch wants: a label selector and a field selector.
struct Selection: Sendable {
    private let labels: LabelQuery
    private let fields: FieldQuery
    private let kind: ServedKind
    /// What of an object has to be read; nil for the whole object.
    private let mask: FieldMask?
    /// Whether the name alone decides.
    private let needsNameOnly: Bool

    private static let nameFields: Set<String> = ["metadata.name", "metadata.namespace"]

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
        kind = resource.kind
        let rules = resource.rules
        for requirement in fields.requirements {
            let path = requirement.path
            // Upstream leaves the namespace out for the cluster-scoped kinds that list their fields.
            let isKnown =
                rules.selectableFields[path] != nil || path == "metadata.name"
                || path == "metadata.namespace"
                    && (rules.resource.isNamespaced || rules.selectableFields.isEmpty)
            guard isKnown else { throw Self.unsupportedField(path, rules) }
        }
        let own = fields.requirements.map(\.path).filter { !Self.nameFields.contains($0) }
        needsNameOnly = own.isEmpty && labels.requirements.isEmpty
        mask = Self.mask(of: own)
    }

    /// Of a status nobody knows which fields tell one of them: all of it is read.
    private static func mask(of paths: [String]) -> FieldMask? {
        var wanted = ["metadata.labels"]
        for path in paths {
            if path.hasPrefix("spec.") {
                wanted.append(path)
            } else if path.hasPrefix("status.") {
                wanted.append("status")
            } else {
                return nil
            }
        }
        return FieldMask(wanted)
    }

    /// In upstream's words (core/v1 conversion.go, runtime/conversion.go).
    private static func unsupportedField(_ path: String, _ rules: KindRules) -> Status {
        .badRequest(
            rules.selectableFields.isEmpty
                ? "\"\(path)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                : "field label not supported: \(path)")
    }

    /// Whether every object is wanted.
    var isEverything: Bool { labels.requirements.isEmpty && fields.requirements.isEmpty }

    /// What cannot be read is not selected.
    func matches(_ key: String, _ record: @autoclosure () -> ObjectRecord) -> Bool {
        if isEverything { return true }
        let name = kind.name(ofKey: key)
        let named = fields.requirements.filter { Self.nameFields.contains($0.path) }
        for requirement in named {
            let value = requirement.path == "metadata.name" ? name.name : name.namespace
            guard (value == requirement.value) != requirement.isNegated else { return false }
        }
        if needsNameOnly { return true }
        let record = record()
        guard
            let object = try? mask.map({ mask throws(Status) in try kind.decode(record, keeping: mask) })
                ?? kind.decode(record)
        else { return false }
        guard labels.requirements.isEmpty || labels.matches(object.labels) else { return false }
        return fields.requirements.allSatisfy { requirement in
            guard let read = kind.rules.selectableFields[requirement.path] else { return true }
            return (read(object) == requirement.value) != requirement.isNegated
        }
    }
}
