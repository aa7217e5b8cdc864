import APIMachinery
import KubeAPI
import Storage

/// What a write replaces.
package enum WrittenPart: Sendable {
    case object
    case status
    /// `spec.finalizers` of a Namespace.
    case finalizers
    /// What a binding writes of a Pod, which no rule of an update lets a client write.
    case binding
    /// `spec.ephemeralContainers` of a Pod.
    case ephemeralContainers
}

extension Registry {
    /// Replaces an object by what `change` makes of it, worked out anew whenever another write comes between.
    ///
    /// `change` gets the object as it is stored, nil where there is none and the kind lets an update make one.
    ///
    /// - Returns: what is stored then, and whether it is new.
    /// - Throws: 404 NotFound, 409 Conflict, 422 Invalid, and what `change` throws.
    package func update(
        _ kind: ServedKind, _ name: ObjectName, _ part: WrittenPart = .object,
        _ options: WriteOptions = WriteOptions(), change: (Unstructured?) throws(Status) -> Unstructured
    ) async throws(Status) -> (record: ObjectRecord, isNew: Bool) {
        for _ in 0..<Self.attemptLimit {
            guard let pair = try await pair(kind, name) else {
                guard kind.rules.strategy.createsOnUpdate || options.isApply, part == .object else {
                    throw .notFound(kind.resource, name: name.name)
                }
                do throws(Status) {
                    return (try await create(try change(nil), of: kind, options), true)
                } catch {
                    // Another write made it meanwhile.
                    if options.isApply, error.reason == "AlreadyExists" { continue }
                    throw error
                }
            }
            let old = try kind.decode(pair)
            var object = try change(old)
            try checkPreconditions(of: object, against: old, kind, name)
            let hold = try prepareUpdate(&object, replacing: old, of: kind, part, options)
            defer { withExtendedLifetime(hold) {} }
            if options.isApply { kind.ownership(of: "")?.keepTimes(&object, of: old) }
            if let record = try await commit(object, replacing: pair, old, of: kind, options) { return (record, false) }
        }
        throw .conflict(kind.resource, name: name.name)
    }

    /// - Returns: nil when another write came between.
    private func commit(
        _ object: Unstructured, replacing pair: KeyValue, _ old: Unstructured, of kind: ServedKind,
        _ options: WriteOptions
    ) async throws(Status) -> ObjectRecord? {
        let value = kind.encode(object)
        let isGone = object.isFinalized(after: old)
        if !isGone, value == pair.value { return ObjectRecord(pair) }
        if options.isDryRun { return ObjectRecord(value: value, revision: pair.modRevision) }
        let operation: Transaction.Operation = isGone ? .delete(pair.key) : .put(pair.key, value)
        let addresses = try await addressWrites(of: isGone ? nil : object, replacing: old, kind)
        do throws(StorageError) {
            let result = try await store.commit(
                Transaction(
                    if: [.unchanged(pair.key, since: pair.modRevision)] + addresses.conditions,
                    [operation] + addresses.operations))
            return ObjectRecord(value: value, revision: result.revision)
        } catch {
            if case .conflict = error { return nil }
            throw error.status
        }
    }

    /// The uid and the resource version that a write names must be those of the object.
    private func checkPreconditions(
        of object: Unstructured, against old: Unstructured, _ kind: ServedKind, _ name: ObjectName
    ) throws(Status) {
        if !object.uid.isEmpty, object.uid != old.uid {
            throw .uidDiffers(kind, name, wanted: object.uid, found: old.uid)
        }
        if object.resourceVersion.isEmpty || object.resourceVersion == "0" {
            guard !kind.rules.strategy.updatesUnconditionally else { return }
            let plural = Resource(
                group: kind.resource.group, version: "", kind: kind.resource.plural, plural: "", isNamespaced: false)
            throw .invalid(
                plural, name: name.name,
                [.invalid("metadata.resourceVersion", 0, "must be specified for an update")])
        }
        guard object.resourceVersion == old.resourceVersion else { throw .conflict(kind.resource, name: name.name) }
    }

    /// `BeforeUpdate` (registry/rest/update.go): what the server alone says stays, then the rules of the kind.
    private func prepareUpdate(
        _ object: inout Unstructured, replacing old: Unstructured, of kind: ServedKind, _ part: WrittenPart,
        _ options: WriteOptions
    ) throws(Status) -> ClaimHold? {
        Self.keepSystemFields(&object, of: old, kind)
        switch part {
        case .object: return try prepare(&object, replacing: old, of: kind, options)
        case .status:
            kind.rules.setDefaults(&object)
            kind.recordOwner(&object, replacing: old, "status", options)
            kind.rules.prepareStatus(&object, old)
            let failures = kind.rules.statusFailures(object, old)
            guard failures.isEmpty else { throw .invalid(kind.resource, name: object.name, failures) }
            return nil
        case .finalizers:
            // `namespaceFinalizeStrategy`: all but the finalizers of the spec stays as it was.
            let finalizers = object[["spec", "finalizers"]]
            object = old
            object[["spec", "finalizers"]] = finalizers?.array?.isEmpty == false ? finalizers : nil
            return nil
        case .binding: return nil
        case .ephemeralContainers:
            let containers = object[["spec", "ephemeralContainers"]]
            object = old
            object[["spec", "ephemeralContainers"]] = containers
            kind.rules.setDefaults(&object)
            kind.recordOwner(&object, replacing: old, "ephemeralcontainers", options)
            let failures = PodRules.ephemeralFailures(object, old)
            guard failures.isEmpty else { throw .invalid(kind.resource, name: object.name, failures) }
            return nil
        }
    }

    private static func keepSystemFields(_ object: inout Unstructured, of old: Unstructured, _ kind: ServedKind) {
        var metadata = object["metadata"] ?? .object(JSONObject())
        let before = old["metadata"] ?? .null
        for key in ["uid", "creationTimestamp", "generation"] { metadata[key] = before[key] }
        for key in ["deletionTimestamp", "deletionGracePeriodSeconds"] {
            if let value = before[key] { metadata[key] = value }
        }
        metadata["selfLink"] = nil
        metadata["name"] = before["name"]
        metadata["namespace"] = before["namespace"]
        object["metadata"] = metadata
        object["apiVersion"] = .string(kind.resource.apiVersion)
        object["kind"] = .string(kind.resource.kind)
    }
}

extension Unstructured {
    var deletionGracePeriodSeconds: Int? { self[["metadata", "deletionGracePeriodSeconds"]]?.integer }

    /// Whether nothing holds the object any more that was to be deleted before this write (`ShouldDeleteDuringUpdate`, and
    /// what Namespaces have beside it).
    func isFinalized(after old: Unstructured) -> Bool {
        guard finalizers.isEmpty, old["metadata"]?["deletionTimestamp"] != nil,
            (old.deletionGracePeriodSeconds ?? 0) == 0
        else { return false }
        return kind != Resource.namespaces.kind || (self[["spec", "finalizers"]]?.array ?? []).isEmpty
    }
}
