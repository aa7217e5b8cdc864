import KubeAPI

/// Paths of fields (sigs.k8s.io/structured-merge-diff `fieldpath.Set`). That a field is in the set says nothing of the
/// fields below it.
package struct FieldSet: Sendable, Hashable {
    struct Node: Sendable, Hashable {
        let element: FieldElement
        /// Whether the path that ends here is in the set.
        var isMember: Bool
        var children: FieldSet

        fileprivate var isNothing: Bool { !isMember && children.isEmpty }
    }

    /// In the order of their elements; none says nothing.
    private(set) var nodes: [Node] = []

    package init() {}

    /// The set of these paths.
    package init(_ paths: [[FieldElement]]) {
        for path in paths { insert(path[...]) }
    }

    /// The set of paths of plain fields: `metadata.name`.
    package init(fields paths: String...) {
        self.init(paths.map { $0.split(separator: ".").map { .field(String($0)) } })
    }

    package var isEmpty: Bool { nodes.isEmpty }

    /// Adds an element; one that is there already gains what this one has.
    mutating func add(_ element: FieldElement, isMember: Bool, children: FieldSet = FieldSet()) {
        let node = Node(element: element, isMember: isMember, children: children)
        guard !node.isNothing else { return }
        // Fields mostly come in order.
        if nodes.last.map({ $0.element < element }) ?? true {
            nodes.append(node)
            return
        }
        let (place, isThere) = place(of: element)
        guard isThere else {
            nodes.insert(node, at: place)
            return
        }
        if isMember { nodes[place].isMember = true }
        nodes[place].children = nodes[place].children.union(children)
    }

    private mutating func insert(_ path: ArraySlice<FieldElement>) {
        guard let element = path.first else { return }
        let rest = path.dropFirst()
        var children = FieldSet()
        children.insert(rest)
        add(element, isMember: rest.isEmpty, children: children)
    }

    /// What is in the set below an element.
    subscript(element: FieldElement) -> Node? {
        let (place, isThere) = place(of: element)
        return isThere ? nodes[place] : nil
    }

    /// Whether a path is in the set.
    package func contains(_ path: [FieldElement]) -> Bool {
        guard let element = path.first, let node = self[element] else { return false }
        return path.count == 1 ? node.isMember : node.children.contains(Array(path.dropFirst()))
    }

    private func place(of element: FieldElement) -> (index: Int, isThere: Bool) {
        var low = 0
        var high = nodes.count
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle].element < element { low = middle + 1 } else { high = middle }
        }
        return (low, low < nodes.count && nodes[low].element == element)
    }

    /// All paths, in the order in which upstream lists them: those of each level before those below.
    package var paths: [[FieldElement]] {
        nodes.filter(\.isMember).map { [$0.element] }
            + nodes.flatMap { node in node.children.paths.map { [node.element] + $0 } }
    }
}

// MARK: - Sets

extension FieldSet {
    /// The paths of either set.
    package func union(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        if isEmpty { return other }
        return combine(other) { left, right in
            guard let left else { return right }
            guard let right else { return left }
            return Node(
                element: left.element, isMember: left.isMember || right.isMember,
                children: left.children.union(right.children))
        }
    }

    /// The paths of both sets.
    package func intersection(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return FieldSet() }
        return combine(other) { left, right in
            guard let left, let right else { return nil }
            return Node(
                element: left.element, isMember: left.isMember && right.isMember,
                children: left.children.intersection(right.children))
        }
    }

    /// The paths of this set that are not in the other.
    package func subtracting(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return self }
        return combine(other) { left, right in
            guard let left else { return nil }
            guard let right else { return left }
            return Node(
                element: left.element, isMember: left.isMember && !right.isMember,
                children: left.children.subtracting(right.children))
        }
    }

    /// The paths of this set that are neither in the other nor below one of its paths.
    package func subtractingAllBelow(_ other: FieldSet) -> FieldSet {
        if isEmpty || other.isEmpty { return self }
        return combine(other) { left, right in
            guard let left else { return nil }
            guard let right else { return left }
            guard !right.isMember else { return nil }
            return Node(
                element: left.element, isMember: left.isMember,
                children: left.children.subtractingAllBelow(right.children))
        }
    }

    private func combine(_ other: FieldSet, _ join: (Node?, Node?) -> Node?) -> FieldSet {
        var result = FieldSet()
        func keep(_ node: Node?) {
            if let node, !node.isNothing { result.nodes.append(node) }
        }
        var left = 0
        var right = 0
        while left < nodes.count || right < other.nodes.count {
            let order =
                left == nodes.count
                ? 1
                : right == other.nodes.count
                    ? -1 : FieldElement.compare(nodes[left].element, other.nodes[right].element)
            keep(join(order <= 0 ? nodes[left] : nil, order >= 0 ? other.nodes[right] : nil))
            if order <= 0 { left += 1 }
            if order >= 0 { right += 1 }
        }
        return result
    }
}

// MARK: - fieldsV1

extension FieldSet {
    /// As `metadata.managedFields` writes it (meta/v1 `FieldsV1`).
    package var fieldsV1: JSONValue { .object(object(isMember: false)) }

    private func object(isMember: Bool) -> JSONObject {
        var object = JSONObject()
        if isMember, !isEmpty { object["."] = .object(JSONObject()) }
        for node in nodes {
            object[node.element.fieldsV1] = .object(node.children.object(isMember: node.isMember))
        }
        return object
    }

    /// Reads `fieldsV1`. Elements of kinds that are not known are skipped.
    ///
    /// - Throws: `FieldSetError`.
    package init(fieldsV1: JSONValue) throws(FieldSetError) {
        guard let object = fieldsV1.object else { throw FieldSetError(key: "") }
        for field in object.fields where field.key != "." {
            guard let element = try FieldElement(fieldsV1: field.key) else { continue }
            let children = try FieldSet(fieldsV1: field.value)
            // What has nothing below it is a path of its own.
            add(element, isMember: children.isEmpty || field.value["."] != nil, children: children)
        }
    }
}
