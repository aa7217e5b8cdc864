import KubeAPI

/// Strategic merge patch: a merge patch that knows from the schema how lists are merged, with directives for what a plain
/// merge cannot say (k8s.io/apimachinery util/strategicpatch, as the API server applies patches).
package struct StrategicMergePatch: Sendable {
    let catalog: SchemaCatalog

    /// Applies a patch to an object of a schema.
    ///
    /// - Throws: `PatchError` for directives that are wrong, and for elements without their merge key.
    package static func apply(
        _ patch: JSONValue, to value: JSONValue, as schema: ObjectSchema, in catalog: SchemaCatalog = .kubernetes
    ) throws(PatchError) -> JSONValue {
        guard let changes = patch.object else { throw PatchError(.malformed, "invalid JSON document") }
        var result = value.object ?? JSONObject()
        try StrategicMergePatch(catalog: catalog).merge(&result, changes, .fields(schema))
        return .object(result)
    }

    /// What is known of an object.
    enum Shape {
        case fields(ObjectSchema)
        /// Keys are data.
        case map(FieldType)
        /// Nothing is known.
        case open
    }

    /// What is known of a field.
    struct Field {
        var type = FieldType.any
        var strategy = PatchStrategy()
    }

    func shape(_ type: FieldType) -> Shape {
        switch type {
        case .object(let name): catalog[name].map { .fields($0) } ?? .open
        case .map(let element): .map(element)
        default: .open
        }
    }

    func field(_ key: String, of shape: Shape) -> Field {
        switch shape {
        case .fields(let schema): schema[key].map { Field(type: $0.type, strategy: $0.patchStrategy) } ?? Field()
        case .map(let element): Field(type: element)
        case .open: Field()
        }
    }
}

// MARK: - Objects

extension StrategicMergePatch {
    func merge(_ original: inout JSONObject, _ patch: JSONObject, _ shape: Shape) throws(PatchError) {
        var patch = patch
        if let directive = patch[Directive.patch] {
            switch directive {
            case "replace":
                patch[Directive.patch] = nil
                original = patch
            case "delete": original = JSONObject()
            default: throw .unknownDirective(directive, patch)
            }
            return
        }
        if let keys = patch[Directive.retainKeys] {
            patch[Directive.retainKeys] = nil
            try retain(keys, of: &original, patch)
        }
        for change in patch where change.key.hasPrefix(Directive.setElementOrder) {
            patch[change.key] = nil
            try setOrder(change, &original, &patch, shape)
        }
        for change in patch { try merge(change, into: &original, shape) }
    }

    private func merge(
        _ change: JSONObject.Field, into original: inout JSONObject, _ shape: Shape
    ) throws(PatchError) {
        var key = change.key
        let isDeletion = key.hasPrefix(Directive.deleteFromPrimitiveList)
        if isDeletion { key = try Directive.name(in: key, .primitiveList) }
        if change.value.isNull {
            original[key] = nil
            return
        }
        guard let present = original[key], present.goKind == change.value.goKind else {
            if !isDeletion { original[key] = change.value.withoutNulls.withoutDirectives }
            return
        }
        let field = field(key, of: shape)
        switch (present, change.value) {
        case (.object(var object), .object(let changes)) where !field.strategy.replaces:
            original[key] = nil
            try merge(&object, changes, self.shape(field.type))
            original[key] = .object(object)
        case (.array(let list), .array(let changes)) where field.strategy.merges || isDeletion:
            original[key] = .array(try merge(list, changes, field, isDeletion: isDeletion))
        default: original[key] = change.value
        }
    }

    /// `$retainKeys`: all that the object may keep. It must name all that the patch sets.
    private func retain(_ keys: JSONValue, of original: inout JSONObject, _ patch: JSONObject) throws(PatchError) {
        guard let list = keys.array else { throw .retainKeys }
        let retained = Set(list.compactMap(\.string))
        for change in patch
        where !change.value.isNull && !change.key.hasPrefix(Directive.deleteFromPrimitiveList)
            && !change.key.hasPrefix(Directive.setElementOrder)
        {
            guard retained.contains(change.key) else { throw .retainKeys }
        }
        original.mapValues { key, value in retained.contains(key) ? value : nil }
    }
}

// MARK: - Directives

/// The keys of a patch that are no fields.
enum Directive {
    static let patch = "$patch"
    static let retainKeys = "$retainKeys"
    static let deleteFromPrimitiveList = "$deleteFromPrimitiveList"
    static let setElementOrder = "$setElementOrder"

    /// The field that `$setElementOrder/ports` is about.
    ///
    /// - Throws: `failure` where it names none.
    static func name(in key: String, _ failure: PatchError) throws(PatchError) -> String {
        let parts = key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == setElementOrder || parts[0] == deleteFromPrimitiveList else {
            throw failure
        }
        return String(parts[1])
    }
}

extension PatchError {
    static let primitiveList = PatchError(.malformed, "invalid patch format of primitive list")
    static let retainKeys = PatchError(.malformed, "invalid patch format of retainKeys")
    static let elementOrder = PatchError(.malformed, "invalid patch format of setElementOrder list")
    static let listOfLists = PatchError(.inapplicable, "lists of lists are not supported")

    static func unknownDirective(_ directive: JSONValue, _ patch: JSONObject) -> PatchError {
        PatchError(
            .malformed,
            "unknown patch type: \(directive.goDescription) in map: \(JSONValue.object(patch).goDescription)")
    }

    static func noMergeKey(_ element: JSONValue, _ key: String) -> PatchError {
        PatchError(.malformed, "map: \(element.goDescription) does not contain declared merge key: \(key)")
    }

    static func mixedElements(_ lists: [JSONValue]...) -> PatchError {
        PatchError(
            .malformed,
            "list element types are not identical: \(JSONValue.array(lists.map { .array($0) }).goDescription)")
    }
}

extension JSONValue {
    /// Without fields of objects that are null: they would remove what is not there.
    var withoutNulls: JSONValue {
        switch self {
        case .object(var object):
            object.mapValues { $1.isNull ? nil : $1.withoutNulls }
            return .object(object)
        case .array(let elements): return .array(elements.map(\.withoutNulls))
        default: return self
        }
    }

    /// Without `$patch` and what holds it, as nothing is there that it could speak of; nil where this is such an object.
    var withoutDirectives: JSONValue? {
        switch self {
        case .object(var object):
            if object[Directive.patch] != nil { return nil }
            object.mapValues { $1.withoutDirectives }
            return .object(object)
        case .array(let elements): return .array(elements.compactMap(\.withoutDirectives))
        default: return self
        }
    }

    /// As Go's `fmt` prints a decoded value: `map[name:a ports:[1 2]]`.
    package var goDescription: String {
        switch self {
        case .null: "<nil>"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): "\(value)"
        case .string(let value): value
        case .array(let elements): "[\(elements.map(\.goDescription).joined(separator: " "))]"
        case .object(let object):
            "map[\(object.map { "\($0.key):\($0.value.goDescription)" }.joined(separator: " "))]"
        }
    }
}
