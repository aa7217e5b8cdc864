import KubeAPI

extension FieldOwnership {
    /// What kubectl keeps of the last configuration that it applied itself.
    private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
    /// What a client calls itself that kubectl's users can trust to know that annotation.
    private static let kubectl = "kubectl"
    private static let annotationLimitBytes = 256 << 10

    /// Makes of an object what a client wants of it: sets what the configuration says, and removes what the client wanted
    /// before and nobody wants any more.
    ///
    /// - Parameter configuration: all that the client wants, as it sent it.
    /// - Parameter live: nil where the object is to be made.
    /// - Parameter force: takes fields that others own, and that the configuration sets to something else.
    /// - Returns: `live` itself where nothing changes.
    /// - Throws: 409 Conflict with a cause for each field that others own; 400 and 500 in upstream's words for a
    ///   configuration that is none of this kind.
    package func apply(
        _ configuration: JSONValue, to live: Unstructured?, manager: String, force: Bool, time: Timestamp
    ) throws(Status) -> Unstructured {
        try check(configuration)
        var managed: ManagedFields
        do throws(ManagedFieldsError) {
            managed = try ManagedFields(live?.managedFields)
        } catch {
            throw Status(code: 500, reason: "", message: "failed to decode managed fields: \(error)")
        }
        if let live, managed.entries.isEmpty {
            let changes = walk.changes(from: .object(JSONObject()), to: live.tree, schema).ignoring(ignored)
            record(changes, in: &managed, "before-first-apply", time)
        }
        let attempt = Attempt(configuration: configuration, live: live, managed: managed, manager: manager, time: time)
        var result: Unstructured
        do throws(ApplyFailure) {
            do throws(ApplyFailure) {
                result = try apply(attempt, force: force)
            } catch {
                guard case .conflicts(let conflicts) = error, manager == Self.kubectl, let live else { throw error }
                let allowed = lastAppliedFields(of: live)
                let left = conflicts.filter { !allowed.contains($0.path) }
                guard left.isEmpty else { throw .conflicts(left) }
                result = try apply(attempt, force: true)
            }
        } catch {
            throw error.status
        }
        if manager == Self.kubectl { keepLastApplied(configuration, in: &result) }
        return result
    }

    /// One try to apply, with or without force.
    private struct Attempt {
        let configuration: JSONValue
        let live: Unstructured?
        let managed: ManagedFields
        let manager: String
        let time: Timestamp
    }

    private func apply(_ attempt: Attempt, force: Bool) throws(ApplyFailure) -> Unstructured {
        let live = attempt.live?.tree ?? .object(JSONObject())
        let own = writer(attempt.manager, .apply)
        var managed = attempt.managed
        let last = managed.entries[own]
        let wanted = walk.fieldSet(of: attempt.configuration, schema).subtractingAllBelow(ignored)
        managed.entries[own] = ManagedFields.Entry(apiVersion: kind.apiVersion, time: last?.time, fields: wanted)

        var tree = walk.merge(attempt.configuration, into: live, schema)
        if let last { tree = prune(tree, last.fields, managed) }
        let merged = tree
        do throws(SchemaCheck.TypeFailure) {
            _ = try SchemaCheck.normalise(&tree, as: schema, in: walk.catalog)
        } catch {
            throw .invalid(
                "failed to convert new typed object (\(attempt.configuration.objectTitle(kind))) to object: \(error)")
        }

        let all = changes(from: live, to: merged, written: tree)
        let changes = all.ignoring(ignored)
        let written = changes.written
        if !force {
            let conflicts = conflicts(with: managed, own, written)
            guard conflicts.isEmpty else { throw .conflicts(conflicts) }
        }
        for (writer, entry) in managed.entries where writer != own {
            managed.entries[writer] = lessening(entry, by: written, changes.removed)
        }
        let fields = wanted.subtracting(Self.unowned)
        managed.entries[own]?.fields = fields
        if fields.isEmpty {
            managed.entries[own] = nil
        } else if !changes.isEmpty || fields != last?.fields || attempt.live == nil {
            managed.entries[own]?.time = attempt.time.wholeSeconds
        }
        // What differs only in how it is written does not differ; the order of lists does.
        if let live = attempt.live, all.isEmpty, tree.saysTheSame(as: live.tree, in: walk, schema) {
            var same = live
            if managed != attempt.managed || live.managedFields == nil { same.managedFields = managed.json }
            return same
        }
        guard var object = try? Unstructured(tree) else { throw .invalid("expected an object") }
        object.managedFields = managed.json
        return object
    }

    /// What is to change, as the configuration says it: what it sets to null changes, and what loses all that was in it is
    /// still there. But what it only writes in another way, such as `1000m` for `1`, does not change.
    private func changes(from live: JSONValue, to merged: JSONValue, written tree: JSONValue) -> FieldChanges {
        var changes = walk.changes(from: live, to: merged, schema)
        guard !changes.modified.isEmpty else { return changes }
        let stored = walk.changes(from: live, to: tree, schema)
        changes.modified = changes.modified.intersection(stored.modified.union(stored.removed))
        return changes
    }

    /// Removes what the client owned before, unless it or somebody else still does. What stands in something that goes and
    /// belongs to nobody, such as a default in an entry of a list, goes with it
    /// (sigs.k8s.io/structured-merge-diff `merge/update.go`).
    private func prune(_ merged: JSONValue, _ last: FieldSet, _ managed: ManagedFields) -> JSONValue {
        guard !last.isEmpty else { return merged }
        let gone = walk.withParents(last, schema)
        var owned = FieldSet()
        for entry in managed.entries.values where entry.apiVersion == kind.apiVersion {
            owned = owned.union(entry.fields)
        }
        owned = walk.withParents(owned, schema)
        let all = walk.withParents(walk.fieldSet(of: merged, schema), schema)
        func kept(of tree: JSONValue) -> FieldSet { walk.withParents(walk.fieldSet(of: tree, schema), schema) }
        let stripped = kept(of: walk.removing(gone, from: merged, schema))
        let withOwned = walk.removing(all.subtracting(stripped.union(owned)), from: merged, schema)
        return walk.removing(all.subtracting(kept(of: withOwned)).intersection(gone), from: merged, schema)
    }

    private func check(_ configuration: JSONValue) throws(Status) {
        let group = GroupVersionKind(of: configuration, orElse: GroupVersionKind(group: "", version: "", kind: ""))
        guard group == kind else { throw .badRequest("invalid object type: \(group.goDescription)") }
        guard configuration["metadata"]?["managedFields"] == nil else {
            throw .badRequest("metadata.managedFields must be nil")
        }
        do throws(ConfigurationErrors) {
            try walk.check(configuration, schema)
        } catch {
            throw Status(
                code: 500, reason: "",
                message: "failed to create typed patch object (\(configuration.objectTitle(kind))): \(error)")
        }
    }
}

// MARK: - Conflicts

extension FieldOwnership {
    /// A field that somebody else owns and that is to change.
    fileprivate struct Conflict {
        let writer: ManagedFields.Writer
        let path: [FieldElement]
    }

    fileprivate enum ApplyFailure: Error {
        case conflicts([Conflict])
        case invalid(String)

        var status: Status {
            switch self {
            case .conflicts(let conflicts): .conflict(conflicts)
            case .invalid(let message): Status(code: 500, reason: "", message: message)
            }
        }
    }

    private func conflicts(
        with managed: ManagedFields, _ own: ManagedFields.Writer, _ written: FieldSet
    ) -> [Conflict] {
        managed.entries.filter { $0.key != own && $0.value.apiVersion == kind.apiVersion }
            .sorted { $0.key.title < $1.key.title }
            .flatMap { writer, entry in
                entry.fields.intersection(written).paths.map { Conflict(writer: writer, path: $0) }
            }
    }

    /// The fields that kubectl's own annotation shows to be as kubectl last wanted them: it may take those over.
    private func lastAppliedFields(of live: Unstructured) -> FieldSet {
        guard let text = live.annotations[Self.lastApplied], let last = try? JSONValue(json: Array(text.utf8)),
            last["apiVersion"]?.string == kind.apiVersion
        else { return FieldSet() }
        let changes = walk.changes(from: last, to: live.tree, schema)
        return walk.fieldSet(of: last, schema).subtracting(changes.modified).subtracting(changes.added)
            .subtracting(changes.removed)
    }

    /// kubectl's annotation follows, where it is there, for users that go back to what kubectl did before.
    private func keepLastApplied(_ configuration: JSONValue, in object: inout Unstructured) {
        guard object.annotations[Self.lastApplied]?.isEmpty == false else { return }
        var configuration = configuration
        if configuration["metadata"]?["annotations"]?[Self.lastApplied] != nil {
            configuration[["metadata", "annotations", Self.lastApplied]] = nil
        }
        object.annotations[Self.lastApplied] = String(decoding: configuration.json, as: UTF8.self) + "\n"
        let size = object.annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if size > Self.annotationLimitBytes { object.annotations[Self.lastApplied] = nil }
    }
}

extension ManagedFields.Writer {
    /// `"kubectl-client-side-apply" using apps/v1`.
    fileprivate var title: String {
        let name =
            "\"\(manager.quotable)\"" + (subresource.isEmpty ? "" : " with subresource \"\(subresource.quotable)\"")
        return operation == .update ? "\(name) using \(apiVersion)" : name
    }
}

extension Status {
    /// 409, as kubectl shows it.
    fileprivate static func conflict(_ conflicts: [FieldOwnership.Conflict]) -> Status {
        func text(_ path: [FieldElement]) -> String { path.map(\.description).joined() }
        var lines: [String] = []
        for (index, conflict) in conflicts.enumerated() {
            if index == 0 || conflicts[index - 1].writer != conflict.writer {
                lines.append("conflicts with \(conflict.writer.title):")
            }
            lines.append("- \(text(conflict.path))")
        }
        let message =
            conflicts.count == 1
            ? "Apply failed with 1 conflict: conflict with \(conflicts[0].writer.title): \(text(conflicts[0].path))"
            : "Apply failed with \(conflicts.count) conflicts: \(lines.joined(separator: "\n"))"
        var status = Status(code: 409, reason: "Conflict", message: message)
        status.details = Details(
            causes: conflicts.map {
                Cause(
                    field: text($0.path), message: "conflict with \($0.writer.title)", reason: "FieldManagerConflict")
            })
        return status
    }
}

extension GroupVersionKind {
    /// `apps/v1, Kind=Deployment`.
    fileprivate var goDescription: String { "\(group)/\(version), Kind=\(kind)" }
}

extension JSONValue {
    /// `default/web; apps/v1, Kind=Deployment`.
    fileprivate func objectTitle(_ kind: GroupVersionKind) -> String {
        let metadata = self["metadata"] ?? .null
        return "\(metadata.text("namespace"))/\(metadata.text("name")); \(kind.goDescription)"
    }

    /// Whether two trees are written the same way once they are normalised.
    fileprivate func saysTheSame(as live: JSONValue, in walk: FieldWalk, _ schema: ObjectSchema) -> Bool {
        if self == live { return true }
        var live = live
        _ = try? SchemaCheck.normalise(&live, as: schema, in: walk.catalog)
        return self == live
    }
}
