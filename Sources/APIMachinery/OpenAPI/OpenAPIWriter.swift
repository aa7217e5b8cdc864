import KubeAPI

/// Writes schemas as OpenAPI has them, in the form of upstream's documents.
struct OpenAPIWriter: Sendable {
    enum Form: Sendable {
        /// Swagger 2.0.
        case two
        /// OpenAPI 3.0.
        case three
    }

    let form: Form
    let catalog: SchemaCatalog

    /// What clients know by name and the catalog has no fields of.
    private enum Named {
        static let quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity"
        static let integerOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
        static let time = "\(SchemaPackage.meta.prefix)Time"
        static let microTime = "\(SchemaPackage.meta.prefix)MicroTime"
        static let fields = "\(SchemaPackage.meta.prefix)FieldsV1"
        static let raw = "io.k8s.apimachinery.pkg.runtime.RawExtension"
        static let patch = "\(SchemaPackage.meta.prefix)Patch"
    }

    /// The body of a patch.
    var patchReference: JSONValue { reference(Named.patch) }

    func reference(_ name: String) -> JSONValue {
        ["$ref": .string((form == .two ? "#/definitions/" : "#/components/schemas/") + name)]
    }

    /// The schemas that these kinds are made of, by name.
    func schemas(reachableFrom kinds: [GroupVersionKind]) -> JSONObject {
        let status = "\(SchemaPackage.meta.prefix)Status"
        let deletion = "\(SchemaPackage.meta.prefix)DeleteOptions"
        var pending = kinds.compactMap { catalog.kinds[$0] } + [status, deletion]
        var reached: Set<String> = []
        var kindsByName: [String: [GroupVersionKind]] = [:]
        for (kind, name) in catalog.kinds { kindsByName[name, default: []].append(kind) }
        var values: [String: JSONValue] = scalars
        while let name = pending.popLast() {
            guard reached.insert(name).inserted, let schema = catalog[name] else { continue }
            values[name] = self.schema(schema, kindsByName[name] ?? [])
            for field in schema.fields {
                if let next = field.type.schemaName, !reached.contains(next) { pending.append(next) }
            }
        }
        return JSONObject(values)
    }

    private func schema(_ schema: ObjectSchema, _ kinds: [GroupVersionKind]) -> JSONValue {
        var tree: JSONValue = ["type": "object"]
        if !schema.documentation.isEmpty { tree["description"] = .string(schema.documentation) }
        if schema.isAtomic { tree["x-kubernetes-map-type"] = "atomic" }
        let required = schema.fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty { tree["required"] = JSONValue(required) }
        if !schema.fields.isEmpty {
            tree["properties"] = .object(
                JSONObject(Dictionary(schema.fields.map { ($0.name, property($0)) }) { $1 }))
        }
        if !kinds.isEmpty { tree["x-kubernetes-group-version-kind"] = .array(kinds.map(\.tree)) }
        return tree
    }

    private func property(_ field: FieldSchema) -> JSONValue {
        var tree = field.name == "fieldsV1" ? reference(Named.fields) : type(field.type)
        if form == .three, let reference = tree["$ref"] {
            // Nothing may stand beside a reference.
            tree = ["allOf": [["$ref": reference]], "default": [:]]
            if !field.type.isObject { tree["default"] = nil }
        }
        if !field.documentation.isEmpty { tree["description"] = .string(field.documentation) }
        if form == .three, let text = field.defaultText { tree["default"] = .string(text) }
        if field.isAtomic { tree["x-kubernetes-map-type"] = "atomic" }
        if case .list = field.type { addListKind(field.listKind, to: &tree) }
        let strategy = field.patchStrategy
        let words = [
            (strategy.merges, "merge"), (strategy.retainsKeys, "retainKeys"), (strategy.replaces, "replace"),
        ]
        let strategies = words.filter(\.0).map(\.1).joined(separator: ",")
        if !strategies.isEmpty { tree["x-kubernetes-patch-strategy"] = .string(strategies) }
        if let key = strategy.mergeKey { tree["x-kubernetes-patch-merge-key"] = .string(key) }
        return tree
    }

    private func addListKind(_ kind: ListKind, to tree: inout JSONValue) {
        switch kind {
        case .atomic: tree["x-kubernetes-list-type"] = "atomic"
        case .set: tree["x-kubernetes-list-type"] = "set"
        case .map(let keys):
            tree["x-kubernetes-list-type"] = "map"
            tree["x-kubernetes-list-map-keys"] = JSONValue(keys)
        }
    }

    private func type(_ type: FieldType) -> JSONValue {
        switch type {
        case .string: ["type": "string"]
        case .boolean: ["type": "boolean"]
        case .integer(let bits): ["type": "integer", "format": .string("int\(bits)")]
        case .number: ["type": "number", "format": "double"]
        case .bytes: ["type": "string", "format": "byte"]
        case .integerOrString: reference(Named.integerOrString)
        case .quantity: reference(Named.quantity)
        case .time: reference(Named.time)
        case .microTime: reference(Named.microTime)
        case .any: reference(Named.raw)
        case .object(let name): reference(name)
        case .list(let element): ["type": "array", "items": self.type(element)]
        case .map(let element): ["type": "object", "additionalProperties": self.type(element)]
        }
    }

    private var scalars: [String: JSONValue] {
        let time: JSONValue = ["type": "string", "format": "date-time"]
        let object: JSONValue = ["type": "object"]
        let texts = "An amount of a resource, such as 100m or 1Gi."
        return [
            Named.quantity: form == .two
                ? ["type": "string", "description": .string(texts)]
                : ["oneOf": [["type": "string"], ["type": "number"]], "description": .string(texts)],
            Named.integerOrString: form == .two
                ? ["type": "string", "format": "int-or-string"]
                : ["oneOf": [["type": "integer"], ["type": "string"]], "format": "int-or-string"],
            Named.time: time, Named.microTime: time, Named.fields: object, Named.raw: object, Named.patch: object,
        ]
    }
}

extension FieldType {
    fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}

extension GroupVersionKind {
    /// As the extension `x-kubernetes-group-version-kind` has it.
    var tree: JSONValue {
        ["group": .string(group), "kind": .string(kind), "version": .string(version)]
    }
}
