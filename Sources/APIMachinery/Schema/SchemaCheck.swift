import KubeAPI

/// Makes of a tree what decoding it as a typed object and encoding that again makes of it: fields that the schema does
/// not have are dropped, as are nulls and what says no more than nothing; times and quantities are written in one way.
///
/// The rules and the words are those of Go's JSON decoder as the API server uses it (sigs.k8s.io/json).
package struct SchemaCheck: Sendable {
    private let catalog: SchemaCatalog
    /// Relative to the value that is looked at.
    private var unknown: [String] = []

    private init(_ catalog: SchemaCatalog) { self.catalog = catalog }

    /// Checks a tree and makes it what it means.
    ///
    /// - Returns: the paths of the fields that the schema does not have: `spec.ports[0].foo`; 100 at most.
    /// - Throws: `TypeFailure` for the first value that is not of its field's type.
    package static func normalise(
        _ tree: inout JSONValue, as schema: ObjectSchema, in catalog: SchemaCatalog = .kubernetes
    ) throws(TypeFailure) -> [String] {
        guard !tree.isNull else { return [] }
        var check = SchemaCheck(catalog)
        try check.object(&tree, schema)
        return check.unknown.count > 100 ? Array(check.unknown.prefix(100)) : check.unknown
    }

    /// A value that a field's type cannot hold, in the words of Go's decoder.
    package struct TypeFailure: Error, Equatable, CustomStringConvertible {
        /// What was found: `string`, `number 1.5`; empty where `problem` says all.
        var found = ""
        /// The type in Go: `int32`, `v1.ServiceSpec`.
        var wanted = ""
        /// Whole sentences of types that decode themselves (`Quantity`, `Time`).
        var problem = ""
        /// The innermost Go struct.
        var structure = ""
        var path: [String] = []

        package var description: String {
            if !problem.isEmpty { return problem }
            // The path was collected from the inside to the outside.
            let field = path.reversed().joined(separator: ".")
            return structure.isEmpty
                ? "json: cannot unmarshal \(found) into Go value of type \(wanted)"
                : "json: cannot unmarshal \(found) into Go struct field \(structure).\(field) of type \(wanted)"
        }
    }
}

// MARK: - Containers

extension SchemaCheck {
    private mutating func object(_ value: inout JSONValue, _ schema: ObjectSchema) throws(TypeFailure) {
        guard case .object(var fields) = value else {
            throw TypeFailure(found: value.goKind, wanted: FieldType.object(schema.name).goName)
        }
        // Only one holds the fields while they change, so that nothing is copied.
        value = .null
        try fields.filterInPlace { key, value throws(TypeFailure) in
            guard let field = schema[key] else {
                unknown.append(key)
                return false
            }
            if value.isNull { return false }
            return try self.field(&value, field, of: schema)
        }
        value = .object(fields)
    }

    /// False for a value that says no more than nothing.
    private mutating func field(
        _ value: inout JSONValue, _ field: FieldSchema, of schema: ObjectSchema
    ) throws(TypeFailure) -> Bool {
        let known = unknown.count
        do throws(TypeFailure) {
            try check(&value, field.type, goType: field.goType)
        } catch {
            var failure = error
            if failure.structure.isEmpty { failure.structure = schema.shortName }
            failure.path.append(field.name)
            throw failure
        }
        prefixUnknown(from: known, with: field.name)
        return field.keepsZero || !value.isZero(of: field.type)
    }

    /// The step is made only where there is something to put it before.
    private mutating func prefixUnknown(from start: Int, with step: @autoclosure () -> String) {
        guard start < unknown.count else { return }
        let step = step()
        for index in start..<unknown.count {
            let separator = unknown[index].utf8.first == UInt8(ascii: "[") ? "" : "."
            unknown[index] = step + separator + unknown[index]
        }
    }

    private mutating func check(_ value: inout JSONValue, _ type: FieldType, goType: String?) throws(TypeFailure) {
        switch type {
        case .any: break
        case .object(let name):
            // The catalog's tests see to it that every name leads to a schema.
            if let schema = catalog[name] { try object(&value, schema) }
        case .list(let element):
            guard case .array(var elements) = value else {
                throw TypeFailure(found: value.goKind, wanted: goType ?? type.goName)
            }
            value = .null
            for index in elements.indices {
                let known = unknown.count
                if elements[index].isNull { elements[index] = .zero(of: element) }
                try check(&elements[index], element, goType: goType.flatMap { elementType(of: $0) })
                prefixUnknown(from: known, with: "[\(index)]")
            }
            value = .array(elements)
        case .map(let element):
            guard case .object(var fields) = value else {
                throw TypeFailure(found: value.goKind, wanted: goType ?? type.goName)
            }
            value = .null
            try fields.filterInPlace { key, value throws(TypeFailure) in
                let known = unknown.count
                if value.isNull { value = .zero(of: element) }
                try check(&value, element, goType: goType.flatMap { elementType(of: $0) })
                prefixUnknown(from: known, with: key)
                return true
            }
            value = .object(fields)
        default: try scalar(&value, type, goType: goType)
        }
    }

    /// `[]v1.Capability` has elements of the type `v1.Capability`, `map[string]v1.Thing` of `v1.Thing`; nil where the name
    /// does not tell.
    private func elementType(of goType: String) -> String? {
        goType.utf8.lastIndex(of: UInt8(ascii: "]")).map { String(goType[goType.utf8.index(after: $0)...]) }
    }
}
