import KubeAPI

/// What a list asks for.
package struct ListOptions: Sendable {
    /// Nil for all namespaces.
    package var namespace: String?
    /// At most so many objects; nil for all.
    package var limit: Int?
    /// The token that the page before gave.
    package var continueToken: String?
    /// The state as of this revision; nil for the latest.
    package var revision: Revision?

    package init(
        namespace: String? = nil, limit: Int? = nil, continueToken: String? = nil, revision: Revision? = nil
    ) {
        self.namespace = namespace
        self.limit = limit
        self.continueToken = continueToken
        self.revision = revision
    }
}

/// Objects of one kind, ordered by namespace and name.
package struct ObjectList: Sendable {
    package let objects: [StoredObject]
    /// The revision that the list shows: a watch from here misses and repeats nothing.
    package let revision: Revision
    /// Nil on the last page.
    package let continueToken: String?
    /// How many objects come after this page.
    package let remainingCount: Int
}

/// Where the next page of a list begins: after `last`, at `revision`.
struct ContinueToken: Equatable {
    let revision: Revision
    let last: NamespacedName

    init(revision: Revision, last: NamespacedName) {
        self.revision = revision
        self.last = last
    }

    /// - Throws: `StoreError.invalidContinueToken`.
    init(_ text: String) throws(StoreError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let revision = Revision(parts[0]), !parts[2].isEmpty else {
            throw .invalidContinueToken(text)
        }
        self.init(revision: revision, last: NamespacedName(namespace: String(parts[1]), name: String(parts[2])))
    }

    var text: String { "\(revision)/\(last.namespace)/\(last.name)" }
}
