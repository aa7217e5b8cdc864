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
    /// How a write is treated, beside the rules.
    package let strategy: Strategy
    /// Fills in what the API server fills in where a field is left out.
    package let setDefaults: @Sendable (inout Unstructured) -> Void
    /// Drops and keeps what a client may not write: of a new object, or of one that replaces `old`. Name and uid must be
    /// there already.
    package let prepare: @Sendable (_ object: inout Unstructured, _ old: Unstructured?) -> Void
    /// As `prepare`, of a write of `status`: all but the status stays as it was.
    package let prepareStatus: @Sendable (_ object: inout Unstructured, _ old: Unstructured) -> Void
    /// The rules that the object breaks, in upstream's words and order.
    package let failures: @Sendable (_ object: Unstructured, _ old: Unstructured?) -> [FieldFailure]
    /// The rules that a write of `status` breaks.
    package let statusFailures: @Sendable (_ object: Unstructured, _ old: Unstructured) -> [FieldFailure]
    /// The fields that a field selector may name beside `metadata.name` and `metadata.namespace`.
    package let selectableFields: [String: @Sendable (Unstructured) -> String]
    /// What `kubectl get` prints.
    package let columns: [TableColumn]
    /// What the columns read, beside the metadata: `spec.containers.name` (lists are passed through). Nil for the whole
    /// object.
    package let columnFields: FieldMask?
    /// The cells of all columns at once, where that is quicker than one by one.
    package let rowCells: (@Sendable (_ object: Unstructured, _ now: Timestamp) -> [JSONValue])?
    /// Why an object is done, as the conditions of its row in a table; mostly none.
    package let rowConditions: @Sendable (Unstructured) -> [JSONValue]
    /// Another shape in which the same objects are stored; nil where they are stored as they are.
    package let storedShape: StoredShape?

    package init(
        resource: Resource, singular: String, shortNames: [String] = [], categories: [String] = [],
        subresources: [String] = [], strategy: Strategy = Strategy(),
        setDefaults: @escaping @Sendable (inout Unstructured) -> Void = { _ in },
        prepare: @escaping @Sendable (inout Unstructured, Unstructured?) -> Void = { _, _ in },
        prepareStatus: @escaping @Sendable (inout Unstructured, Unstructured) -> Void = Preparation.status,
        failures: @escaping @Sendable (Unstructured, Unstructured?) -> [FieldFailure] = { _, _ in [] },
        statusFailures: @escaping @Sendable (Unstructured, Unstructured) -> [FieldFailure] = { _, _ in [] },
        selectableFields: [String: @Sendable (Unstructured) -> String] = [:], columns: [TableColumn] = [],
        columnFields: FieldMask? = nil, rowCells: (@Sendable (Unstructured, Timestamp) -> [JSONValue])? = nil,
        rowConditions: @escaping @Sendable (Unstructured) -> [JSONValue] = { _ in [] },
        storedShape: StoredShape? = nil
    ) {
        self.resource = resource
        self.singular = singular
        self.shortNames = shortNames
        self.categories = categories
        self.subresources = subresources
        self.strategy = strategy
        self.setDefaults = setDefaults
        self.prepare = prepare
        self.prepareStatus = prepareStatus
        self.failures = failures
        self.statusFailures = statusFailures
        self.selectableFields = selectableFields
        self.columns = columns
        self.columnFields = columnFields
        self.rowCells = rowCells
        self.rowConditions = rowConditions
        self.storedShape = storedShape
    }
}

extension KindRules {
    /// The cells of an object's row.
    package func cells(of object: Unstructured, now: Timestamp) -> [JSONValue] {
        rowCells?(object, now) ?? columns.map { $0.cell(object, now) }
    }

    /// How the API server treats writes of a kind (upstream's `strategy.go` of each).
    package struct Strategy: Sendable {
        /// A `PUT` of an object that is not there makes it.
        package let createsOnUpdate: Bool
        /// A `PUT` may leave out `metadata.resourceVersion`.
        package let updatesUnconditionally: Bool
        /// A deletion first sets `metadata.deletionTimestamp` and waits for the node (Pods).
        package let deletesGracefully: Bool
        /// What becomes of the objects that a deleted one owns, where the request does not say it.
        package let propagation: DeletionOptions.Propagation

        package init(
            createsOnUpdate: Bool = false, updatesUnconditionally: Bool = true, deletesGracefully: Bool = false,
            propagation: DeletionOptions.Propagation = .background
        ) {
            self.createsOnUpdate = createsOnUpdate
            self.updatesUnconditionally = updatesUnconditionally
            self.deletesGracefully = deletesGracefully
            self.propagation = propagation
        }
    }

    /// Where objects are kept that this kind only shows in another shape.
    package struct StoredShape: Sendable {
        /// The kind under whose prefix they are stored.
        package let resource: Resource
        package let toStored: @Sendable (Unstructured) -> Unstructured
        package let fromStored: @Sendable (Unstructured) -> Unstructured

        package init(
            resource: Resource, toStored: @escaping @Sendable (Unstructured) -> Unstructured,
            fromStored: @escaping @Sendable (Unstructured) -> Unstructured
        ) {
            self.resource = resource
            self.toStored = toStored
            self.fromStored = fromStored
        }
    }
}

/// A column of a `Table` (meta/v1 `TableColumnDefinition`) with what fills it.
package struct TableColumn: Sendable {
    package let name: String
    /// `string`, `integer`, `boolean`.
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
