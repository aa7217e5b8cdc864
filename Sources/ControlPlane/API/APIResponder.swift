import Exposition
import Hummingbird
import KubeAPI
import NIOCore
import Storage

/// The way of one request: path → resource table → handler. What goes wrong on it becomes a `Status`.
struct APIResponder: HTTPResponder {
    let table: ResourceTable
    let reads: ReadHandler
    let writes: WriteHandler
    let subresources: SubresourceHandler
    let reviews: ReviewHandler
    let watches: WatchHandler
    let discovery: DiscoveryHandler
    let openAPI: OpenAPIHandler
    let health: HealthHandler
    let hosts: HostRule
    let security: APISecurity

    private let metrics: APIMetrics
    private let limit: InFlightLimit
    private let requestLimit: Duration

    init(_ registry: Registry, _ configuration: APIServerConfiguration, isReady: @escaping @Sendable () -> Bool) {
        metrics = configuration.metrics ?? APIMetrics(registry)
        limit = InFlightLimit(
            readOnly: configuration.maximumRequestsInFlight, mutating: configuration.maximumMutatingRequestsInFlight)
        metrics.follow(limit)
        requestLimit = configuration.requestLimit
        table = ResourceTable(registry.kinds, metrics)
        reads = ReadHandler(registry: registry, drainLimit: configuration.drainLimit)
        writes = WriteHandler(registry: registry, reads: reads)
        subresources = SubresourceHandler(
            registry: registry, reads: reads, writes: writes, tokens: configuration.tokens)
        security = configuration.security
        reviews = ReviewHandler(security: security, tokens: configuration.tokens)
        watches = WatchHandler(store: registry.store, configuration: configuration)
        discovery = DiscoveryHandler(table: table)
        openAPI = OpenAPIHandler(registry.kinds, version: ServerVersion().gitVersion)
        health = HealthHandler(registry: registry, isReady: isReady)
        hosts = HostRule(servedAddress: configuration.address, isAuthenticated: security.isAuthenticating)
    }

    func respond(to request: Request, context: APIContext) async throws -> Response {
        let target = RequestTarget(path: request.uri.path)
        let query = RequestQuery(request.uri)
        let attributes = RequestAttributes(target, request.method, path: request.uri.path, query)
        do {
            let open = try open(request, target, attributes, query, context.channel)
            return open.end(with: try await answer(request, target, attributes, query, context))
        } catch let status as Status {
            return try Self.failure(status, to: request)
        }
    }

    /// Without a body for HEAD: a client takes what follows the head of such an answer for the next one's.
    private static func failure(_ status: Status, to request: Request) throws -> Response {
        let response = try Response.failure(status)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Lets the request in, and sets it its time.
    ///
    /// Not inlined: where it is, the optimiser of Swift 6.3 ends the request's atomic value twice, and stops with an ownership error.
    @inline(never)
    private func open(
        _ request: Request, _ target: RequestTarget, _ attributes: RequestAttributes, _ query: RequestQuery,
        _ channel: any Channel
    ) throws(Status) -> OpenRequest {
        let isApply = request.headers[.contentType]?.hasPrefix(WriteHandler.applyPatch) ?? false
        let labels = table.labels(of: attributes, target, isApply: isApply, dryRun: query["dryRun"])
        let place: InFlightLimit.Kind? =
            attributes.isLongRunning || target.isHealth ? nil : attributes.isReadOnly ? .readOnly : .mutating
        return try OpenRequest(
            labels, place, limit, metrics,
            deadline: attributes.isLongRunning
                ? nil : channel.eventLoop.scheduleTask(in: TimeAmount(requestLimit)) { channel.close(promise: nil) })
    }

    private func answer(
        _ request: Request, _ target: RequestTarget, _ attributes: RequestAttributes, _ query: RequestQuery,
        _ context: APIContext
    ) async throws -> Response {
        do {
            var context = context
            try hosts.check(request.head.authority)
            context.user = try await security.admit(attributes, request.headers, on: context.channel)
            let response = try await answer(request, target, query, context)
            return request.method == .head ? response.createHeadResponse() : response
        } catch let status as Status {
            return try Self.failure(status, to: request)
        } catch let error as StorageError {
            return try Self.failure(error.status, to: request)
        }
    }

    private func answer(
        _ request: Request, _ target: RequestTarget, _ query: RequestQuery, _ context: APIContext
    ) async throws -> Response {
        switch target {
        case .collection(let path):
            if let review = Review(path) {
                return try await reviews.answer(review, namespace: path.namespace, request, query, context)
            }
            return try await answer(try table.find(path, isObject: false), path.namespace, request, query, context)
        case .object(let path, let name):
            let resource = try table.find(path, isObject: true)
            let name = ObjectName(namespace: path.namespace ?? "", name: name)
            return try await answer(resource, name, request, query, context)
        case .subresource(let path, let name, let subresource):
            let resource = try table.find(path, isObject: true)
            let name = ObjectName(namespace: path.namespace ?? "", name: name)
            return try await subresources.answer(resource, name, subresource, request, query, context)
        default:
            guard [.get, .head].contains(request.method) else { throw Status.methodNotAllowed }
            return try await answer(target, request, query)
        }
    }

    private func answer(
        _ resource: ServedResource, _ namespace: String?, _ request: Request, _ query: RequestQuery,
        _ context: APIContext
    ) async throws -> Response {
        switch request.method {
        case .get, .head:
            if query.flag("watch") == true {
                return try await watches.watch(resource, namespace: namespace, query, request, context)
            }
            return try await reads.list(resource, namespace: namespace, request, query, context)
        case .post:
            // An object is made in a namespace, not in all of them.
            guard namespace != nil || !resource.resource.isNamespaced else { throw Status.methodNotAllowed }
            return try await writes.create(resource, namespace: namespace, request, query, context)
        case .delete:
            guard resource.resource != .namespaces, namespace != nil || !resource.resource.isNamespaced else {
                throw Status.methodNotAllowed
            }
            return try await writes.deleteCollection(resource, namespace: namespace, request, query, context)
        case .put: throw Status.methodNotSupported("update", on: resource.resource)
        case .patch: throw Status.methodNotSupported("patch", on: resource.resource)
        default: throw Status.methodNotAllowed
        }
    }

    private func answer(
        _ resource: ServedResource, _ name: ObjectName, _ request: Request, _ query: RequestQuery,
        _ context: APIContext
    ) async throws -> Response {
        switch request.method {
        case .get, .head: return try await reads.get(resource, name, request, query)
        case .put: return try await writes.update(resource, name, .object, request, query, context)
        case .patch: return try await writes.patch(resource, name, .object, request, query, context)
        case .delete: return try await writes.delete(resource, name, request, query, context)
        case .post: throw Status.methodNotSupported("create", on: resource.resource)
        default: throw Status.methodNotAllowed
        }
    }

    private func answer(
        _ target: RequestTarget, _ request: Request, _ query: RequestQuery
    ) async throws -> Response {
        switch target {
        case .health(let endpoint, let check): return try await health.answer(endpoint, check, query)
        case .metrics:
            return .text(await metrics.text(), type: MetricsRegistry.contentType)
        case .swagger: return openAPI.swagger(accept: request.headers[.accept])
        case .openAPI(let path): return try openAPI.document(path)
        default: return try discovery.answer(target, accept: request.headers[.accept])
        }
    }
}

extension RequestTarget {
    /// What a prober asks for: it is answered however much there is to do.
    fileprivate var isHealth: Bool {
        if case .health = self { return true }
        return false
    }
}
