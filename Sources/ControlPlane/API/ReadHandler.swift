import Hummingbird
import KubeAPI

/// Reads one object or a list. The store is asked for references; encoding goes on outside of it, while the answer is
/// written.
struct ReadHandler: Sendable {
    let store: any Store
    let drainLimit: Duration

    /// - Throws: `Status`: 404 NotFound, 504 for a resource version that is not reached.
    func get(
        _ resource: ServedResource, namespace: String?, name: String, _ query: RequestQuery
    ) async throws -> Response {
        if let revision = try ReadOptions.revision(query) { try await checkReached(revision) }
        let key = ObjectKey(resource.type, namespace: namespace ?? "", name: name)
        guard let found = try await store.get(key) else { throw Status.notFound(resource.resource, name: name) }
        return try .json(found.object)
    }

    /// - Throws: `Status`: 400, 410 Expired, 422, 504.
    func list(
        _ resource: ServedResource, namespace: String?, _ query: RequestQuery, _ context: APIContext
    ) async throws -> Response {
        let options = try ReadOptions(query, of: resource, isWatch: false)
        if !options.continueToken.isEmpty, let revision = options.revision, revision > 0 {
            throw Status.badRequest("specifying resource version is not allowed when using continue")
        }
        let list = try await list(resource, namespace: namespace, options)
        return ListBody(
            resource: resource.resource, list: list, showsRemaining: options.selection.isEverything,
            channel: context.channel, drainLimit: drainLimit
        ).response
    }

    /// The page that is asked for, of the objects that are selected.
    private func list(
        _ resource: ServedResource, namespace: String?, _ options: ReadOptions
    ) async throws -> ObjectList {
        let selection = options.selection
        let exact = exactRevision(options)
        if exact == nil, let revision = options.revision { try await checkReached(revision) }
        var listing = ListOptions(
            namespace: namespace, continueToken: options.continueToken.isEmpty ? nil : options.continueToken,
            revision: exact)
        // A page must be full of what is selected, which the store does not know.
        if selection.isEverything { listing.limit = options.limit }
        let list: ObjectList
        do {
            list = try await store.list(resource.type, listing)
        } catch {
            throw Self.status(error, isContinued: listing.continueToken != nil)
        }
        return selection.isEverything
            ? list : list.filtered(limit: options.limit) { selection.matches($0.object) }
    }

    /// The revision that must be shown and no other; nil for the latest.
    private func exactRevision(_ options: ReadOptions) -> Revision? {
        guard let revision = options.revision, revision > 0, options.continueToken.isEmpty else { return nil }
        switch options.match {
        case .exact: return revision
        case .notOlderThan: return nil
        // As upstream has it for clients that are older than `resourceVersionMatch`.
        case nil: return options.limit == nil ? nil : revision
        }
    }

    private func checkReached(_ revision: Revision) async throws {
        let current = try await store.revision
        guard revision <= current else { throw Status.tooLarge(revision, current: current) }
    }

    private static func status(_ error: StoreError, isContinued: Bool) -> Status {
        switch error {
        // A token of a store that has begun anew is from its future.
        case .compacted where isContinued, .future where isContinued: .continueExpired
        case .compacted: .listExpired
        case .future(let requested, let current): .tooLarge(requested, current: current)
        case .invalidContinueToken: .badRequest("invalid continue token: continue key is not valid")
        default: error.status
        }
    }
}

extension ObjectList {
    /// The objects that match, at most `limit` of them, with the token for what comes behind the last.
    fileprivate func filtered(limit: Int?, _ matches: (StoredObject) -> Bool) -> ObjectList {
        var page: [StoredObject] = []
        for object in objects where matches(object) {
            if let limit, page.count == limit {
                let next = page.last.map { ContinueToken(revision: revision, last: $0.key.namespacedName).text }
                return ObjectList(objects: page, revision: revision, continueToken: next, remainingCount: 0)
            }
            page.append(object)
        }
        return ObjectList(objects: page, revision: revision, continueToken: nil, remainingCount: 0)
    }
}
