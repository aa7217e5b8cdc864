import KubeAPI

/// Writes objects of any kind as a manifest has them: adds those that are missing and replaces the others.
package struct ObjectApplier: Sendable {
    package enum Outcome: Sendable {
        case created
        case updated
        case unchanged
    }

    let store: any Store
    let services: ObjectStore<KubeAPI.Service>
    let allocator: ServiceAllocator

    package init(store: any Store, allocator: ServiceAllocator) {
        self.store = store
        self.allocator = allocator
        services = ObjectStore(store, allocator: allocator)
    }

    /// Makes the stored object what `object` says; what the server allocated and it does not mention stays.
    ///
    /// - Throws: 422 Invalid, and what the store throws.
    package func apply(_ object: any KubernetesObject) async throws(Status) -> Outcome {
        guard let object = object as? any APIObject else {
            throw Status(code: 400, reason: "BadRequest", message: "\(object.reference): this kind is not kept")
        }
        return try await replace(object)
    }

    private func replace(_ object: some APIObject) async throws(Status) -> Outcome {
        let store = objectStore(for: object)
        var object = object
        // What a manifest copied from a cluster says about another server's bookkeeping.
        object.metadata.resourceVersion = nil
        object.metadata.uid = nil
        while true {
            let name = NamespacedName(of: object)
            if let old = try await store.find(namespace: name.namespace, name: name.name) {
                do throws(Status) {
                    let new = try await store.update(object)
                    return new.metadata.resourceVersion == old.metadata.resourceVersion ? .unchanged : .updated
                } catch {
                    if error.code != 404 { throw error }
                }
            } else {
                do throws(Status) {
                    _ = try await store.create(object)
                    return .created
                } catch {
                    if error.reason != "AlreadyExists" { throw error }
                }
            }
        }
    }

    /// Removes an object; that it is gone already is fine.
    package func delete(_ key: ObjectKey) async throws(Status) {
        do {
            _ = try await store.commit(Transaction([.delete(key)]))
        } catch { throw error.status }
    }

    private func objectStore<Object: APIObject>(for object: Object) -> ObjectStore<Object> {
        (services as? ObjectStore<Object>) ?? ObjectStore(store)
    }
}
