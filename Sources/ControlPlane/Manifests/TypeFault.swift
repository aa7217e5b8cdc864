import APIMachinery
import KubeAPI
import Manifest

/// The first value of an object that is not of its field's type, with its place: what an author of a manifest looks for.
enum TypeFault {
    static func first(in tree: JSONValue, as schema: ObjectSchema, _ catalog: SchemaCatalog) -> FieldError? {
        fields(of: tree, schema, catalog, [])
    }

    private static func fields(
        of value: JSONValue, _ schema: ObjectSchema, _ catalog: SchemaCatalog, _ path: [FieldPath.Step]
    ) -> FieldError? {
        guard let object = value.object else { return expected("an object", value, path) }
        for field in object.fields {
            guard let known = schema[field.key], !field.value.isNull else { continue }
            if let fault = fault(in: field.value, known.type, catalog, path + [.field(field.key)]) { return fault }
        }
        return nil
    }

    private static func fault(
        in value: JSONValue, _ type: FieldType, _ catalog: SchemaCatalog, _ path: [FieldPath.Step]
    ) -> FieldError? {
        switch type {
        case .any: return nil
        case .object(let name): return catalog[name].flatMap { fields(of: value, $0, catalog, path) }
        case .list(let element):
            guard let elements = value.array else { return expected("a list", value, path) }
            for (index, item) in elements.enumerated() where !item.isNull {
                if let fault = fault(in: item, element, catalog, path + [.index(index)]) { return fault }
            }
            return nil
        case .map(let element):
            guard let object = value.object else { return expected("an object", value, path) }
            for field in object.fields where !field.value.isNull {
                if let fault = fault(in: field.value, element, catalog, path + [.field(field.key)]) { return fault }
            }
            return nil
        default: return scalar(value, type, path)
        }
    }

    private static func scalar(_ value: JSONValue, _ type: FieldType, _ path: [FieldPath.Step]) -> FieldError? {
        let wanted: String
        switch (type, value) {
        case (.string, .string), (.boolean, .bool), (.number, .integer), (.number, .number): return nil
        case (.integer(let bits), .integer(let number)):
            if bits >= 64 || Int32(exactly: number) != nil { return nil }
            wanted = "an integer of \(bits) bits"
        case (.integerOrString, .integer(let number)):
            if Int32(exactly: number) != nil { return nil }
            wanted = "an integer of 32 bits"
        case (.integerOrString, .string): return nil
        case (.quantity, .string(let text)):
            if (try? Quantity(text)) != nil { return nil }
            wanted = "a quantity such as 100m or 1Gi"
        case (.quantity, .integer), (.quantity, .number): return nil
        case (.time, .string(let text)), (.microTime, .string(let text)):
            if Timestamp(text) != nil { return nil }
            wanted = "a time such as 2006-01-02T15:04:05Z"
        case (.string, _): wanted = "a string"
        case (.boolean, _): wanted = "true or false"
        case (.integer, _): wanted = "an integer"
        case (.number, _): wanted = "a number"
        case (.integerOrString, _): wanted = "an integer or a string"
        case (.quantity, _): wanted = "a quantity such as 100m or 1Gi"
        case (.time, _), (.microTime, _): wanted = "a time such as 2006-01-02T15:04:05Z"
        case (.bytes, .string): return nil
        default: wanted = "text in base64"
        }
        return expected(wanted, value, path)
    }

    private static func expected(_ wanted: String, _ value: JSONValue, _ path: [FieldPath.Step]) -> FieldError {
        FieldError(path: FieldPath(path), problem: "expected \(wanted), found \(value.found)")
    }
}
