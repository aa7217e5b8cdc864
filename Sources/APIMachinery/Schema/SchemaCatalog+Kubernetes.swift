extension SchemaCatalog {
    /// Every kind that is served, with all of its fields, as of Kubernetes 1.36. Parsed when it is first asked for.
    package static let kubernetes: SchemaCatalog = {
        var content = SchemaTable.Content()
        // A table that cannot be read lacks what follows the fault; the tests parse each by itself and let none pass.
        for table in SchemaTable.all { try? table.parse(into: &content) }
        return SchemaCatalog(
            schemas: content.schemas, kinds: Dictionary(content.kinds.map { ($0.kind, $0.schema) }) { $1 })
    }()
}
