import APIMachinery
import KubeAPI
import Storage

/// What a deletion has done.
package enum Deletion: Sendable {
    /// The object is gone; this is what it was last.
    case done(ObjectRecord, uid: String)
    /// The object is marked, and stays until its finalizers and its grace period are over.
    case pending(ObjectRecord)
    /// Its grace period was running already: nothing has changed.
    case unchanged(ObjectRecord, uid: String)
}

extension Registry {
    /// Deletes an object, or marks it for those who have to do something first.
    ///
    /// - Throws: 403 for namespaces that must stay, 404 NotFound, 409 Conflict for preconditions, 422 Invalid.
    package func delete(
        _ kind: ServedKind, _ name: ObjectName, _ options: DeletionOptions, _ write: WriteOptions = WriteOptions()
    ) async throws(Status) -> Deletion {
        if kind.resource == .namespaces { try Self.checkNamespaceMayGo(name) }
        for _ in 0..<Self.attemptLimit {
            guard let pair = try await pair(kind, name) else { throw .notFound(kind.resource, name: name.name) }
            let old = try kind.decode(pair)
            try Self.checkPreconditions(options, against: old, kind)
            var object = old
            let step = kind.resource == .namespaces ? object.endNamespace(options) : object.end(options, kind.rules)
            let operation: Transaction.Operation
            let value: [UInt8]
            switch step {
            case .wait: return .unchanged(ObjectRecord(pair), uid: old.uid)
            case .remove:
                (value, operation) = (pair.value, .delete(pair.key))
            case .mark:
                value = kind.encode(object)
                if value == pair.value { return .pending(ObjectRecord(pair)) }
                operation = .put(pair.key, value)
            }
            let addresses =
                step == .remove ? try await addressWrites(of: nil, replacing: old, kind) : Transaction([])
            do throws(StorageError) {
                let revision =
                    write.isDryRun
                    ? pair.modRevision
                    : try await store.commit(
                        Transaction(
                            if: [.unchanged(pair.key, since: pair.modRevision)] + addresses.conditions,
                            [operation] + addresses.operations)
                    ).revision
                let record = ObjectRecord(value: value, revision: revision)
                return step == .mark ? .pending(record) : .done(record, uid: old.uid)
            } catch {
                guard case .conflict = error else { throw error.status }
            }
        }
        throw .conflict(kind.resource, name: name.name)
    }

    /// admission/plugin/namespace/lifecycle.
    private static func checkNamespaceMayGo(_ name: ObjectName) throws(Status) {
        guard ["default", "kube-system", "kube-public"].contains(name.name) else { return }
        throw .forbidden(.namespaces, name: name.name, "this namespace may not be deleted")
    }

    static func checkPreconditions(
        _ options: DeletionOptions, against object: Unstructured, _ kind: ServedKind
    ) throws(Status) {
        // Upstream names the kind here where it names the resource elsewhere.
        let resource = Resource(
            group: kind.resource.group, version: "", kind: kind.resource.kind, plural: kind.resource.kind,
            isNamespaced: true)
        if let uid = options.uid, uid != object.uid {
            throw .conflict(
                resource, name: object.name,
                cause: "the UID in the precondition (\(uid)) does not match the UID in record (\(object.uid)). "
                    + "The object might have been deleted and then recreated")
        }
        if let version = options.resourceVersion, version != object.resourceVersion {
            throw .conflict(
                resource, name: object.name,
                cause: "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in "
                    + "record (\(object.resourceVersion)). The object might have been modified")
        }
    }
}

// MARK: - What a deletion makes of an object

private enum DeletionStep {
    /// The object goes now.
    case remove
    /// The object is written with what is marked in it.
    case mark
    /// It is marked as it should be.
    case wait
}

extension Unstructured {
    private static let orphan = "orphan"
    private static let foreground = "foregroundDeletion"

    /// The next step of a deletion (registry/rest/delete.go, registry/generic/registry/store.go).
    fileprivate mutating func end(_ options: DeletionOptions, _ rules: KindRules) -> DeletionStep {
        let now = Timestamp.now.wholeSeconds
        var isGraceful = false
        if rules.strategy.deletesGracefully {
            switch beginGracePeriod(options, now) {
            case .wait: return .wait
            case .mark: isGraceful = true
            case .remove: break
            }
        }
        setFinalizers(options, rules.strategy)
        if isGraceful { return .mark }
        guard !finalizers.isEmpty else { return .remove }
        if self["metadata"]?["deletionTimestamp"] == nil, generation > 0 { generation += 1 }
        if deletionTimestamp.map({ $0 > now }) ?? true { deletionTimestamp = now }
        self[["metadata", "deletionGracePeriodSeconds"]] = 0
        return .mark
    }

    /// `BeforeDelete`: `mark` where the object is given time.
    private mutating func beginGracePeriod(_ options: DeletionOptions, _ now: Timestamp) -> DeletionStep {
        let requested = options.gracePeriodSeconds.map { $0 < 0 ? 1 : $0 }
        guard let end = deletionTimestamp else {
            let period = PodRules.gracePeriodSeconds(self, requested: requested)
            guard period > 0 else { return .remove }
            deletionTimestamp = now.adding(seconds: period)
            self[["metadata", "deletionGracePeriodSeconds"]] = JSONValue(period)
            if generation > 0 { generation += 1 }
            return .mark
        }
        guard let running = deletionGracePeriodSeconds, running != 0 else { return .remove }
        // Only a shorter time may be asked for.
        guard let requested, requested < running else { return .wait }
        var newEnd = end.adding(seconds: requested - running)
        var period = requested
        if newEnd < now {
            newEnd = now
            if period != 0 { period = 1 }
        }
        deletionTimestamp = newEnd
        self[["metadata", "deletionGracePeriodSeconds"]] = JSONValue(period)
        // Without any time left nobody is waited for.
        return period > 0 ? .mark : .remove
    }

    /// The finalizers that the garbage collector answers to.
    private mutating func setFinalizers(_ options: DeletionOptions, _ strategy: KindRules.Strategy) {
        let propagation =
            options.propagation
            ?? (finalizers.contains(Self.orphan)
                ? .orphan : finalizers.contains(Self.foreground) ? .foreground : strategy.propagation)
        var wanted = finalizers.filter { $0 != Self.orphan && $0 != Self.foreground }
        if propagation == .orphan { wanted.append(Self.orphan) }
        if propagation == .foreground { wanted.append(Self.foreground) }
        if Set(wanted) != Set(finalizers) { finalizers = wanted }
    }

    /// The next step of a Namespace's deletion (pkg/registry/core/namespace/storage): its contents go first.
    fileprivate mutating func endNamespace(_ options: DeletionOptions) -> DeletionStep {
        guard deletionTimestamp == nil else {
            guard (self[["spec", "finalizers"]]?.array ?? []).isEmpty else { return .wait }
            return finalizers.isEmpty ? .remove : .wait
        }
        deletionTimestamp = Timestamp.now.wholeSeconds
        self[["status", "phase"]] = "Terminating"
        if let propagation = options.propagation {
            var wanted = finalizers.filter { $0 != Self.orphan && $0 != Self.foreground }
            if propagation == .orphan { wanted.append(Self.orphan) }
            if propagation == .foreground { wanted.append(Self.foreground) }
            finalizers = wanted
        }
        return .mark
    }
}

extension Timestamp {
    fileprivate func adding(seconds: Int) -> Timestamp {
        Timestamp(microsecondsSinceEpoch: microsecondsSinceEpoch + Int64(seconds) * 1_000_000)
    }
}
