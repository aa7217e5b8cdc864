/// The fields of a JSON object, in the order of their names: equal objects are written as equal bytes, and a look-up is a
/// short search without hashing. Kubernetes objects have few fields each.
package struct JSONObject: Sendable, Hashable {
    package struct Field: Sendable, Hashable {
        package let key: String
        package var value: JSONValue
    }

    package private(set) var fields: [Field] = []

    package init() {}

    package init(_ values: [String: JSONValue]) {
        fields = values.map { Field(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
    }

    /// The fields of a text. Of a key that appears twice the last value counts.
    init(inTextOrder fields: consuming [Field]) {
        self.fields = fields
        // They mostly come in order, as what is read was mostly written here.
        guard zip(self.fields, self.fields.dropFirst()).contains(where: { !($0.key < $1.key) }) else { return }
        // The sort is stable: fields of one key stay in the order of the text.
        self.fields.sort { $0.key < $1.key }
        var kept = 0
        for index in self.fields.indices.dropFirst() {
            if self.fields[index].key != self.fields[kept].key { kept += 1 }
            if kept < index { self.fields.swapAt(kept, index) }
        }
        self.fields.removeLast(self.fields.count - kept - 1)
    }

    package var isEmpty: Bool { fields.isEmpty }
    package var count: Int { fields.count }
    package var keys: [String] { fields.map(\.key) }

    /// Setting nil removes the field.
    package subscript(key: String) -> JSONValue? {
        get {
            let (index, isThere) = place(of: key)
            return isThere ? fields[index].value : nil
        }
        set {
            let (index, isThere) = place(of: key)
            switch (newValue, isThere) {
            case (let value?, true): fields[index].value = value
            case (let value?, false): fields.insert(Field(key: key, value: value), at: index)
            case (nil, true): fields.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Changes every value in place; those that become nil are removed.
    package mutating func mapValues(_ transform: (String, JSONValue) throws -> JSONValue?) rethrows {
        fields = try fields.compactMap { field in
            try transform(field.key, field.value).map { Field(key: field.key, value: $0) }
        }
    }

    /// Changes the fields in place, without copying what stays; those for which `change` says false are removed.
    package mutating func filterInPlace<Failure: Error>(
        _ change: (String, inout JSONValue) throws(Failure) -> Bool
    ) throws(Failure) {
        var kept = 0
        for index in fields.indices {
            guard try change(fields[index].key, &fields[index].value) else { continue }
            if kept < index { fields.swapAt(kept, index) }
            kept += 1
        }
        fields.removeLast(fields.count - kept)
    }

    private func place(of key: String) -> (index: Int, isThere: Bool) {
        // Fields mostly come in order, when they are read from what was written here.
        guard let last = fields.last, !(last.key < key) else { return (fields.count, false) }
        var low = 0
        var high = fields.count
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return (low, low < fields.count && fields[low].key == key)
    }
}

extension JSONObject: Sequence {
    package func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }
}
