import KubeAPI

/// What the API server keeps and drops of a write, as the strategies of most kinds do it (upstream's
/// pkg/registry/…/strategy.go).
package enum Preparation {
    /// What a change of counts as a change of what is wished, so that `metadata.generation` grows.
    struct Wish: OptionSet, Sendable {
        let rawValue: Int
        static let spec = Wish(rawValue: 1)
        static let annotations = Wish(rawValue: 2)
        static let labels = Wish(rawValue: 4)
        /// All first-level fields but the metadata (EndpointSlices).
        static let everything = Wish(rawValue: 8)
    }

    /// A write of the object: a new one starts with the status `first`, an old one keeps its own. The generation is counted
    /// by the server alone: it starts with 1 and grows with a change of `wish`; kinds without a wish have none.
    ///
    /// - Parameter first: nil for kinds whose status is no matter of their own subresource.
    static func write(
        _ object: inout Unstructured, _ old: Unstructured?, first: JSONValue? = .object(JSONObject()), wish: Wish = []
    ) {
        guard let old else {
            if let first { object["status"] = first }
            if !wish.isEmpty { object.generation = 1 }
            return
        }
        if first != nil { object["status"] = old["status"] }
        object.generation = old.generation + (differs(object, old, in: wish) ? 1 : 0)
    }

    /// A write of `status`: whatever else the object has stays as it was, but for labels and annotations.
    package static func status(_ object: inout Unstructured, _ old: Unstructured) {
        let status = object["status"]
        let metadata = object["metadata"]
        object = old
        object["status"] = status
        if let metadata { object["metadata"] = metadata }
        object.generation = old.generation
    }

    /// As `status`, and the metadata stays as it was, too, but for who manages which field (`ResetObjectMetaForStatus`).
    static func statusAlone(_ object: inout Unstructured, _ old: Unstructured) {
        var next = old
        next["status"] = object["status"]
        next.resourceVersion = object.resourceVersion
        next[["metadata", "managedFields"]] = object.metadata["managedFields"]
        object = next
    }

    private static func differs(_ object: Unstructured, _ old: Unstructured, in wish: Wish) -> Bool {
        func changes(_ path: String...) -> Bool { !(object[path] ?? .null).says(theSameAs: old[path]) }
        if wish.contains(.spec), changes("spec") { return true }
        if wish.contains(.annotations), changes("metadata", "annotations") { return true }
        if wish.contains(.labels), changes("metadata", "labels") { return true }
        guard wish.contains(.everything) else { return false }
        let keys = Set((object.tree.object?.keys ?? []) + (old.tree.object?.keys ?? []))
        return keys.subtracting(["metadata"]).contains { changes($0) }
    }
}
