import KubeAPI

/// What the API server has to know of one kind: a row of the table of kinds. What is added there is served everywhere:
/// paths, discovery, selectors, tables, validation.
package struct KindRules: Sendable {
    package let resource: Resource
    /// `service`.
    package let singular: String
    package let shortNames: [String]
    /// `all`, …: words that stand for several kinds.
    package let categories: [String]
    /// `status`, `scale`, `binding`, `eviction`, `token`.
    package let subresources: [String]
    /// Fills in what the API server fills in where a field is left out.
    package let setDefaults: @Sendable (inout Unstructured) -> Void
    /// Drops and keeps what a client may not write: of a new object, or of one that replaces `old`.
    package let prepare: @Sendable (_ object: inout Unstructured, _ old: Unstructured?) -> Void
    /// The rules that the object breaks, in upstream's words and order.
    package let failures: @Sendable (_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure]
    /// The rules that a write of `status` breaks.
    package let statusFailures: @Sendable (_ object: Unstructured, _ old: Unstructured) -> [FieldFailure]
    /// The fields that a field selector may name beside `metadata.name` and `metadata.namespace`.
    package let selectableFields: [String: @Sendable (Unstructured) -> String]
    /// What `kubectl get` prints.
    package let columns: [TableColumn]

    package init(
        resource: Resource, singular: String, shortNames: [String] = [], categories: [String] = [],
        subresources: [String] = [],
        setDefaults: @escaping @Sendable (inout Unstructured) -> Void = { _ in },
        prepare: @escaping @Sendable (inout Unstructured, Unstructured?) -> Void = { _, _ in },
        failures: @escaping @Sendable (Unstructured, Unstructured?) -> [FieldFailure] = { _, _ in [] },
        statusFailures: @escaping @Sendable (Unstructured, Unstructured) -> [FieldFailure] = { _, _ in [] },
        selectableFields: [String: @Sendable (Unstructured) -> String] = [:], columns: [TableColumn] = []
    ) {
        self.resource = resource
        self.singular = singular
        self.shortNames = shortNames
        self.categories = categories
        self.subresources = subresources
        self.setDefaults = setDefaults
        self.prepare = prepare
        self.failures = failures
        self.statusFailures = statusFailures
        self.selectableFields = selectableFields
        self.columns = columns
    }
}

/// A column of a `Table` (meta/v1 `TableColumnDefinition`) with what fills it.
package struct TableColumn: Sendable {
    package let name: String
    /// `string`, `integer`, `date`.
    package let type: String
    /// `name` for the first column, else mostly empty.
    package let format: String
    /// 0 is always printed, 1 with `-o wide`.
    package let priority: Int
    package let documentation: String
    /// The cell for an object, at a point in time, which ages are counted to.
    package let cell: @Sendable (_ object: Unstructured, _ now: Timestamp) -> JSONValue

    package init(
        _ name: String, type: String = "string", format: String = "", priority: Int = 0, documentation: String = "",
        cell: @escaping @Sendable (Unstructured, Timestamp) -> JSONValue
    ) {
        self.name = name
        self.type = type
        self.format = format
        self.priority = priority
        self.documentation = documentation
        self.cell = cell
    }
}
