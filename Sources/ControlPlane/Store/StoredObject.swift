import KubeAPI

/// The number of a commit: one counter for the whole store, as in etcd.
package typealias Revision = Int64

/// An object as a store holds it. A copy shares the object's storage.
package struct StoredObject: Sendable {
    /// The object; its `metadata.resourceVersion` is `modRevision`.
    package let object: any KubernetesObject
    /// The commit that made the key.
    package let createRevision: Revision
    /// The last commit that wrote the key.
    package let modRevision: Revision
    /// How many times the key has been written since it was made: 1 for a new one.
    package let version: Int64

    package var key: ObjectKey { ObjectKey(of: object) }

    /// `object` as the commit `modRevision` leaves it.
    package init(_ object: any KubernetesObject, createRevision: Revision, modRevision: Revision, version: Int64) {
        var object = object
        object.metadata.resourceVersion = String(modRevision)
        self.object = object
        self.createRevision = createRevision
        self.modRevision = modRevision
        self.version = version
    }
}

/// One change of one key.
package struct StoreEvent: Sendable {
    package enum Kind: Sendable {
        case added
        case modified
        case deleted
    }

    package let kind: Kind
    /// The object after the change; for a deletion as it was last, with the deletion's revision.
    package let object: StoredObject
    /// The object before the change; nil for an addition.
    package let previous: StoredObject?

    package init(_ kind: Kind, _ object: StoredObject, previous: StoredObject?) {
        self.kind = kind
        self.object = object
        self.previous = previous
    }

    package var revision: Revision { object.modRevision }
}
