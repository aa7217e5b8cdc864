import APIMachinery
import KubeAPI
import Storage

/// The API for the parts of this process.
extension Registry: ObjectClient {
    package func get(_ resource: Resource, _ name: ObjectName) async throws(Status) -> Unstructured {
        let kind = try kind(resource)
        return try kind.decode(try await record(kind, name))
    }

    package func list(_ resource: Resource, namespace: String?) async throws(Status) -> [Unstructured] {
        let kind = try kind(resource)
        let pairs: [KeyValue]
        do throws(StorageError) {
            pairs = try await store.range(RangeRequest(.prefix(kind.prefix(namespace: namespace)))).pairs
        } catch {
            throw error.status
        }
        var objects: [Unstructured] = []
        objects.reserveCapacity(pairs.count)
        for pair in pairs { objects.append(try kind.decode(pair)) }
        return objects
    }

    package func create(_ object: Unstructured, in resource: Resource) async throws(Status) -> Unstructured {
        let kind = try kind(resource)
        return try kind.decode(try await create(object, of: kind))
    }

    package func update(
        _ object: Unstructured, in resource: Resource, subresource: String?
    ) async throws(Status) -> Unstructured {
        let kind = try kind(resource)
        let part: WrittenPart
        switch subresource {
        case nil: part = .object
        case "status": part = .status
        case "finalize" where resource == .namespaces: part = .finalizers
        default:
            throw Status(code: 404, reason: "NotFound", message: "the server could not find the requested resource")
        }
        let result = try await update(kind, object.objectName, part) { _ in object }
        return try kind.decode(result.record)
    }

    package func delete(_ resource: Resource, _ name: ObjectName, _ options: DeletionOptions) async throws(Status) {
        _ = try await delete(try kind(resource), name, options)
    }

    package func follow(
        _ resource: Resource, sink: @escaping @Sendable (ObjectChange) -> Void
    ) async throws(Status) -> FollowRegistration {
        let kind = try kind(resource)
        do throws(StorageError) {
            let registration = try await store.watch(prefix: kind.keyPrefix, from: .existingPairs) { event in
                sink(ObjectChange(event, of: kind))
                return .more
            }
            return FollowRegistration { registration.cancel() }
        } catch {
            throw error.status
        }
    }
}

extension ObjectChange {
    init(_ event: StorageEvent, of kind: ServedKind) {
        let change: Kind =
            switch event.kind {
            case .added: .added
            case .modified: .modified
            case .deleted: .deleted
            }
        self.init(
            change, name: kind.name(ofKey: event.pair.key),
            object: { try? kind.decode(event.pair) },
            previous: { event.previous.flatMap { try? kind.decode($0) } })
    }
}
