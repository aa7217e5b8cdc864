import APIMachinery
import KubeAPI

/// Writes objects of any kind as manifests have them: adds those that are missing and changes the others.
package struct ManifestApplier: Sendable {
    package enum Outcome: Sendable {
        case created
        case updated
        case unchanged
    }

    /// Who the writes are from, in `metadata.managedFields`.
    static let fieldManager = "fairlead-manifests"

    private let registry: Registry
    let kinds: KindTable
    let catalog: SchemaCatalog
    private let options = WriteOptions(fieldManager: fieldManager)

    package init(_ registry: Registry, kinds: KindTable = .kubernetes, catalog: SchemaCatalog = .kubernetes) {
        self.registry = registry
        self.kinds = kinds
        self.catalog = catalog
    }

    /// Makes the stored object what the manifest at `path` says of it. What others have written, and the server has filled
    /// in, stays; what the manifest said before and does not say any more goes.
    ///
    /// - Throws: 422 Invalid, 404 for a namespace, and what the store throws.
    func apply(_ declared: Unstructured, _ key: ManifestKey, from path: String) async throws(Status) -> Outcome {
        let kind = try registry.kind(key.resource)
        let marked = ManifestMark.mark(declared, from: path)
        while true {
            guard let live = try await registry.find(key.resource, key.name) else {
                do throws(Status) {
                    _ = try await registry.create(marked, of: kind, options)
                } catch {
                    if error.reason == "AlreadyExists" { continue }
                    throw error
                }
                try await applyStatus(declared, kind, key, applied: nil)
                return .created
            }
            let applied = ManifestMark.applied(to: live)
            do throws(Status) {
                let written = try await registry.update(kind, key.name, .object, options) { live throws(Status) in
                    try merged(marked, applied: applied, live: live, key, without: "status")
                }
                let status = try await applyStatus(declared, kind, key, applied: applied)
                let version = status ?? written.record.resourceVersion
                return version == live.resourceVersion ? .unchanged : .updated
            } catch {
                // Deleted in between: it is added anew.
                if error.code != 404 { throw error }
            }
        }
    }

    /// There may be no kubelet to report a status: what the manifest says of it is written.
    ///
    /// - Returns: the resource version; nil where there is nothing to write.
    @discardableResult
    private func applyStatus(
        _ declared: Unstructured, _ kind: ServedKind, _ key: ManifestKey, applied: Unstructured?
    ) async throws(Status) -> String? {
        guard declared["status"] != nil || applied?["status"] != nil, kind.rules.subresources.contains("status") else {
            return nil
        }
        return try await registry.update(kind, key.name, .status, options) { live throws(Status) in
            guard var object = live else { throw .notFound(key.resource, name: key.name.name) }
            var (before, now) = (Unstructured(key.resource, name: ""), Unstructured(key.resource, name: ""))
            before["status"] = applied?["status"]
            now["status"] = declared["status"]
            let merged = try merged(now, applied: before, live: live, key, without: "metadata")
            object["status"] = merged["status"]
            return object
        }.record.resourceVersion
    }

    /// - Parameter part: left as it is.
    private func merged(
        _ declared: Unstructured, applied: Unstructured?, live: Unstructured?, _ key: ManifestKey, without part: String
    ) throws(Status) -> Unstructured {
        guard let live else { throw .notFound(key.resource, name: key.name.name) }
        let kind = GroupVersionKind(
            group: key.resource.group, version: key.resource.version, kind: key.resource.kind)
        guard let schema = catalog.schema(of: kind) else {
            throw .badRequest("\(key): this kind has no schema")
        }
        var (before, now) = (applied?.tree, declared.tree)
        before?[part] = nil
        now[part] = nil
        let tree = ThreeWayMerge(catalog).merged(applied: before, declared: now, live: live.tree, as: schema)
        do throws(DecodeError) {
            return try Unstructured(tree ?? .null)
        } catch {
            throw .badRequest("\(key): \(error)")
        }
    }

    /// Removes an object; that it is gone already is fine. A Pod whose status a manifest reported has no kubelet that would
    /// end it.
    func delete(_ key: ManifestKey) async throws(Status) {
        guard let live = try await registry.find(key.resource, key.name) else { return }
        var deletion = DeletionOptions()
        if key.resource.kind == "Pod", ManifestMark.applied(to: live)?["status"] != nil {
            deletion.gracePeriodSeconds = 0
        }
        do throws(Status) {
            try await registry.delete(key.resource, key.name, deletion)
        } catch {
            if error.code != 404 { throw error }
        }
    }

    /// What manifests have declared by the paths of the files, as the store remembers it from an earlier process.
    func declared() async throws(Status) -> [String: Set<ManifestKey>] {
        var keys: [String: Set<ManifestKey>] = [:]
        for row in kinds.rows {
            for object in try await registry.list(row.resource, namespace: nil) {
                guard let path = ManifestMark.file(of: object) else { continue }
                keys[path, default: []].insert(ManifestKey(resource: row.resource, name: object.objectName))
            }
        }
        return keys
    }
}
