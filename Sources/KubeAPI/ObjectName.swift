/// The namespace and name of an object, whose kind is known from the place.
package struct ObjectName: Hashable, Sendable, Comparable {
    /// Empty for cluster-scoped objects.
    package let namespace: String
    package let name: String

    package init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    package init(_ metadata: ObjectMeta) {
        self.init(namespace: metadata.namespace, name: metadata.name)
    }

    /// "Service default/web", for people.
    package func reference(kind: String) -> String { "\(kind) \(namespace.isEmpty ? name : "\(namespace)/\(name)")" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }
}

extension ObjectName: CustomStringConvertible {
    /// `default/web`, or `web` without a namespace.
    package var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}
