import KubeAPI

extension FieldWalk {
    /// The object with what a configuration says of it.
    func merge(_ configuration: JSONValue, into live: JSONValue, _ schema: ObjectSchema) -> JSONValue {
        merge(live, configuration, .fields(schema)) ?? .object(JSONObject())
    }

    private func merge(_ live: JSONValue?, _ wanted: JSONValue?, _ shape: Shape) -> JSONValue? {
        guard let live else { return wanted }
        guard let wanted else { return live }
        switch shape {
        case .leaf: return wanted
        case .open:
            guard live.object != nil, wanted.object != nil else { return wanted }
            return merge(live, wanted, .map(.any))
        case .map, .fields:
            let before = live.object ?? JSONObject()
            let after = wanted.object ?? JSONObject()
            if before.isEmpty, after.isEmpty { return wanted }
            var schema: ObjectSchema?
            if case .fields(let found) = shape { schema = found }
            var result = JSONObject()
            FieldPairs(before, after, schema).forEach { pair in
                var inner = self.shape(pair.field)
                if case .map(let type) = shape { inner = self.shape(type) }
                result[pair.key] = merge(pair.old, pair.new, inner)
            }
            return .object(result)
        case .set(let type), .keyed(_, let type):
            let before = live.array ?? []
            let after = wanted.array ?? []
            if before.isEmpty, after.isEmpty { return wanted }
            return .array(mergeLists(before, after, shape, self.shape(type)))
        }
    }

    /// The entries of both lists: those of the configuration in its order, the others where they stood between those that
    /// both have.
    private func mergeLists(_ live: [JSONValue], _ wanted: [JSONValue], _ list: Shape, _ shape: Shape) -> [JSONValue] {
        let before = live.enumerated().map { element($1, at: $0, of: list) }
        let after = wanted.enumerated().map { element($1, at: $0, of: list) }
        var places: [FieldElement: Int] = [:]
        var repeated: Set<FieldElement> = []
        for (index, element) in before.enumerated() where places.updateValue(index, forKey: element) != nil {
            repeated.insert(element)
        }
        let wantedElements = Set(after)
        var shared = after.filter { places[$0] != nil }[...]
        var isDone: Set<FieldElement> = []
        var result: [JSONValue] = []
        func take(_ right: Int) {
            let element = after[right]
            isDone.insert(element)
            // Of entries that were there several times none is the one that is meant.
            let old = repeated.contains(element) ? nil : places[element].map { live[$0] }
            if let merged = merge(old, wanted[right], shape) { result.append(merged) }
            if shared.first == element { shared.removeFirst() }
        }
        var left = 0
        var right = 0
        while left < before.count || right < after.count {
            if left < before.count, right < after.count {
                if before[left] == after[right] {
                    take(right)
                    left += 1
                    right += 1
                    continue
                }
                if wantedElements.contains(before[left]), let next = shared.first, next != before[left] {
                    left += 1
                    continue
                }
            }
            if left < before.count {
                if !wantedElements.contains(before[left]) {
                    result.append(live[left])
                    left += 1
                    continue
                }
                if isDone.contains(before[left]) { left += 1 }
            }
            if right < after.count {
                take(right)
                right += 1
            }
        }
        return result
    }
}
