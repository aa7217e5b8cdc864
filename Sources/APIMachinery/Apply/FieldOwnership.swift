import KubeAPI

/// Keeps track of who owns which fields of the objects of one kind, or of a subresource of it.
package struct FieldOwnership: Sendable {
    let kind: GroupVersionKind
    let subresource: String
    let schema: ObjectSchema
    let walk: FieldWalk
    /// Fields that the server resets in writes like this: nobody comes to own them.
    let ignored: FieldSet

    /// - Parameter subresource: empty for the object itself.
    /// - Parameter hasStatus: whether the kind has the subresource `status`.
    /// - Returns: nil for a kind without a schema.
    package init?(
        of kind: GroupVersionKind, subresource: String = "", hasStatus: Bool, catalog: SchemaCatalog = .kubernetes
    ) {
        guard let schema = catalog.schema(of: kind) else { return nil }
        self.kind = kind
        self.subresource = subresource
        self.schema = schema
        walk = FieldWalk(catalog: catalog)
        ignored =
            switch subresource {
            case "status": Self.resetByStatus(kind.kind)
            default: hasStatus ? Self.status : FieldSet()
            }
    }

    private static let status = FieldSet(fields: "status")

    /// What a write of the status leaves as it was (`GetResetFields` in upstream's `strategy.go`).
    private static func resetByStatus(_ kind: String) -> FieldSet {
        switch kind {
        case "Pod": FieldSet(fields: "spec", "metadata.deletionTimestamp", "metadata.ownerReferences")
        case "Deployment": FieldSet(fields: "spec", "metadata.labels")
        case "ServiceCIDR": FieldSet(fields: "spec", "metadata")
        default: FieldSet(fields: "spec")
        }
    }

    /// What every object has, and nobody owns.
    static let unowned = FieldSet(
        fields: "apiVersion", "kind", "metadata", "metadata.name", "metadata.namespace", "metadata.creationTimestamp",
        "metadata.selfLink", "metadata.uid", "metadata.clusterName", "metadata.generation", "metadata.managedFields",
        "metadata.resourceVersion")

    func writer(_ manager: String, _ operation: ManagedFields.Operation) -> ManagedFields.Writer {
        ManagedFields.Writer(
            manager: manager, operation: operation, apiVersion: kind.apiVersion, subresource: subresource)
    }
}

// MARK: - Updates

extension FieldOwnership {
    /// Makes the client own what it creates or changes. Objects whose owners nobody knows stay so; an entry that cannot be
    /// read makes all unknown. Cheap where nothing changes.
    ///
    /// - Parameter object: as it is to be stored, with the server's defaults. A client may have changed its
    ///   `managedFields`, too: one empty entry there drops all.
    /// - Parameter old: nil for a new object.
    package func update(_ object: inout Unstructured, replacing old: Unstructured?, manager: String, time: Timestamp) {
        let sent = object.managedFields
        let known = old?.managedFields
        var managed = ManagedFields()
        var stored: JSONValue?
        if subresource.isEmpty, sent != known, sent?.isReset == true {
            // The client wants nobody to own anything.
        } else if subresource.isEmpty, sent != known, let given = try? ManagedFields(sent), !given.entries.isEmpty {
            managed = given
        } else {
            stored = known
        }
        // Both have the same, so that the comparison does not go into it.
        object.managedFields = known
        let empty = JSONValue.object(JSONObject())
        let changes = walk.changes(from: old?.tree ?? empty, to: object.tree, schema).ignoring(ignored)
        if changes.isEmpty, stored != nil { return }
        if stored != nil { managed = (try? ManagedFields(stored)) ?? ManagedFields() }
        if old != nil, managed.entries.isEmpty {
            object.managedFields = nil
            return
        }
        record(changes, in: &managed, manager, time)
        object.managedFields = managed.json
    }

    /// What the changes make of the entries; more than a few clients that update become one.
    func record(_ changes: FieldChanges, in managed: inout ManagedFields, _ manager: String, _ time: Timestamp) {
        let written = changes.written
        managed.entries = managed.entries.compactMapValues { lessening($0, by: written, changes.removed) }
        let own = written.subtracting(Self.unowned)
        if !own.isEmpty {
            let writer = writer(manager, .update)
            let before = managed.entries[writer]?.fields ?? FieldSet()
            managed.entries[writer] = ManagedFields.Entry(
                apiVersion: kind.apiVersion, time: time.wholeSeconds, fields: own.union(before))
        }
        managed.limitUpdaters()
    }

    /// What is left of an entry when others take fields, and others are gone; nil for nothing, and for fields of a version
    /// that is not served.
    func lessening(
        _ entry: ManagedFields.Entry, by taken: FieldSet, _ removed: FieldSet
    ) -> ManagedFields.Entry? {
        guard entry.apiVersion == kind.apiVersion else { return nil }
        var entry = entry
        entry.fields = entry.fields.subtracting(taken).subtracting(removed)
        return entry.fields.isEmpty ? nil : entry
    }

    /// Takes the times of the last write's entries where nothing else has changed, so that it need not be stored.
    package func keepTimes(_ object: inout Unstructured, of old: Unstructured) {
        let (new, known) = (object.managedFields, old.managedFields)
        guard new != known, let first = try? ManagedFields(new), let second = try? ManagedFields(known) else { return }
        guard first.entries.mapValues(\.fields) == second.entries.mapValues(\.fields) else { return }
        object.managedFields = known
        if object.withoutVersion != old.withoutVersion { object.managedFields = new }
    }
}

extension Unstructured {
    /// `metadata.managedFields`.
    package var managedFields: JSONValue? {
        get { tree.object?["metadata"]?.object?["managedFields"] }
        set {
            if newValue != nil || managedFields != nil { self[["metadata", "managedFields"]] = newValue }
        }
    }

    fileprivate var withoutVersion: Unstructured {
        var object = self
        object.resourceVersion = ""
        return object
    }
}

extension JSONValue {
    /// An empty list, or one empty entry.
    fileprivate var isReset: Bool {
        guard let items = array else { return false }
        return items.isEmpty || items.count == 1 && items[0].isEmpty
    }
}
