import KubeAPI

extension FieldWalk {
    /// The fields that an object says something of.
    func fieldSet(of tree: JSONValue, _ schema: ObjectSchema) -> FieldSet {
        fields(tree, .fields(schema)) ?? FieldSet()
    }

    /// What is in the set below a value; nil for a value that is owned as a whole.
    private func fields(_ value: JSONValue, _ shape: Shape) -> FieldSet? {
        var set = FieldSet()
        switch shape {
        case .leaf: return nil
        case .open: return value.object == nil ? nil : fields(value, .map(.any))
        case .map(let type):
            let inner = self.shape(type)
            for field in value.object?.fields ?? [] {
                set.add(.field(field.key), isMember: true, children: fields(field.value, inner) ?? FieldSet())
            }
        case .fields(let schema):
            for field in value.object?.fields ?? [] {
                let known = schema[field.key]
                let children = fields(field.value, self.shape(known))
                let isMember =
                    children == nil || known == nil || field.value.isNull || field.value.object?.isEmpty == true
                set.add(.field(field.key), isMember: isMember, children: children ?? FieldSet())
            }
        case .set(let type), .keyed(_, let type):
            let inner = self.shape(type)
            let items = value.array ?? []
            let elements = items.enumerated().map { element($1, at: $0, of: shape) }
            var counts: [FieldElement: Int] = [:]
            for element in elements { counts[element, default: 0] += 1 }
            for (element, item) in zip(elements, items) {
                // What is there several times is owned together, as a whole.
                let children = counts[element] == 1 ? fields(item, inner) : nil
                set.add(element, isMember: true, children: children ?? FieldSet())
            }
        }
        return set
    }

    /// The set with every field of a schema that has something below it: so that it goes together with what is in it.
    func withParents(_ set: FieldSet, _ schema: ObjectSchema) -> FieldSet { withParents(set, .fields(schema)) }

    private func withParents(_ set: FieldSet, _ shape: Shape) -> FieldSet {
        var result = FieldSet()
        for node in set.nodes {
            var isMember = node.isMember
            var inner = Shape.leaf
            switch (shape, node.element) {
            case (.fields(let schema), .field(let name)):
                let field = schema[name]
                if field != nil, !node.children.isEmpty { isMember = true }
                inner = self.shape(field)
            case (.map(let type), .field), (.keyed(_, let type), _): inner = self.shape(type)
            case (.open, _): inner = .open
            default: break
            }
            result.add(node.element, isMember: isMember, children: withParents(node.children, inner))
        }
        return result
    }

    /// The object without the fields of a set. What loses all that was in it stays, empty.
    func removing(_ set: FieldSet, from tree: JSONValue, _ schema: ObjectSchema) -> JSONValue {
        removing(set, from: tree, .fields(schema))
    }

    private func removing(_ set: FieldSet, from value: JSONValue, _ shape: Shape) -> JSONValue {
        guard !set.isEmpty else { return value }
        switch shape {
        case .leaf: return value
        case .open: return value.object == nil ? value : removing(set, from: value, .map(.any))
        case .map, .fields:
            guard var object = value.object else { return value }
            object.mapValues { key, value in
                guard let node = set[.field(key)] else { return value }
                if node.isMember { return nil }
                let inner: Shape
                switch shape {
                case .fields(let schema): inner = self.shape(schema[key])
                case .map(let type): inner = self.shape(type)
                default: inner = .leaf
                }
                return removing(node.children, from: value, inner)
            }
            return .object(object)
        case .set(let type), .keyed(_, let type):
            guard let items = value.array else { return value }
            let inner = self.shape(type)
            var kept: [JSONValue] = []
            for (index, item) in items.enumerated() {
                let node = set[element(item, at: index, of: shape)]
                if node?.isMember == true { continue }
                kept.append(removing(node?.children ?? FieldSet(), from: item, inner))
            }
            return .array(kept)
        }
    }
}
