import KubeAPI

extension StrategicMergePatch {
    /// Merges a list into what is there: scalars are added, objects are merged with the one of the same merge key.
    func merge(
        _ original: [JSONValue], _ patch: [JSONValue], _ field: Field, isDeletion: Bool
    ) throws(PatchError) -> [JSONValue] {
        if original.isEmpty, patch.isEmpty { return original }
        guard try Self.areObjects(original, patch) else {
            if isDeletion {
                let gone = Set(patch)
                return original.filter { !gone.contains($0) }
            }
            var seen: Set<JSONValue> = []
            let merged = (original + patch).filter { seen.insert($0).inserted }
            return Self.inOrder(merged, wanted: patch, found: original) { $0 }
        }
        guard let key = field.strategy.mergeKey else {
            throw PatchError(.malformed, "cannot merge lists without merge key for \(field.type.goName)")
        }
        let (kept, changes) = try Self.applyDirectives(original, patch, key)
        var merged = kept
        for change in changes {
            guard let changed = change[key] else { throw .noMergeKey(change, key) }
            let place = merged.firstIndex { $0[key] == changed }
            guard let place, case .object(var object) = merged[place], let fields = change.object else {
                merged.append(change.withoutDirectives ?? [:])
                continue
            }
            try merge(&object, fields, shape(Self.element(of: field.type)))
            merged[place] = .object(object)
        }
        if let stray = merged.first(where: { $0[key] == nil }) { throw .noMergeKey(stray, key) }
        return Self.inOrder(merged, wanted: changes, found: kept) { $0[key] }
    }

    /// Deletes what the patch deletes, and everything where it says `$patch: replace`.
    private static func applyDirectives(
        _ original: [JSONValue], _ patch: [JSONValue], _ key: String
    ) throws(PatchError) -> (kept: [JSONValue], changes: [JSONValue]) {
        var kept = original
        var changes: [JSONValue] = []
        var replaces = false
        for change in patch {
            guard let directive = change[Directive.patch] else {
                changes.append(change)
                continue
            }
            switch directive {
            case "delete":
                guard let deleted = change[key] else { throw .noMergeKey(change, key) }
                kept.removeAll { $0[key] == deleted }
            case "replace": replaces = true
            case "merge": throw PatchError(.malformed, "merging lists cannot yet be specified in the patch")
            default: throw .unknownDirective(directive, change.object ?? JSONObject())
            }
        }
        return replaces ? (changes, []) : (kept, changes)
    }

    /// `$setElementOrder/<field>`: merges the field's list and puts it in this order.
    func setOrder(
        _ directive: JSONObject.Field, _ original: inout JSONObject, _ patch: inout JSONObject, _ shape: Shape
    ) throws(PatchError) {
        let name = try Directive.name(in: directive.key, .elementOrder)
        guard let order = directive.value.array else { throw .elementOrder }
        let field = field(name, of: shape)
        let present = try Self.list(original[name])
        let changes = try Self.list(patch[name])
        let key = field.strategy.mergeKey
        try Self.check(changes ?? [], isIn: order, key)
        let merged: [JSONValue]
        switch (present, changes) {
        case (nil, nil): return
        case (let present?, nil): merged = present
        case (nil, let changes?): merged = changes.compactMap(\.withoutDirectives)
        case (let present?, let changes?):
            merged = field.strategy.merges ? try merge(present, changes, field, isDeletion: false) : changes
        }
        if let key, let stray = merged.first(where: { $0[key] == nil }) { throw .noMergeKey(stray, key) }
        original[name] = .array(
            Self.inOrder(merged, wanted: order, found: present ?? []) { $0.name(key) })
        patch[name] = nil
    }

    private static func list(_ value: JSONValue?) throws(PatchError) -> [JSONValue]? {
        guard let value else { return nil }
        guard let list = value.array else {
            throw PatchError(.malformed, "expected a []interface {}, but received a \(value.goType)")
        }
        return list
    }

    /// - Throws: `PatchError` where the patch has its elements in another order than it asks for.
    private static func check(
        _ changes: [JSONValue], isIn order: [JSONValue], _ key: String?
    ) throws(PatchError) {
        guard !changes.isEmpty, !order.isEmpty else { return }
        var rest = order[...]
        for change in changes where change[Directive.patch] == nil {
            let name = change.name(key)
            if let key, name == nil { throw .noMergeKey(change, key) }
            guard let place = rest.firstIndex(where: { $0.name(key) == name }) else {
                throw PatchError(
                    .malformed,
                    "The order in patch list:\n\(JSONValue.array(changes).goDescription)\n doesn't match "
                        + "\(Directive.setElementOrder) list:\n\(JSONValue.array(order).goDescription)\n")
            }
            rest = rest[(place + 1)...]
        }
    }

    /// Puts the elements that `wanted` names in its order, and the others between them, each before the first that came
    /// after it in the list as it was found.
    private static func inOrder(
        _ elements: [JSONValue], wanted: [JSONValue], found: [JSONValue], _ name: (JSONValue) -> JSONValue?
    ) -> [JSONValue] {
        func places(_ list: [JSONValue]) -> [JSONValue: Int] {
            Dictionary(list.enumerated().compactMap { place, value in name(value).map { ($0, place) } }) { first, _ in
                first
            }
        }
        let wantedPlaces = places(wanted)
        let foundPlaces = places(found)
        func place(_ value: JSONValue, in places: [JSONValue: Int]) -> Int? { name(value).flatMap { places[$0] } }
        func sorted(_ values: [JSONValue], by places: [JSONValue: Int]) -> [JSONValue] {
            values.enumerated()
                .sorted { left, right in
                    let first = place(left.element, in: places) ?? -1
                    let second = place(right.element, in: places) ?? -1
                    return (first, left.offset) < (second, right.offset)
                }
                .map(\.element)
        }
        let named = sorted(elements.filter { place($0, in: wantedPlaces) != nil }, by: wantedPlaces)
        var others = sorted(elements.filter { place($0, in: wantedPlaces) == nil }, by: foundPlaces)[...]
        var result: [JSONValue] = []
        for value in named {
            if let limit = place(value, in: foundPlaces) {
                while let other = others.first, let before = place(other, in: foundPlaces), before < limit {
                    result.append(others.removeFirst())
                }
            }
            result.append(value)
        }
        return result + others
    }

    /// Whether the elements are objects.
    ///
    /// - Throws: `PatchError` for elements of several kinds, and for lists of lists.
    private static func areObjects(_ original: [JSONValue], _ patch: [JSONValue]) throws(PatchError) -> Bool {
        guard let first = original.first ?? patch.first else { return false }
        if first.array != nil { throw .listOfLists }
        let kind = first.goKind
        guard original.allSatisfy({ $0.goKind == kind }), patch.allSatisfy({ $0.goKind == kind }) else {
            throw .mixedElements(original, patch)
        }
        return first.object != nil
    }

    private static func element(of type: FieldType) -> FieldType {
        if case .list(let element) = type { element } else { .any }
    }
}

extension JSONValue {
    /// What tells an element of a list from the others: its merge key, or itself.
    fileprivate func name(_ mergeKey: String?) -> JSONValue? { mergeKey.map { self[$0] } ?? self }

    /// The type that Go decodes the value as.
    fileprivate var goType: String {
        switch self {
        case .null: "%!s(<nil>)"
        case .bool: "bool"
        case .integer: "int64"
        case .number: "float64"
        case .string: "string"
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        }
    }
}
