import KubeAPI

/// The fields in which two objects differ.
struct FieldChanges: Sendable {
    var added = FieldSet()
    var modified = FieldSet()
    var removed = FieldSet()

    var isEmpty: Bool { added.isEmpty && modified.isEmpty && removed.isEmpty }

    /// What the new object has otherwise than the old one.
    var written: FieldSet { added.union(modified) }

    /// Without these fields and all below them.
    func ignoring(_ fields: FieldSet) -> FieldChanges {
        FieldChanges(
            added: added.subtractingAllBelow(fields), modified: modified.subtractingAllBelow(fields),
            removed: removed.subtractingAllBelow(fields))
    }
}

extension FieldWalk {
    /// The fields in which an object of a schema differs from what it was.
    func changes(from old: JSONValue, to new: JSONValue, _ schema: ObjectSchema) -> FieldChanges {
        var changes = FieldChanges()
        _ = descend(old, new, .fields(schema), &changes)
        return changes
    }

    /// Nil is what is not there; null is there.
    private func compare(
        _ old: JSONValue?, _ new: JSONValue?, _ shape: Shape, _ element: FieldElement, _ changes: inout FieldChanges
    ) {
        // What is the same is told sooner without its schema.
        if let old, let new, old == new { return }
        var inner = FieldChanges()
        if descend(old, new, shape, &inner) {
            changes.added.add(element, isMember: old == nil, children: inner.added)
            changes.removed.add(element, isMember: new == nil, children: inner.removed)
            changes.modified.add(element, isMember: false, children: inner.modified)
        } else if old == nil {
            changes.added.add(element, isMember: true)
        } else if new == nil {
            changes.removed.add(element, isMember: true)
        } else {
            changes.modified.add(element, isMember: true)
        }
    }

    /// False where there is nothing to go into: the value is compared as a whole.
    private func descend(
        _ old: JSONValue?, _ new: JSONValue?, _ shape: Shape, _ changes: inout FieldChanges
    ) -> Bool {
        switch shape {
        case .leaf: return false
        case .open:
            guard [old, new].allSatisfy({ $0 == nil || $0?.object != nil }) else { return false }
            return compareMaps(old, new, .any, &changes)
        case .map(let type): return compareMaps(old, new, type, &changes)
        case .fields(let schema):
            let before = old?.object ?? JSONObject()
            let after = new?.object ?? JSONObject()
            if before.isEmpty, after.isEmpty, !schema.impliesFields { return false }
            let isOneSided = schema.impliesFields && (old == nil || new == nil)
            FieldPairs(before, after, schema, goesThroughAll: isOneSided).forEach { pair in
                let implied = pair.old == nil || pair.new == nil ? pair.field.flatMap(schema.implied) : nil
                let left = pair.old ?? (old == nil ? nil : implied)
                let right = pair.new ?? (new == nil ? nil : implied)
                guard left != nil || right != nil else { return }
                compare(left, right, self.shape(pair.field), .field(pair.key), &changes)
            }
            return true
        case .set(let type), .keyed(_, let type):
            let before = old?.array ?? []
            let after = new?.array ?? []
            if before.isEmpty, after.isEmpty { return false }
            compareLists(before, after, shape, self.shape(type), &changes)
            return true
        }
    }

    private func compareMaps(
        _ old: JSONValue?, _ new: JSONValue?, _ type: FieldType, _ changes: inout FieldChanges
    ) -> Bool {
        let before = old?.object ?? JSONObject()
        let after = new?.object ?? JSONObject()
        if before.isEmpty, after.isEmpty { return false }
        let shape = shape(type)
        FieldPairs(before, after, nil).forEach { compare($0.old, $0.new, shape, .field($0.key), &changes) }
        return true
    }

    private func compareLists(
        _ old: [JSONValue], _ new: [JSONValue], _ list: Shape, _ shape: Shape, _ changes: inout FieldChanges
    ) {
        if old.isEmpty || new.isEmpty, let only = (old + new).first, old.count + new.count == 1 {
            let element = element(only, at: 0, of: list)
            compare(old.first, new.first, shape, element, &changes)
            return
        }
        let before = entries(old, list)
        let after = entries(new, list)
        for element in before.order + after.order.filter({ before.items[$0] == nil }) {
            let left = before.items[element] ?? []
            let right = after.items[element] ?? []
            switch (left.count > 1, right.count > 1) {
            case (false, false): compare(left.first, right.first, shape, element, &changes)
            case (true, true): if left != right { changes.modified.add(element, isMember: true) }
            // Entries that are there several times are owned together.
            case (true, false):
                if let right = right.first { compare(nil, right, shape, element, &changes) }
                changes.removed.add(element, isMember: true)
            case (false, true):
                if let left = left.first { compare(left, nil, shape, element, &changes) }
                changes.added.add(element, isMember: true)
            }
        }
    }

    /// The entries of a list by what names them.
    private func entries(
        _ list: [JSONValue], _ shape: Shape
    ) -> (order: [FieldElement], items: [FieldElement: [JSONValue]]) {
        var order: [FieldElement] = []
        var items: [FieldElement: [JSONValue]] = [:]
        for (index, item) in list.enumerated() {
            let element = element(item, at: index, of: shape)
            if items[element] == nil { order.append(element) }
            items[element, default: []].append(item)
        }
        return (order, items)
    }
}

/// The fields of two objects, side by side, with their schemas, in the order of their names: all three are in order.
struct FieldPairs {
    struct Pair {
        let key: String
        /// Nil where the schema does not have it.
        let field: FieldSchema?
        let old: JSONValue?
        let new: JSONValue?
    }

    private let old: [JSONObject.Field]
    private let new: [JSONObject.Field]
    private let schema: [FieldSchema]
    private let goesThroughAll: Bool

    /// - Parameter goesThroughAll: whether the schema's fields come, too, that neither object has.
    init(_ old: JSONObject, _ new: JSONObject, _ schema: ObjectSchema?, goesThroughAll: Bool = false) {
        self.old = old.fields
        self.new = new.fields
        self.schema = schema?.fields ?? []
        self.goesThroughAll = goesThroughAll
    }

    func forEach(_ body: (Pair) -> Void) {
        var left = 0
        var right = 0
        var next = 0
        while left < old.count || right < new.count {
            let isOld = right == new.count || left < old.count && old[left].key <= new[right].key
            let isNew = left == old.count || right < new.count && new[right].key <= old[left].key
            let key = isOld ? old[left].key : new[right].key
            while next < schema.count, schema[next].name < key {
                if goesThroughAll { body(Pair(key: schema[next].name, field: schema[next], old: nil, new: nil)) }
                next += 1
            }
            let isKnown = next < schema.count && schema[next].name == key
            body(
                Pair(
                    key: key, field: isKnown ? schema[next] : nil, old: isOld ? old[left].value : nil,
                    new: isNew ? new[right].value : nil))
            if isOld { left += 1 }
            if isNew { right += 1 }
            if isKnown { next += 1 }
        }
        guard goesThroughAll else { return }
        for field in schema[next...] { body(Pair(key: field.name, field: field, old: nil, new: nil)) }
    }
}
