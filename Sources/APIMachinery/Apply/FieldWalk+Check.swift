import KubeAPI

/// A configuration that its schema does not allow, in upstream's words: `.spec.foo: field not declared in schema`.
struct ConfigurationErrors: Error, CustomStringConvertible {
    fileprivate(set) var lines: [String] = []

    var description: String {
        lines.count == 1 ? lines[0] : (["errors:"] + lines.map { "  \($0)" }).joined(separator: "\n")
    }
}

extension FieldWalk {
    /// Checks that a configuration has only fields of the schema, of their types, and lists whose entries can be told apart
    /// (sigs.k8s.io/structured-merge-diff `typed/validate.go`).
    func check(_ configuration: JSONValue, _ schema: ObjectSchema) throws(ConfigurationErrors) {
        var errors = ConfigurationErrors()
        check(configuration, .object(schema.name), field: nil, "", &errors)
        if !errors.lines.isEmpty { throw errors }
    }

    private func check(
        _ value: JSONValue, _ type: FieldType, field: FieldSchema?, _ path: String, _ errors: inout ConfigurationErrors
    ) {
        func fail(_ problem: String) { errors.lines.append(path.isEmpty ? problem : "\(path): \(problem)") }
        if value.isNull { return }
        switch type {
        case .any: return
        case .object(let name):
            guard let object = value.object else { return fail("expected map, got &{\(value.goDescription)}") }
            guard let schema = catalog[name] else { return }
            for item in object.fields {
                let step = "\(path).\(item.key)"
                guard let known = schema[item.key] else {
                    errors.lines.append("\(step): field not declared in schema")
                    // Upstream looks at no further fields of this object.
                    return
                }
                check(item.value, known.type, field: known, step, &errors)
            }
        case .map(let element):
            guard let object = value.object else { return fail("expected map, got &{\(value.goDescription)}") }
            for item in object.fields { check(item.value, element, field: nil, "\(path).\(item.key)", &errors) }
        case .list(let element):
            guard let items = value.array else { return fail("expected list, got &{\(value.goDescription)}") }
            checkItems(items, element, shape(field), path, &errors)
        case .integer, .number:
            guard case .integer = value else {
                if case .number = value { return }
                return fail("expected numeric (int or float), got \(value.goTypeName)")
            }
        case .boolean:
            if value.bool == nil { fail("expected boolean, got &{\(value.goDescription)}") }
        case .integerOrString, .quantity:
            if value.array != nil || value.object != nil { fail("expected any scalar, got &{\(value.goDescription)}") }
        case .string, .time, .microTime, .bytes:
            if value.string == nil {
                fail("expected string, got &value.valueUnstructured{Value:\(value.goDescription)}")
            }
        }
    }

    private func checkItems(
        _ items: [JSONValue], _ type: FieldType, _ shape: Shape, _ path: String, _ errors: inout ConfigurationErrors
    ) {
        var seen: Set<FieldElement> = []
        for (index, item) in items.enumerated() {
            var element = FieldElement.index(index)
            if let problem = problem(of: item, in: shape) {
                errors.lines.append("\(path): element \(index): \(problem)")
                return
            }
            switch shape {
            case .set, .keyed:
                element = self.element(item, at: index, of: shape)
                if !seen.insert(element).inserted {
                    errors.lines.append("\(path): duplicate entries for key \(element)")
                }
            default: break
            }
            check(item, type, field: nil, path + element.description, &errors)
        }
    }

    /// Why an entry of a list cannot be named.
    private func problem(of item: JSONValue, in shape: Shape) -> String? {
        switch (shape, item) {
        case (.set, .object): return "associative list without keys has an element that's a map type"
        case (.set, .array): return "not supported: associative list with lists as elements"
        case (.set, .null): return "associative list without keys has an element that's an explicit null"
        case (.keyed, .null): return "associative list with keys may not have a null element"
        case (.keyed(let keys, let type), .object):
            guard keyValues(item, keys, type).isEmpty else { return nil }
            let names = keys.map { "\"\($0)\"" }.joined(separator: " ")
            return "associative list with keys has an element that omits all key fields [\(names)] "
                + "(and doesn't have default values for any key fields)"
        case (.keyed, _): return "associative list with keys may not have non-map elements"
        default: return nil
        }
    }
}

extension JSONValue {
    /// What Go's decoder makes of the value.
    fileprivate var goTypeName: String {
        switch self {
        case .null: "<nil>"
        case .bool: "bool"
        case .integer: "int64"
        case .number: "float64"
        case .string: "string"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        }
    }
}
