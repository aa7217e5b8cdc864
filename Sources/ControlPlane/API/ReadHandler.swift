import Hummingbird
import KubeAPI
import Storage

/// Reads one object or a list. The store gives references to bytes; the answer is put together outside of it, while it is
/// written.
struct ReadHandler: Sendable {
    let registry: Registry
    let drainLimit: Duration

    private var store: any KeyValueStore { registry.store }

    /// - Throws: `Status`: 404 NotFound, 504 for a resource version that is not reached.
    func get(
        _ resource: ServedResource, _ name: ObjectName, _ request: Request, _ query: RequestQuery
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        if let revision = try ReadOptions.revision(query) { try await checkReached(revision) }
        let record = try await registry.record(resource.kind, name)
        return .json(try resource.kind.text(record, as: representation))
    }

    /// - Throws: `Status`: 400, 410 Expired, 422, 504.
    func list(
        _ resource: ServedResource, namespace: String?, _ request: Request, _ query: RequestQuery,
        _ context: APIContext
    ) async throws -> Response {
        let representation = try Representation(accept: request.headers[.accept], query)
        let options = try ReadOptions(query, of: resource, isWatch: false)
        if !options.continueToken.isEmpty, let revision = options.revision, revision > 0 {
            throw Status.badRequest("specifying resource version is not allowed when using continue")
        }
        let page = try await page(resource, namespace: namespace, options)
        return ListBody(
            kind: resource.kind, page: page, representation: representation,
            showsRemaining: options.selection.isEverything, channel: context.channel, drainLimit: drainLimit
        ).response
    }

    /// The page that is asked for, of the objects that are selected.
    func page(
        _ resource: ServedResource, namespace: String?, _ options: ReadOptions
    ) async throws(Status) -> ListPage {
        let kind = resource.kind
        let exact = exactRevision(options)
        if exact == nil, let revision = options.revision { try await checkReached(revision) }
        var request = RangeRequest(.prefix(kind.prefix(namespace: namespace)), revision: exact)
        if !options.continueToken.isEmpty {
            let token = try PageToken(options.continueToken)
            request.after = kind.keyPrefix + token.start
            request.revision = token.revision
        }
        // A page must be full of what is selected, which the store does not know.
        if options.selection.isEverything { request.limit = options.limit }
        let range: RangeResult
        do throws(StorageError) {
            range = try await store.range(request)
        } catch {
            throw Self.status(error, isContinued: request.after != nil)
        }
        return ListPage(range, of: kind, options)
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

    func checkReached(_ revision: Revision) async throws(Status) {
        guard revision > 0 else { return }
        do throws(StorageError) {
            let current = try await store.revision
            guard revision > current else { return }
            throw StorageError.future(requested: revision, current: current)
        } catch {
            throw Self.status(error, isContinued: false)
        }
    }

    private static func status(_ error: StorageError, isContinued: Bool) -> Status {
        switch error {
        // A token of a store that has begun anew is from its future.
        case .compacted where isContinued, .future where isContinued: .continueExpired
        case .compacted: .listExpired
        case .future(let requested, let current): .tooLarge(requested, current: current)
        default: error.status
        }
    }
}

/// A page of a list.
struct ListPage: Sendable {
    let pairs: [KeyValue]
    /// The revision that is shown: a watch from here misses and repeats nothing.
    let revision: Revision
    /// Nil on the last page.
    let continueToken: String?
    let remainingCount: Int

    /// The pairs of a range that are selected, at most as many as are wanted.
    init(_ range: RangeResult, of kind: ServedKind, _ options: ReadOptions) {
        let selection = options.selection
        revision = range.revision
        func token(_ pair: KeyValue?) -> String? {
            pair.map { PageToken(revision: range.revision, start: String($0.key.dropFirst(kind.keyPrefix.count))).text }
        }
        guard !selection.isEverything else {
            pairs = range.pairs
            remainingCount = range.remainingCount
            continueToken = remainingCount > 0 ? token(pairs.last) : nil
            return
        }
        var page: [KeyValue] = []
        var next: String?
        for pair in range.pairs where selection.matches(pair.key, ObjectRecord(pair)) {
            if let limit = options.limit, page.count == limit {
                next = token(page.last)
                break
            }
            page.append(pair)
        }
        pairs = page
        remainingCount = 0
        continueToken = next
    }
}
